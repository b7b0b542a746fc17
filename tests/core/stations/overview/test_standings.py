"""How a round stands: by branches of the tree, in lists, in figures, and taken out row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from core import audit, stations
from core.app import App
from core.errors import Conflict, Denied, Invalid, NotFound
from core.registry.tables import Unit
from core.stations.rules.schedule import open_quarters
from core.stations.tables import Obligation
from core.work import System
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import Network, a_network, somebody_of

QUARTER = "2026Q3"
SIGNED = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)

# state, nil, late, signed: what became of it
ANSWERS = {
    ("signed", False, False, True): "filed",
    ("reviewed", True, False, True): "nil",
    ("locked", True, True, True): "late",
    ("heard", False, True, True): "late",
    ("submitted", True, True, False): "to_sign",
    ("returned", False, False, False): "returned",
    ("scheduled", False, False, False): "owed",
    ("prompted", False, False, False): "owed",
    ("draft", False, False, False): "owed",
    ("missing", False, False, False): "missing",
    ("excused", False, False, False): "excused",
}


@dataclass(frozen=True)
class Places:
    """Two townships: above the network's station, and above one committee with two stations."""

    network: Network
    near: UUID
    far: UUID
    committee: UUID
    others: tuple[UUID, UUID]

    async def stand(self, stood: Mapping[UUID, tuple[str, bool, bool, bool]]) -> None:
        async with self.network.desk.work(System("desk"), "console") as work:
            for station_id, (state, is_nil, is_late, is_signed) in stood.items():
                values = {"state": state, "is_nil": is_nil, "is_late": is_late}
                values |= {"signed_at": SIGNED, "submitted_at": SIGNED} if is_signed else {}
                await work.session.execute(
                    update(Obligation).where(Obligation.station_id == station_id).values(**values)
                )


@pytest.fixture
async def places(desk: App, intake: App, clock: FixedClock) -> Places:
    clock.move(datetime(2026, 9, 29, 2, 0, tzinfo=UTC) - clock.now())
    network = await a_network(desk, intake)
    near, far = await a_unit(desk), await a_unit(desk)
    async with desk.work(System("desk"), "console") as work:
        await work.session.execute(update(Unit).where(Unit.id == network.station_id).values(parent_id=near))
    committee = await a_unit(desk, "residents_committee", parent_id=far)
    others = tuple([await a_unit(desk, "liaison_station", parent_id=committee) for _ in range(2)])
    await network.do(lambda work: stations.open_round(work, QUARTER))
    return Places(network, near, far, committee, (others[0], others[1]))


@pytest.mark.parametrize(("stood", "answer"), ANSWERS.items())
async def test_every_obligation_is_in_the_one_list_that_tells_how_it_was_answered(
    places: Places, stood: tuple[str, bool, bool, bool], answer: str
) -> None:
    await places.stand({places.network.station_id: stood})
    found = []
    for what in stations.Answer:
        page = await places.network.do(lambda work, what=what: stations.listed(work, QUARTER, what, under=places.near))  # type: ignore[misc]
        found += [str(what) for _ in page.listed]
        assert page.counts == {answer: 1}
    assert found == [answer]


async def test_each_branch_counts_the_stations_below_it_at_any_depth(places: Places) -> None:
    first, second = places.others
    await places.stand({first: ("signed", True, False, True), second: ("missing", False, False, False)})
    await places.network.paired()
    found = await places.network.do(lambda work: stations.tree(work, QUARTER))
    boughs = {each.unit.id: each for each in found.boughs}
    assert set(boughs) == {places.near, places.far}
    assert boughs[places.near].counts == {"obliged": 1, "owed": 1}
    assert boughs[places.far].counts == {"obliged": 2, "nil": 1, "missing": 1}
    assert found.counts == {"obliged": 3, "owed": 1, "nil": 1, "missing": 1}
    (committee,) = boughs[places.far].children
    assert committee.counts == boughs[places.far].counts
    assert {each.stand.answer for each in committee.children if each.stand} == {"nil", "missing"}


async def test_a_tree_that_is_too_wide_is_shown_level_by_level_and_from_any_branch(places: Places) -> None:
    found = await places.network.do(lambda work: stations.tree(work, QUARTER, most=2))
    assert [(each.has_more, list(each.children)) for each in found.boughs] == [(True, []), (True, [])]
    below = await places.network.do(lambda work: stations.tree(work, QUARTER, under=places.far, most=1))
    assert [each.id for each in below.path] == [places.far]
    assert [(each.unit.id, each.has_more) for each in below.boughs] == [(places.committee, True)]
    assert below.counts["obliged"] == 2
    with pytest.raises(NotFound, match="unit_unknown"):
        await places.network.do(lambda work: stations.tree(work, QUARTER, under=uuid4()))
    with pytest.raises(NotFound, match="round_unknown"):
        await places.network.do(lambda work: stations.tree(work, "2026Q2"))


async def test_out_of_reach_is_a_station_that_owes_and_where_no_message_reaches_who_fills_in(places: Places) -> None:
    network, (first, second) = places.network, places.others
    await somebody_of(network.desk, first, "station_head", "站长")  # signs, and fills nothing in
    await places.stand({second: ("excused", False, False, False)})

    async def silent() -> set[UUID]:
        page = await network.do(lambda work: stations.listed(work, QUARTER, "unreachable"))
        counted = (await network.do(lambda work: stations.tree(work, QUARTER))).counts
        assert counted.get("unreachable", 0) == len(page.listed)
        return {each.station.id for each in page.listed}

    assert await silent() == {network.station_id, first}
    await network.paired()
    assert await silent() == {first}


async def test_a_list_says_for_whom_each_record_waits_and_goes_on_page_by_page(places: Places) -> None:
    network, (first, second) = places.network, places.others
    head = await somebody_of(network.desk, first, "station_head", "站长")
    liaison = await somebody_of(network.desk, second, "station_liaison", "联络员")
    await places.stand({first: ("submitted", False, False, False), second: ("returned", False, False, False)})
    (to_sign,) = (await network.do(lambda work: stations.listed(work, QUARTER, "to_sign"))).listed
    assert [(each.person_id, each.roles) for each in to_sign.waits_for] == [(head, ["station_head"])]
    (returned,) = (await network.do(lambda work: stations.listed(work, QUARTER, "returned"))).listed
    assert [each.person_id for each in returned.waits_for] == [liaison]
    await places.stand(dict.fromkeys((first, second, network.station_id), ("missing", False, False, False)))
    seen, after = [], None
    for _ in range(3):
        page = await network.do(
            lambda work, after=after: stations.listed(work, QUARTER, "missing", after=after, limit=1)  # type: ignore[misc]
        )
        seen += [each.station.id for each in page.listed]
        assert [each.waits_for for each in page.listed] == [[]]
        after = page.next
    assert (set(seen), after) == ({first, second, network.station_id}, None)
    with pytest.raises(Invalid, match="unknown_list"):
        await network.do(lambda work: stations.listed(work, QUARTER, "most_entries"))


async def test_the_matrix_shows_a_page_of_stations_and_counts_all_of_them(places: Places) -> None:
    network = places.network
    first = await network.do(lambda work: stations.matrix(work, most=2))
    rest = await network.do(lambda work: stations.matrix(work, most=2, after=first.next))
    assert {each.id for each in (*first.stations, *rest.stations)} == {network.station_id, *places.others}
    assert (len(first.stations), len(rest.stations), rest.next) == (2, 1, None)
    (round_,) = first.rounds
    assert first.counts(round_.id) == rest.counts(round_.id) == {"scheduled": 3}
    below = await network.do(lambda work: stations.matrix(work, under=places.far))
    assert {each.id for each in below.stations} == set(places.others)
    assert below.counts(round_.id) == {"scheduled": 2}


async def test_figures_tell_how_records_came_in_beside_the_stages_that_asked_for_them(places: Places) -> None:
    first, second = places.others
    await places.stand({first: ("signed", True, False, True), second: ("returned", False, False, False)})
    found = await places.network.do(lambda work: stations.figures(work, QUARTER))
    assert (found.over_time.obliged, found.over_time.filed) == (3, 1)
    assert [(str(each.on), each.filed) for each in found.over_time.days] == [("2026-09-28", 1)]
    before = {each.name: each.filed for each in found.over_time.stages}
    assert (before["prompt"], before["second"], before["due"]) == (0, 0, 1)
    assert [dict(each.counts) for each in found.by_quarter] == [{"owed": 1, "nil": 1, "returned": 1}]
    assert found.unreachable == {"unpaired": 1, "nobody": 1}


async def test_a_round_is_taken_out_row_by_row_for_a_reason_that_is_recorded(places: Places, desk: App) -> None:
    first, _ = places.others
    await places.stand({first: ("signed", True, True, True)})
    with pytest.raises(Invalid):
        await places.network.do(lambda work: stations.export_round(work, QUARTER, reason=" "))
    found = await places.network.do(lambda work: stations.export_round(work, QUARTER, reason="季度汇报用表"))
    rows = {each.station.id: each for each in found.rows}
    assert len(rows) == 3
    assert (rows[first].answer, rows[first].is_nil, rows[first].signed_at) == ("late", True, SIGNED)
    async with desk.work(System("desk"), "console", write=False) as work:
        trail = await audit.entries(work, subject_id=str(found.round.id))
    (exported,) = [each for each in trail if each.action == "console:round:exported"]
    assert exported.sealed_reason is not None


async def test_that_a_station_was_called_is_noted_as_long_as_it_owes_its_record(places: Places) -> None:
    network = places.network
    (call,) = [each for each in await network.do(stations.call_list) if each.station.id == network.station_id]
    assert call.called is None
    await network.do(lambda work: stations.note_call(work, call.obligation_id))
    (call,) = [each for each in await network.do(stations.call_list) if each.station.id == network.station_id]
    assert call.called is not None
    course = await network.do(lambda work: stations.course(work, call.obligation_id))
    assert ([each.name for each in course.steps], course.state, course.version) == (["call"], "scheduled", 1)
    await places.stand({network.station_id: ("submitted", False, False, False)})
    with pytest.raises(Conflict, match="step_not_possible"):
        await network.do(lambda work: stations.note_call(work, call.obligation_id))


async def test_only_the_department_reads_how_a_round_stands(places: Places, desk: App) -> None:
    clerk = await a_colleague(desk, "intake_clerk", "leading_group_office")
    for verb in (
        lambda work: stations.tree(work, QUARTER),
        lambda work: stations.listed(work, QUARTER, "owed"),
        lambda work: stations.figures(work, QUARTER),
        lambda work: stations.export_round(work, QUARTER, reason="季度汇报用表"),
    ):
        with pytest.raises(Denied):
            await places.network.do(verb, staff=clerk)


async def test_a_round_is_opened_of_the_quarter_before_the_present_one_and_the_next_alone(
    places: Places, clock: FixedClock
) -> None:
    for quarter in ("2026Q1", "2027Q1"):
        with pytest.raises(Invalid, match="quarter_too_far"):
            await places.network.do(lambda work, quarter=quarter: stations.open_round(work, quarter))  # type: ignore[misc]
    for quarter in ("2026Q2", "2026Q4"):
        await places.network.do(lambda work, quarter=quarter: stations.open_round(work, quarter))  # type: ignore[misc]
    clock.move(timedelta(days=1))
    assert open_quarters(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == ("2026Q4", "2027Q1", "2027Q2")


async def test_no_reading_of_a_round_counts_what_a_station_wrote(places: Places) -> None:
    """Stations and liaisons are never ranked by their entries (safeguards 5.1)."""
    found = await places.network.do(lambda work: stations.export_round(work, QUARTER, reason="季度汇报用表"))
    (listed, *_) = (await places.network.do(lambda work: stations.listed(work, QUARTER, "owed"))).listed
    tree = await places.network.do(lambda work: stations.tree(work, QUARTER))
    names = {*type(found.rows[0]).__slots__, *type(listed).__slots__, *tree.counts, *tree.boughs[0].counts}
    assert not [each for each in names if "entr" in each]
    async with places.network.desk.work(System("desk"), "console", write=False) as work:
        assert len((await work.session.scalars(select(Obligation.id))).all()) == 3
