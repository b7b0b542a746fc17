"""A station fills in its record, its head signs it or sends it back, and the department alone opens what was signed."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import stations
from core.app import App
from core.cases.items.tables import Item
from core.dialogue.results import Done, Line
from core.errors import Conflict, Denied, Invalid, NotFound, NotSignedIn, TooLarge
from core.outbox.tables import Delivery
from core.stations.tables import Obligation, ObligationStep, RecordEntry
from core.work import Liaison, System
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.stations.network import Network, a_network, an_official, appointed, somebody_of

Result = TypeVar("Result")
WORKER = System("worker")
IN_TIME = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
DUE = datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC)
LOCKED = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)
WORDS = "周末用单位的车接亲戚"


class Round:
    """One round of one station: a liaison and a head, each in a chat."""

    def __init__(self, network: Network, liaison: Liaison, head: Liaison, obligation_id: UUID) -> None:
        self.network, self.liaison, self.head, self.obligation_id = network, liaison, head, obligation_id

    async def do(self, verb: Callable[..., Awaitable[Result]], *given: object, by: Liaison | None = None) -> Result:
        async with self.network.intake.work(by or self.liaison, "liaison") as work:
            return await verb(work, self.obligation_id, *given)

    async def told(self) -> Counter[str]:
        async with self.network.desk.work(WORKER, "worker", write=False) as work:
            return Counter(await work.session.scalars(select(Delivery.template)))


@pytest.fixture
async def round_(desk: App, intake: App, clock: FixedClock) -> Round:
    clock.move(IN_TIME - clock.now())
    network = await a_network(desk, intake)
    liaison = await network.paired("7013370001")
    head_id = await somebody_of(desk, network.station_id, "station_head", "站长")
    head = await network.paired("7013370002", head_id)
    opened = await network.do(lambda work: stations.open_round(work, "2026Q3"))
    shown = await network.do(stations.matrix)
    return Round(network, liaison, head, shown.cells[network.station_id, opened.id].obligation_id)


def an_answer(official: str = "a", **changes: str) -> Done:
    answers = {"official": official, "category": "office_vehicle_or_staff", "evidence": "told", "what": WORDS} | changes
    lines = (Line("what", "text", "", "什么事", (answers["what"],)), Line("more", "text", "", "还有", ()))
    return Done("record", "1", "zh_CN", answers, {}, lines)


async def test_an_entry_is_filled_in_filed_and_signed(round_: Round) -> None:
    written = await round_.do(stations.add_entry, an_answer())
    assert (written.duty.state, [list(each.lines) for each in written.entries]) == ("draft", [[("什么事", WORDS)]])
    filed = await round_.do(stations.file)
    assert (filed.duty.state, filed.duty.is_nil, filed.duty.is_late) == ("submitted", False, False)
    signed = await round_.do(stations.sign, by=round_.head)
    assert (signed.duty.state, signed.entries) == ("signed", [])
    assert await round_.told() == {"record_to_sign": 1, "record_signed": 1}


async def test_nothing_to_report_is_an_answer_and_said_twice_it_is_one(round_: Round) -> None:
    for filed in [await round_.do(stations.file_nil) for _ in range(2)]:
        assert (filed.duty.state, filed.duty.is_nil) == ("submitted", True)
    signed = await round_.do(stations.sign, by=round_.head)
    assert (signed.duty.state, signed.duty.is_nil) == ("signed", True)
    assert await round_.told() == {"record_to_sign": 1, "record_signed": 1}


async def test_what_was_signed_opens_with_the_record_key_alone(round_: Round, desk: App) -> None:
    await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    async with desk.work(WORKER, "worker", write=False) as work:
        (row,) = (await work.session.scalars(select(Obligation))).all()
        assert row.sealed_draft is not None
        assert WORDS.encode() not in row.sealed_draft
    await round_.do(stations.sign, by=round_.head)
    async with desk.work(WORKER, "worker", write=False) as work:
        (row,) = (await work.session.scalars(select(Obligation))).all()
        (entry,) = (await work.session.scalars(select(RecordEntry))).all()
    assert row.sealed_draft is None
    assert WORDS not in entry.envelope.decode("latin-1")
    assert not entry.is_held


async def test_two_liaisons_of_a_station_see_what_the_other_wrote(round_: Round, desk: App) -> None:
    other_id = await somebody_of(desk, round_.network.station_id, "building_contact", "楼栋长")
    other = await round_.network.paired("7013370003", other_id)
    await round_.do(stations.add_entry, an_answer())
    found = await round_.do(
        stations.add_entry, an_answer(what="参加社区大扫除", category="community_service"), by=other
    )
    assert [each.by for each in found.entries] == [round_.liaison.person_id, other.person_id]
    with pytest.raises(Conflict, match="record_has_entries"):
        await round_.do(stations.file_nil, by=other)
    dropped = await round_.do(stations.drop_entry, found.entries[0].id)
    assert [each.by for each in dropped.entries] == [other.person_id]


async def test_private_life_is_refused_and_nothing_of_it_is_kept(round_: Round) -> None:
    for given in (an_answer(category="family"), an_answer(evidence="covert_recording")):
        with pytest.raises(Invalid, match="refused_at_gate"):
            await round_.do(stations.add_entry, given)
    assert not (await round_.do(stations.record)).entries


async def test_a_record_without_an_entry_is_not_filed_as_one(round_: Round) -> None:
    with pytest.raises(Conflict, match="record_empty"):
        await round_.do(stations.file)


async def test_a_record_is_sent_back_with_a_remark_and_filed_again(round_: Round) -> None:
    await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    with pytest.raises(Invalid, match="remark_missing"):
        await round_.do(stations.send_back, " ", by=round_.head)
    with pytest.raises(TooLarge, match="remark_too_long"):
        await round_.do(stations.send_back, "长" * 301, by=round_.head)
    returned = await round_.do(stations.send_back, "请补充日期", by=round_.head)
    assert (returned.duty.state, returned.remark, len(returned.entries)) == ("returned", "请补充日期", 1)
    assert (await round_.do(stations.file)).remark == ""
    assert (await round_.told())["record_returned"] == 1


async def test_what_the_head_hurries_is_an_item_at_once_and_leaves_the_record(round_: Round, desk: App) -> None:
    official_id = await an_official(desk)
    await round_.do(stations.add_entry, an_answer(str(official_id), what="等不得的事"))
    written = await round_.do(stations.add_entry, an_answer(str(official_id), what="等得的事"))
    urgent = written.entries[0].id
    with pytest.raises(Conflict, match="record_not_submitted"):
        await round_.do(stations.hurry, urgent, by=round_.head)
    await round_.do(stations.file)
    with pytest.raises(Denied, match="not_a_signer"):
        await round_.do(stations.hurry, urgent)
    with pytest.raises(NotFound, match="entry_unknown"):
        await round_.do(stations.hurry, uuid4(), by=round_.head)
    for left in [await round_.do(stations.hurry, urgent, by=round_.head) for _ in range(2)]:
        assert ([each.id for each in left.entries], left.hurried) == ([written.entries[1].id], 1)
    await round_.do(stations.sign, by=round_.head)
    async with desk.work(WORKER, "worker", write=False) as work:
        (item,) = (await work.session.scalars(select(Item))).all()
        first, second = (await work.session.scalars(select(RecordEntry).order_by(RecordEntry.place))).all()
    assert (item.channel, item.body) == ("station_record", "leading_group_office")
    assert (first.id, first.envelope, first.item_id) == (urgent, b"", item.id)
    assert (first.urgent_by, first.confirmed_by) == (round_.head.person_id, None)
    assert (second.result, second.urgent_by) == (None, None)


async def test_a_record_whose_only_entry_was_hurried_is_filed_again_and_never_said_to_be_nil(round_: Round) -> None:
    written = await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    await round_.do(stations.hurry, written.entries[0].id, by=round_.head)
    await round_.do(stations.send_back, "还有别的吗？", by=round_.head)
    with pytest.raises(Conflict, match="record_has_entries"):
        await round_.do(stations.file_nil)
    assert (await round_.do(stations.file)).duty.state == "submitted"


async def test_none_of_many_about_one_official_is_hurried(round_: Round) -> None:
    written = [await round_.do(stations.add_entry, an_answer("b")) for _ in range(3)]
    await round_.do(stations.file)
    with pytest.raises(Conflict, match="entry_held"):
        await round_.do(stations.hurry, written[-1].entries[0].id, by=round_.head)


async def test_what_left_the_record_the_urgent_way_counts_among_those_about_one_official(
    round_: Round, desk: App
) -> None:
    official_id = str(await an_official(desk))
    for _ in range(2):
        written = await round_.do(stations.add_entry, an_answer(official_id))
        await round_.do(stations.file)
        await round_.do(stations.hurry, written.entries[0].id, by=round_.head)
        await round_.do(stations.send_back, "还有别的吗？", by=round_.head)
    third = await round_.do(stations.add_entry, an_answer(official_id))
    assert [each.is_gone for each in third.entries] == [False]
    await round_.do(stations.file)
    with pytest.raises(Conflict, match="entry_held"):
        await round_.do(stations.hurry, third.entries[0].id, by=round_.head)
    await round_.do(stations.sign, by=round_.head)
    async with desk.work(WORKER, "worker", write=False) as work:
        rows = (await work.session.scalars(select(RecordEntry).order_by(RecordEntry.place))).all()
    assert [(each.place, each.is_held) for each in rows] == [(1, False), (2, False), (3, True)]


async def test_a_record_is_taken_back_until_it_is_signed(round_: Round) -> None:
    await round_.do(stations.file_nil)
    assert (await round_.do(stations.take_back)).duty.state == "draft"
    await round_.do(stations.file_nil)
    await round_.do(stations.sign, by=round_.head)
    with pytest.raises(Conflict, match="record_closed"):
        await round_.do(stations.take_back)


async def test_the_deputy_signs_while_the_head_is_absent_and_a_liaison_never_does(round_: Round, desk: App) -> None:
    await round_.do(stations.file_nil)
    with pytest.raises(Denied, match="not_a_signer"):
        await round_.do(stations.sign)
    deputy_id = await somebody_of(desk, round_.network.station_id, "station_deputy_head", "副站长")
    deputy = await round_.network.paired("7013370004", deputy_id)
    assert (await round_.do(stations.sign, by=deputy)).duty.state == "signed"


async def test_a_record_of_another_station_does_not_exist(round_: Round, desk: App) -> None:
    elsewhere = await a_unit(desk, "liaison_station")
    stranger = await round_.network.paired("7013370005", await somebody_of(desk, elsewhere, "station_head", "外站"))
    for verb in (stations.record, stations.file_nil, stations.sign):
        with pytest.raises(NotFound, match="obligation_unknown"):
            await round_.do(verb, by=stranger)


async def test_the_department_does_not_fill_in_what_stations_answer_for(round_: Round) -> None:
    with pytest.raises(NotSignedIn):
        await round_.network.do(lambda work: stations.file_nil(work, round_.obligation_id))


async def test_the_last_second_of_the_due_day_is_in_time_and_the_next_is_late(round_: Round, clock: FixedClock) -> None:
    clock.move(DUE - clock.now())
    assert not (await round_.do(stations.file_nil)).duty.is_late
    await round_.do(stations.take_back)
    clock.move(timedelta(seconds=1))
    assert (await round_.do(stations.file_nil)).duty.is_late


async def test_after_the_lock_nothing_is_filed_and_what_waits_for_its_signature_is_signed(
    round_: Round, desk: App, worker: App, clock: FixedClock
) -> None:
    await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    clock.move(LOCKED - clock.now())
    for _ in range(2):  # also before the worker has come to it
        for verb in (stations.file, stations.file_nil, stations.take_back):
            with pytest.raises(Conflict, match="record_closed"):
                await round_.do(verb)
        async with worker.work(WORKER, "worker") as work:
            await stations.lock_due(work)
    with pytest.raises(Conflict, match="record_closed"):
        await round_.do(stations.send_back, "太迟了", by=round_.head)
    async with round_.network.intake.work(round_.head, "liaison") as work:
        (waiting,) = await stations.duties(work)
    assert (waiting.may_sign, waiting.may_send_back, waiting.may_take_back) == (True, False, False)
    assert (await round_.do(stations.sign, by=round_.head)).duty.state == "locked"


@pytest.mark.parametrize(("verb", "state"), [(stations.sign, "locked"), (stations.take_back, "submitted")])
async def test_who_signs_or_takes_back_at_the_moment_of_the_lock_leaves_a_record_that_goes_on(
    verb: Callable[..., Awaitable[stations.Record]], state: str, round_: Round, worker: App, clock: FixedClock
) -> None:
    await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
        meanwhile = asyncio.create_task(round_.do(verb, by=round_.head))
        await asyncio.wait([meanwhile], timeout=0.2)  # it has come as far as the lock lets it
    await asyncio.wait([meanwhile])
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
        assert await work.session.scalar(select(Obligation.state)) == state


async def test_more_than_two_entries_about_one_official_are_held_for_the_privacy_officer(
    round_: Round, desk: App
) -> None:
    for official in ("a", "a", "b", "a"):
        await round_.do(stations.add_entry, an_answer(official))
    await round_.do(stations.file)
    await round_.do(stations.sign, by=round_.head)
    async with desk.work(WORKER, "worker", write=False) as work:
        held = {row.place: row.is_held for row in await work.session.scalars(select(RecordEntry))}
    assert held == {1: True, 2: True, 3: False, 4: True}


async def test_signing_twice_is_signing_once(round_: Round, desk: App) -> None:
    await round_.do(stations.add_entry, an_answer())
    await round_.do(stations.file)
    for _ in range(2):
        await round_.do(stations.sign, by=round_.head)
    async with desk.work(WORKER, "worker", write=False) as work:
        assert len((await work.session.scalars(select(RecordEntry))).all()) == 1
        steps = await work.session.scalars(select(ObligationStep.name).order_by(ObligationStep.place))
        assert steps.all() == ["fill_in", "submit", "sign"]


async def test_what_waits_for_somebody_comes_first_among_their_stations(round_: Round, desk: App) -> None:
    second = await a_unit(desk, "liaison_station")
    await appointed(desk, round_.liaison.person_id, second, "station_head")
    await round_.do(stations.file_nil)
    async with round_.network.intake.work(round_.liaison, "liaison") as work:
        (own,) = await stations.duties(work)
    assert (own.state, own.may_file, own.may_sign) == ("submitted", False, False)
    async with round_.network.intake.work(round_.head, "liaison") as work:
        (own,) = await stations.duties(work)
    assert (own.may_file, own.may_sign) == (False, True)
