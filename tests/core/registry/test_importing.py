"""A list of officials goes into the register as a whole or not at all, and a second time changes nothing."""

import asyncio
from collections.abc import Sequence
from datetime import date

import pytest

from core import audit, registry
from core.app import App
from core.errors import Invalid
from core.registry import LOCALE, Outcome, Report, UnitKind
from core.texts import LANGUAGES, translator
from core.work import System
from tests.core.registry.builders import Row, a_csv, a_person, a_row, a_unit, a_workbook, saved

CLI = System("tests")


@pytest.fixture
async def home(desk: App) -> App:
    async with desk.work(CLI, "cli") as work:
        await a_unit(work, "finance", name="区财政局")
        await a_unit(work, "water", name="区水利局")
        await a_unit(work, "station", UnitKind.LIAISON_STATION, name="柳岸联络站")
    return desk


async def bring(app: App, *rows: Row, dry_run: bool = False) -> Report:
    async with app.work(CLI, "cli") as work:
        return await registry.import_officials(work, "名单.csv", a_csv(*rows), dry_run=dry_run, is_fictional=True)


async def register(app: App) -> list[tuple[object, ...]]:
    async with app.work(CLI, "cli", write=False) as work:
        units = {unit.id: unit.code for unit in await registry.units(work)}
        found = await registry.officials(work, limit=100)
        listed = sorted(found, key=lambda o: (o.since, o.person.name, units[o.unit_id]))
        return [(o.person.name, units[o.unit_id], o.post, o.rank, o.is_principal, o.since, o.until) for o in listed]


def outcomes(report: Report) -> list[tuple[int, str, list[str]]]:
    return [(row.row, row.outcome, [note.code for note in row.notes]) for row in report.rows]


ONE = a_row()
TWO = a_row(name="公孙望舒", unit="water", post="副局长", rank="副科", principal="否", since="2024-05-01")
WRITTEN: Sequence[tuple[object, ...]] = [
    ("公冶听雨", "finance", "局长", "full_section", True, date(2024, 3, 1), None),
    ("公孙望舒", "water", "副局长", "deputy_section", False, date(2024, 5, 1), None),
]


async def test_a_good_list_is_written_and_a_second_run_changes_nothing(home: App) -> None:
    first = await bring(home, ONE, TWO)
    assert (first.written, outcomes(first)) == (True, [(2, "new", []), (3, "new", [])])
    assert await register(home) == WRITTEN
    second = await bring(home, ONE, TWO)
    assert outcomes(second) == [(2, "unchanged", []), (3, "unchanged", [])]
    assert second.counts == {"new": 0, "unchanged": 2, "updated": 0, "error": 0}
    assert await register(home) == WRITTEN


async def test_two_imports_at_once_enter_everybody_once(home: App) -> None:
    reports = await asyncio.gather(bring(home, ONE, TWO), bring(home, ONE, TWO))
    assert sorted(row.outcome for report in reports for row in report.rows) == ["new", "new", "unchanged", "unchanged"]
    assert await register(home) == WRITTEN


async def test_a_dry_run_tells_the_same_and_writes_nothing(home: App) -> None:
    dry = await bring(home, ONE, TWO, dry_run=True)
    assert (dry.written, await register(home)) == (False, [])
    assert dry.rows == (await bring(home, ONE, TWO)).rows


async def test_one_bad_row_keeps_the_whole_list_out_and_is_told_with_the_others(home: App) -> None:
    report = await bring(home, ONE, a_row(name="公孙望舒", rank="正处"), TWO)
    assert outcomes(report) == [(2, "new", []), (3, "error", ["unknown_rank"]), (4, "new", [])]
    assert (report.written, report.has_errors, await register(home)) == (False, True, [])


async def test_a_workbook_goes_the_same_way_as_text(home: App) -> None:
    async with home.work(CLI, "cli") as work:
        content = saved(a_workbook(a_row(since=date(2024, 3, 1)), TWO))
        report = await registry.import_officials(work, "名单.xlsx", content)
    assert report.written
    assert await register(home) == WRITTEN


async def test_corrections_are_made_in_place_and_a_new_post_follows_the_old(home: App) -> None:
    await bring(home, ONE, TWO)
    corrected, promoted = a_row(post="局长、党组书记"), (*TWO[:2], "局长", "正科", "是", "2026-01-01")
    report = await bring(home, corrected, promoted)
    assert outcomes(report) == [(2, "updated", []), (3, "updated", [])]
    after = await register(home)
    assert after == [
        ("公冶听雨", "finance", "局长、党组书记", "full_section", True, date(2024, 3, 1), None),
        ("公孙望舒", "water", "副局长", "deputy_section", False, date(2024, 5, 1), date(2025, 12, 31)),
        ("公孙望舒", "water", "局长", "full_section", True, date(2026, 1, 1), None),
    ]
    assert outcomes(await bring(home, corrected, promoted)) == [(2, "unchanged", []), (3, "unchanged", [])]
    assert await register(home) == after
    async with home.work(CLI, "cli", write=False) as work:
        assert len({o.person.id for o in await registry.officials(work)}) == 2


async def test_a_date_alone_is_corrected_forwards_and_an_old_list_is_refused(home: App) -> None:
    await bring(home, ONE)
    assert outcomes(await bring(home, a_row(since="2024-04-01"))) == [(2, "updated", [])]
    assert outcomes(await bring(home, ONE)) == [(2, "error", ["older_than_register"])]
    assert [row[5] for row in await register(home)] == [date(2024, 4, 1)]


async def test_somebody_whose_post_has_ended_comes_back_only_with_a_new_date(home: App) -> None:
    await bring(home, ONE)
    async with home.work(CLI, "cli") as work:
        (known,) = await registry.officials(work)
        await registry.end_official(work, known.id, on=date(2025, 6, 30))
    assert outcomes(await bring(home, ONE)) == [(2, "error", ["ended_in_register"])]
    assert outcomes(await bring(home, a_row(since="2025-07-01"))) == [(2, "new", [])]
    async with home.work(CLI, "cli", write=False) as work:
        assert {o.person.id for o in await registry.officials(work)} == {known.person.id}


async def test_duplicates_within_the_list_and_in_the_register_are_errors(home: App) -> None:
    report = await bring(home, ONE, a_row(name="公 冶 听 雨", unit="finance", post="副局长"))
    assert outcomes(report) == [(2, "new", []), (3, "error", ["duplicate_in_file"])]
    assert report.rows[1].notes[0].params == {"first": 2}
    async with home.work(CLI, "cli") as work:
        unit = await registry.unit_by_code(work, "finance")
        for _ in range(2):
            person = await a_person(work)
            await registry.add_official(
                work, person.id, unit.id, post="局长", rank="full_section", since=date(2024, 3, 1)
            )
    assert outcomes(await bring(home, ONE)) == [(2, "error", ["duplicate_in_register"])]


async def test_a_namesake_in_another_unit_is_another_person_and_is_pointed_out(home: App) -> None:
    await bring(home, ONE)
    assert outcomes(await bring(home, a_row(unit="区水利局"))) == [(2, "new", ["namesake_elsewhere"])]
    async with home.work(CLI, "cli", write=False) as work:
        assert len({o.person.id for o in await registry.officials(work)}) == 2


async def test_an_unknown_unit_is_answered_with_the_nearest_names(home: App) -> None:
    report = await bring(home, a_row(unit="财政局"), a_row(unit="柳岸联络站"), a_row(unit="Atlantis"))
    assert [row.notes[0].code for row in report.rows] == ["unknown_unit_nearest", "unknown_unit", "unknown_unit"]
    assert report.rows[0].notes[0].params == {"nearest": "区财政局"}


async def test_a_name_that_two_units_bear_must_be_written_as_a_code(home: App) -> None:
    async with home.work(CLI, "cli") as work:
        await a_unit(work, "finance_two", name="区财政局")
    report = await bring(home, ONE, a_row(unit="finance_two"))
    assert outcomes(report) == [(2, "error", ["ambiguous_unit"]), (3, "new", [])]


async def test_a_formula_is_refused_row_by_row(home: App) -> None:
    report = await bring(home, a_row(post="=HYPERLINK(1)"), TWO)
    assert outcomes(report) == [(2, "error", ["formula"]), (3, "new", [])]


async def test_a_file_that_cannot_be_read_leaves_the_register_as_it_was(home: App) -> None:
    with pytest.raises(Invalid, match="wrong_file_type"):
        async with home.work(CLI, "cli") as work:
            await registry.import_officials(work, "名单.xlsx", a_csv(ONE))
    assert await register(home) == []


async def test_the_import_is_in_the_audit_trail_and_a_dry_run_is_not(home: App) -> None:
    await bring(home, ONE, dry_run=True)
    await bring(home, ONE)
    async with home.work(CLI, "cli", write=False) as work:
        trail = await audit.entries(work, subject_id="register")
    assert [entry.action for entry in trail] == ["cli:officials:imported"]


NOTES = (
    "formula cell_missing cell_unfit unknown_rank not_yes_or_no not_a_date date_implausible unknown_unit "
    "unknown_unit_nearest ambiguous_unit duplicate_in_file duplicate_in_register ended_in_register older_than_register "
    "namesake_elsewhere"
)
REFUSALS = (
    "file_too_large workbook_too_large too_many_rows wrong_file_type empty_file workbook_unreadable several_sheets "
    "merged_cells text_unreadable missing_heading repeated_heading"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_and_every_word_of_the_lists_is_told_in_both_languages(language: str) -> None:
    translate = translator(language, (LOCALE,))
    wanted = [
        *(f"import.{code}" for code in (NOTES + " " + REFUSALS).split()),
        *(f"import.outcome.{outcome}" for outcome in Outcome),
        *(f"registry.role.{role}" for role in registry.Role),
        *(f"registry.unit_kind.{kind}" for kind in UnitKind),
        *(f"registry.rank.{rank}" for rank in registry.Rank),
        *(f"registry.unit_group.{group}" for group in ("township", "subdistrict", "department")),
    ]
    assert [message for message in wanted if translate(message) == message] == []
