"""Lists of the stations' people and of where officials live are taken whole or not at all, and twice is once."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import access, audit, registry, stations
from core.app import App
from core.errors import NotSignedIn
from core.registry import LOCALE, Report, UnitKind
from core.stations.tables import Residence
from core.texts import LANGUAGES, translator
from core.work import Reporter, System
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.registry.builders import Row, a_csv, a_unit, a_workbook, saved
from tests.core.stations.network import an_official

CLI = System("tests")
PEOPLE: Row = ("姓名", "联络站", "职务", "任职日期")
RESIDENCES: Row = ("姓名", "单位", "联络站", "起始日期")
ONE: Row = ("澹台听雨", "柳岸联络站", "联络员", "2026-01-05")
TWO: Row = ("东郭 远帆", "willow", "联络站站长", "2026年1月5日")
LIVES: Row = ("公冶望舒", "区水利局", "柳岸联络站", "2026-02-01")


@pytest.fixture
async def home(desk: App) -> App:
    async with desk.work(CLI, "cli") as work:
        await a_unit(work, "willow", UnitKind.LIAISON_STATION, name="柳岸联络站")
        await a_unit(work, "heron", UnitKind.LIAISON_STATION, name="鹭洲联络站")
    await an_official(desk)
    return desk


async def people(app: App, *rows: Row, dry_run: bool = False) -> Report:
    async with app.work(CLI, "cli") as work:
        return await stations.import_people(work, "名单.csv", a_csv(*rows, headings=PEOPLE), dry_run=dry_run)


async def residences(app: App, *rows: Row) -> Report:
    async with app.work(CLI, "cli") as work:
        content = saved(a_workbook(*rows, headings=RESIDENCES))
        return await stations.import_residences(work, "住处.xlsx", content)


def outcomes(report: Report) -> list[tuple[str, list[str]]]:
    return [(row.outcome, [note.code for note in row.notes]) for row in report.rows]


async def held(app: App) -> list[tuple[str, str, str, date]]:
    async with app.work(CLI, "cli", write=False) as work:
        found = await registry.ever_appointed(work, registry.STATION)
        names = await registry.people(work, [each.person_id for each in found])
        units = {each.id: each.code for each in await registry.units(work)}
        return sorted((names[each.person_id].name, units[each.unit_id], each.role, each.since) for each in found)


async def living(app: App, code: str) -> list[str]:
    staff = await a_colleague(app, "supervisor", "leading_group_office")
    async with app.work(staff, "console", write=False) as work:
        station = await registry.unit_by_code(work, code)
        return [each.name for each in await stations.residents_of(work, station.id)]


WRITTEN: Sequence[tuple[str, str, str, date]] = [
    ("东郭远帆", "willow", "station_head", date(2026, 1, 5)),
    ("澹台听雨", "willow", "station_liaison", date(2026, 1, 5)),
]


async def test_people_come_in_once_however_often_and_a_dry_run_brings_in_nobody(home: App) -> None:
    dry = await people(home, ONE, TWO, dry_run=True)
    assert (dry.written, await held(home)) == (False, [])
    reports = await asyncio.gather(people(home, ONE, TWO), people(home, ONE, TWO))
    assert (
        sorted(each for report in reports for each in outcomes(report)) == [("new", [])] * 2 + [("unchanged", [])] * 2
    )
    assert await held(home) == WRITTEN
    async with home.work(CLI, "cli", write=False) as work:
        assert "cli:station_people:imported" in {each.action for each in await audit.entries(work)}


async def test_a_second_role_at_a_station_is_the_same_person_and_a_namesake_elsewhere_another(home: App) -> None:
    head = ("澹台听雨", "willow", "副站长", "2026-03-01")
    assert outcomes(await people(home, ONE, head)) == [("new", []), ("new", [])]
    contact, elsewhere = ("澹台听雨", "willow", "楼栋信息员", "2026-03-01"), ("澹台听雨", "heron", "站长", "2026-03-01")
    report = await people(home, contact, elsewhere)
    assert outcomes(report) == [("updated", []), ("new", ["namesake_in_another_station"])]
    async with home.work(CLI, "cli", write=False) as work:
        found = await registry.ever_appointed(work, registry.STATION)
    assert len({each.person_id for each in found}) == 2
    assert len(found) == 4


async def test_who_comes_back_after_an_end_is_the_same_person_and_only_with_a_later_day(home: App) -> None:
    await people(home, ONE)
    async with home.work(CLI, "cli") as work:
        (known,) = await registry.ever_appointed(work, registry.STATION)
        await access.end_appointment(work, known.id, on=date(2026, 5, 31))
    assert outcomes(await people(home, ONE)) == [("error", ["role_ended"])]
    assert outcomes(await people(home, (*ONE[:3], "2026-06-01"))) == [("updated", [])]
    async with home.work(CLI, "cli", write=False) as work:
        assert {each.person_id for each in await registry.ever_appointed(work, registry.STATION)} == {known.person_id}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("澹台听雨", "柳岸", "联络员", "2026-01-05"), "unknown_unit_nearest"),
        (("澹台听雨", "willow", "组长", "2026-01-05"), "unknown_station_role"),
        (("澹台听雨", "willow", "联络员", "2026-10-01"), "date_in_the_future"),
        (("", "willow", "联络员", "2026-01-05"), "cell_missing"),
        (("公 冶 7", "willow", "联络员", "2026-01-05"), "cell_unfit"),
        (TWO, "duplicate_row"),
        ((*TWO[:3], "2026-02-01"), "duplicate_row"),
    ],
)
async def test_one_bad_row_keeps_all_people_out(home: App, row: Row, code: str) -> None:
    report = await people(home, TWO, row)
    assert outcomes(report) == [("new", []), ("error", [code])]
    assert (report.written, await held(home)) == (False, [])


async def test_another_day_for_a_role_that_is_held_and_namesakes_in_one_station_are_for_a_person_to_settle(
    home: App,
) -> None:
    await people(home, ONE)
    assert outcomes(await people(home, (*ONE[:3], "2026-01-06"))) == [("error", ["role_held_since"])]
    async with home.work(CLI, "cli") as work:
        station = await registry.unit_by_code(work, "willow")
        namesake = await registry.add_person(work, "澹台听雨", is_fictional=True)
        await access.appoint(work, namesake.id, "station_head", station.id, since=date(2026, 1, 5))
    assert outcomes(await people(home, ONE)) == [("error", ["namesakes_in_station"])]


async def test_residences_of_officials_come_in_once_and_who_moved_is_ended_where_they_lived(home: App) -> None:
    assert outcomes(await residences(home, LIVES)) == [("new", [])]
    assert outcomes(await residences(home, LIVES)) == [("unchanged", [])]
    assert await living(home, "willow") == ["公冶望舒"]
    moved = (*LIVES[:2], "heron", "2026-06-01")
    assert outcomes(await residences(home, moved)) == [("updated", ["residence_moved"])]
    assert (await living(home, "willow"), await living(home, "heron")) == ([], ["公冶望舒"])
    assert outcomes(await residences(home, LIVES)) == [("error", ["residence_newer"])]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("澹台听雨", "区水利局", "willow", "2026-02-01"), "no_such_official"),
        (("公冶望舒", "区财务局", "willow", "2026-02-01"), "unknown_unit_nearest"),
        (("公冶望舒", "区水利局", "区水利局", "2026-02-01"), "unknown_unit"),
        (("公冶望舒", "区水利局", "willow", "2026-10-01"), "date_in_the_future"),
        (("公冶望舒", "区水利局", "willow", "2026-02-02"), "residence_since"),
    ],
)
async def test_who_is_no_official_and_what_is_no_station_is_registered_nowhere(home: App, row: Row, code: str) -> None:
    await residences(home, LIVES)
    assert outcomes(await residences(home, row)) == [("error", [code])]


async def test_an_official_stands_in_a_list_of_residences_once(home: App) -> None:
    report = await residences(home, LIVES, (*LIVES[:2], "heron", LIVES[3]))
    assert outcomes(report) == [("new", []), ("error", ["duplicate_row"])]
    assert await living(home, "willow") == []


async def test_a_residence_that_ended_is_followed_by_a_later_one_alone(home: App, clock: FixedClock) -> None:
    await residences(home, LIVES)
    async with home.work(CLI, "cli") as work:
        row = (await work.session.scalars(select(Residence.id))).one()
        await stations.end_residence(work, row, on=clock.today() - timedelta(days=1))
    assert outcomes(await residences(home, LIVES)) == [("error", ["residence_until"])]
    assert outcomes(await residences(home, (*LIVES[:3], clock.today().isoformat()))) == [("new", [])]


async def test_nobody_but_the_machine_and_who_may_appoint_brings_people_in(home: App) -> None:
    async with home.work(Reporter(), "web") as work:
        with pytest.raises(NotSignedIn):
            await stations.import_people(work, "名单.csv", a_csv(ONE, headings=PEOPLE))
        with pytest.raises(NotSignedIn):
            await stations.import_residences(work, "住处.csv", a_csv(LIVES, headings=RESIDENCES))


NOTES = (
    "date_in_the_future unknown_station_role duplicate_row role_held_since role_ended namesakes_in_station "
    "namesake_in_another_station no_such_official residence_since residence_newer residence_until residence_moved"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_the_lists_is_told_in_both_languages(language: str) -> None:
    translate = translator(language, (LOCALE,))
    assert [code for code in NOTES.split() if translate(f"import.{code}") == f"import.{code}"] == []
