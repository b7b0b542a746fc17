"""The units of a district go into the register as a whole or not at all, and a second time changes nothing."""

import asyncio

import pytest

from core import audit, registry
from core.app import App
from core.registry import LOCALE, Outcome, Report
from core.texts import LANGUAGES, translator
from core.work import System
from tests.core.registry.builders import Row, a_csv, a_workbook, saved

CLI = System("tests")
HEADINGS = ("编号", "类别", "上级", "名称", "英文名")
DISTRICT: tuple[Row, ...] = (
    ("committee.liu", "residents_committee", "subdistrict.ting", "柳岸居委会", ""),
    ("subdistrict.ting", "街道", "district", "听泉街道", "Tingquan Sub-district"),
    ("district", "district_committee", "", "云汀区委", ""),
    ("leading_group_office", "领导小组办公室", "", "区监督预警办", ""),
)


@pytest.fixture
async def home(desk: App) -> App:
    """A home as it is after its setting up: with the two bodies that decide."""
    async with desk.work(CLI, "cli") as work:
        for kind in sorted(registry.BODIES):
            await registry.add_unit(work, code=str(kind), kind=kind, name=str(kind), name_en=str(kind))
    return desk


async def bring(app: App, *rows: Row, dry_run: bool = False) -> Report:
    content = a_csv(*rows, headings=HEADINGS)
    async with app.work(CLI, "cli") as work:
        return await registry.import_units(work, "单位.csv", content, dry_run=dry_run)


async def register(app: App) -> list[tuple[str, str, str, str | None]]:
    async with app.work(CLI, "cli", write=False) as work:
        found = await registry.units(work)
    codes = {unit.id: unit.code for unit in found}
    return [(unit.code, codes[unit.parent_id] if unit.parent_id else "", unit.name, unit.name_en) for unit in found]


def outcomes(report: Report) -> list[tuple[str, list[str]]]:
    return [(row.outcome, [note.code for note in row.notes]) for row in report.rows]


BODY = ("discipline_commission", "", "discipline_commission", "discipline_commission")
WRITTEN = [
    BODY,
    ("leading_group_office", "", "区监督预警办", "leading_group_office"),
    ("committee.liu", "subdistrict.ting", "柳岸居委会", None),
    ("subdistrict.ting", "district", "听泉街道", "Tingquan Sub-district"),
    ("district", "", "云汀区委", None),
]


async def test_a_tree_in_any_order_is_written_and_a_second_run_changes_nothing(home: App) -> None:
    first = await bring(home, *DISTRICT)
    assert (first.written, outcomes(first)) == (True, [("new", [])] * 3 + [("updated", ["renamed"])])
    assert await register(home) == WRITTEN
    second = await bring(home, *DISTRICT)
    assert outcomes(second) == [("unchanged", [])] * 4
    assert await register(home) == WRITTEN


async def test_a_dry_run_and_a_bad_row_write_nothing(home: App) -> None:
    before = await register(home)
    dry = await bring(home, *DISTRICT, dry_run=True)
    assert (dry.written, dry.counts[Outcome.NEW]) == (False, 3)
    bad = await bring(home, *DISTRICT, ("district", "街道", "", "又一个", ""))
    assert (bad.written, outcomes(bad)[-1]) == (False, ("error", ["duplicate_code"]))
    assert await register(home) == before


async def test_a_unit_moves_with_what_lies_under_it(home: App) -> None:
    await bring(home, *DISTRICT)
    moved = (*DISTRICT[1][:2], "leading_group_office", *DISTRICT[1][3:])
    assert outcomes(await bring(home, moved)) == [("updated", ["moved"])]
    async with home.work(CLI, "cli", write=False) as work:
        below = await registry.unit_by_code(work, "committee.liu")
        assert await registry.body_of(work, below.id) == "leading_group_office"


async def test_a_workbook_goes_the_same_way_and_a_deep_tree_comes_in(home: App) -> None:
    deep: list[Row] = [(f"u{n}", "district_department", f"u{n - 1}" if n else "", f"第{n}层", "") for n in range(60)]
    async with home.work(CLI, "cli") as work:
        book = saved(a_workbook(*reversed(deep), headings=HEADINGS))
        report = await registry.import_units(work, "单位.xlsx", book)
    assert report.counts[Outcome.NEW] == 60
    assert ("u59", "u58", "第59层", None) in await register(home)


async def test_two_imports_at_once_enter_every_unit_once(home: App) -> None:
    reports = await asyncio.gather(bring(home, *DISTRICT), bring(home, *DISTRICT))
    assert sorted(report.counts[Outcome.NEW] for report in reports) == [0, 3]
    assert await register(home) == WRITTEN


async def test_the_import_is_in_the_audit_trail_and_a_dry_run_is_not(home: App) -> None:
    await bring(home, *DISTRICT, dry_run=True)
    await bring(home, *DISTRICT)
    async with home.work(CLI, "cli", write=False) as work:
        trail = await audit.entries(work, subject_id="register")
    assert [entry.action for entry in trail] == ["cli:units:imported"]


NOTES = (
    "code_malformed unknown_kind duplicate_code unknown_parent circle_of_units body_stays second_body "
    "officials_in_unit renamed renamed_in_english kind_changed moved"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_said_of_a_unit_is_said_in_both_languages(language: str) -> None:
    translate = translator(language, (LOCALE,))
    wanted = [f"import.{code}" for code in NOTES.split()]
    assert [message for message in wanted if translate(message) == message] == []
