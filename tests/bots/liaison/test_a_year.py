"""A year of the demo district's stations in real chats: four rounds, whoever is late, missing, gone or sent back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import pytest

from core import stations
from core.app import App
from core.registry import Role
from core.stations.rules.reminders import FILERS, Stage
from core.work import SHANGHAI
from jingshi.demo.district import lay_district
from jingshi.demo.rounds import STEP, Deed, stages, waves, year
from jingshi.demo.stations import lay_residences
from tests.bots.liaison.year import Year, a_year
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.peer.client import Peer

pytestmark = [pytest.mark.timeout(600), pytest.mark.walk]

BEGIN: Final = datetime(2025, 11, 26, 10, 0, tzinfo=SHANGHAI)
ROLES: Final = {
    Role.STATION_HEAD: 31,
    Role.STATION_DEPUTY_HEAD: 14,
    Role.STATION_LIAISON: 56,
    Role.BUILDING_CONTACT: 22,
}
Told = Counter[tuple[str, str, str]]  # quarter, stage, outcome
Called = Counter[tuple[str, str]]  # station, why


async def test_a_year_of_the_districts_stations_has_the_totals_of_its_plan(
    desk: App, worker: App, clock: FixedClock, peer: Peer
) -> None:
    staff = await a_colleague(desk, "supervisor", "leading_group_office")
    clock.move(BEGIN - clock.now())
    district = await lay_district(desk)
    await lay_residences(desk, district)
    assert {role: sum(each.role is role for each in district.postings) for role in ROLES} == ROLES
    async with a_year(desk, worker, clock, peer, district, staff) as it:
        await it.pair_all()
        assert await standings(it) == {"paired": sum(ROLES.values())}
        for quarter in dict.fromkeys(deed.quarter for deed in year()):
            await run_round(it, quarter)
        await require_totals(it)
        assert await reminded(it) == Counter(expected_reminders(it))
        assert len({(line["chat"]) for line in await it.bot.sent()}) == len(it.people)


async def run_round(it: Year, quarter: str) -> None:
    """Let a quarter's round run from its first reminder to its lock."""
    gone = [deed for deed in year() if deed.quarter == quarter and deed.is_unreachable]
    await it.lose_chats(gone, lost=True)
    for stage in stages(quarter).values():
        await it.comes_to(stage.at)
        assert await called(it) == expected_calls(it, quarter, stage), stage.name
        await answer(it, waves()[quarter, stage.name], stage)
    await it.lose_chats([deed for deed in gone if deed.is_missing], lost=False)
    await it.comes_to(stages(quarter)["call_list"].at + timedelta(days=1))
    assert not await called(it)


async def answer(it: Year, deeds: Sequence[Deed], stage: Stage) -> None:
    """Let stations answer after a reminder, hour by hour as in the demo."""
    await it.lose_chats([deed for deed in deeds if deed.is_unreachable], lost=False)
    returned = [deed for deed in deeds if deed.is_returned]
    hours = ((it.file, deeds), (it.send_back, returned), (it.file_again, returned), (it.sign, deeds))
    for hour, (do, some) in enumerate(hours, 1):
        it.clock.move(stage.at + hour * STEP - it.clock.now())
        for deed in some:
            await do(deed)
        await it.sent()


async def require_totals(it: Year) -> None:
    """Require that matrix, tree and figures say what was planned."""
    deeds = year()
    late, missing = [sum(getattr(deed, name) for deed in deeds) for name in ("is_late", "is_missing")]
    assert (len(deeds), len(deeds) - late - missing, late, missing) == (124, 117, 5, 2)
    matrix = await it.do(stations.matrix)
    codes = {each.id: each.code for each in matrix.stations}
    quarters = {each.id: each.quarter for each in matrix.rounds if each.quarter in {deed.quarter for deed in deeds}}
    assert len(quarters) == 4
    found = {(codes[at], quarters[of]): cell[1:] for (at, of), cell in matrix.cells.items() if of in quarters}
    assert found == {
        (deed.station, deed.quarter): ("missing" if deed.is_missing else "locked", "nil" in deed.words, deed.is_late)
        for deed in deeds
    }
    for quarter in quarters.values():
        counts = Counter(word(deed) for deed in deeds if deed.quarter == quarter)
        tree = await it.do(lambda work: stations.tree(work, quarter))  # noqa: B023 - awaited at once
        assert tree.counts == counts + Counter(obliged=31)
        figures = await it.do(lambda work: stations.figures(work, quarter))  # noqa: B023 - awaited at once
        assert figures.over_time.filed == 31 - counts["missing"]
        assert {each.round.quarter: each.counts for each in figures.by_quarter}[quarter] == counts


def word(deed: Deed) -> str:
    """Return how a station answered, as lists and figures count it."""
    if deed.is_missing or deed.is_late:
        return "missing" if deed.is_missing else "late"
    return "nil" if "nil" in deed.words else "filed"


async def standings(it: Year) -> Counter[str]:
    """Return how the people of all stations stand."""
    found: Counter[str] = Counter()
    for unit in await it.do(stations.stations):
        people = await it.do(lambda work: stations.people_of(work, unit.id))  # noqa: B023 - awaited at once
        found.update(str(each.standing) for each in people)
    return found


async def called(it: Year) -> Called:
    """Return who is on the call list, and why."""
    return Counter((each.station.code, str(each.why)) for each in await it.do(stations.call_list))


def expected_calls(it: Year, quarter: str, stage: Stage) -> Called:
    """Return who should be on the call list at a stage: nobody whose station answered."""
    begun = [each for each in stages(quarter).values() if each.at <= stage.at]
    roles = dict.fromkeys(role for each in begun for role in each.roles)
    is_last = stage.name == "call_list"
    found: Called = Counter()
    for deed in (each for each in year() if each.quarter == quarter and is_asked(each, stage)):
        for role in roles:
            why = "unreachable" if deed.is_unreachable and role in FILERS else "silent" if is_last else ""
            if why:
                found[deed.station, why] += len(it.held(deed, role))
    return +found


def is_asked(deed: Deed, stage: Stage) -> bool:
    """Tell whether a station has still to answer at a stage of the plan."""
    return deed.is_missing or stages(deed.quarter)[deed.stage].at >= stage.at


async def reminded(it: Year) -> Told:
    """Return how many people were reminded in a quarter at a stage, and what came of it."""
    matrix, found = await it.do(stations.matrix), Counter[tuple[str, str, str]]()
    for cell in matrix.cells.values():
        course = await it.do(lambda work: stations.course(work, cell.obligation_id))  # noqa: B023 - awaited at once
        found.update((course.quarter, each.stage, each.outcome) for each in course.reminders)
    return found


def expected_reminders(it: Year) -> Iterator[tuple[str, str, str]]:
    """Yield each reminder that is due: one to each person, at each stage until their station has answered."""
    for deed in year():
        for stage in (each for each in stages(deed.quarter).values() if is_asked(deed, each)):
            for role in stage.roles:
                outcome = "unreachable" if deed.is_unreachable and role in FILERS else "sent"
                yield from [(deed.quarter, stage.name, outcome)] * len(it.held(deed, role))
