"""The stations' year has the totals of its plan, and the demo lays it as it is planned."""

from collections import Counter
from operator import itemgetter

from core import stations
from core.app import App
from jingshi.demo.district import lay_district
from jingshi.demo.home import OPENED, TODAY
from jingshi.demo.rounds import year
from jingshi.demo.stations import RESIDENTS, Year, lay_residences
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague


def test_the_year_has_the_totals_of_its_plan() -> None:
    deeds = year()
    assert Counter(deed.quarter for deed in deeds) == dict.fromkeys(("2025Q4", "2026Q1", "2026Q2", "2026Q3"), 31)
    missing, late = [sum(getattr(deed, name) for deed in deeds) for name in ("is_missing", "is_late")]
    assert (len(deeds), len(deeds) - missing - late, late, missing) == (124, 117, 5, 2)
    assert sum(deed.entries for deed in deeds) == 44
    assert {word for deed in deeds for word in deed.words} == {
        *("nil", "one", "two", "late", "missing", "unreachable", "returned", "deputy", "refused"),
    }


async def test_the_demo_lays_the_year_as_it_is_planned(desk: App, intake: App, worker: App, clock: FixedClock) -> None:
    clock.move(OPENED - clock.now())
    district = await lay_district(desk)
    await lay_residences(desk, district)
    events = sorted(Year(intake, worker, district).events(), key=itemgetter(0))
    for at, act in (event for event in events if event[0] <= TODAY):
        clock.move(at - clock.now())
        await act()
    staff = await a_colleague(desk, "supervisor", "leading_group_office")
    async with desk.work(staff, "console", write=False) as work:
        opened = await stations.rounds(work)
    assert [each.is_locked for each in reversed(opened)] == [True, True, True, False]
    for at, act in (event for event in events if event[0] > TODAY):
        clock.move(at - clock.now())
        await act()
    async with desk.work(staff, "console", write=False) as work:
        matrix = await stations.matrix(work)
        residents = [len(await stations.residents_of(work, each.id)) for each in matrix.stations]
    quarters = {each.id: each.quarter for each in matrix.rounds}
    codes = {each.id: each.code for each in matrix.stations}
    found = {(codes[at], quarters[of]): cell[1:] for (at, of), cell in matrix.cells.items()}
    assert [each.quarter for each in matrix.rounds][4:] == ["2026Q4"]  # its last month is still to come
    found = {(code, quarter): cell for (code, quarter), cell in found.items() if quarter != "2026Q4"}
    assert found == {
        (deed.station, deed.quarter): ("missing" if deed.is_missing else "locked", "nil" in deed.words, deed.is_late)
        for deed in year()
    }
    assert residents == [RESIDENTS] * 31
