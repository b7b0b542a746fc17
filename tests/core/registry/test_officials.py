"""The register of officials: entered, corrected, ended, and read page by page."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from core import registry
from core.app import App
from core.errors import Conflict, Invalid, NotFound
from core.registry import Official, Rank, UnitKind
from core.work import System, Work
from tests.core.registry.builders import a_person, a_unit

CLI = System("tests")
DAY = date(2024, 3, 1)


async def an_official(work: Work, name: str, code: str = "finance", **other: date | None) -> Official:
    units = {unit.code: unit for unit in await registry.units(work)}
    unit = units.get(code) or await a_unit(work, code)
    person = await a_person(work, name)
    since, until = other.get("since") or DAY, other.get("until")
    return await registry.add_official(
        work, person.id, unit.id, post="副局长", rank=Rank.DEPUTY_SECTION, since=since, until=until
    )


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        made = {(await an_official(work, name)).id for name in ("甲", "乙", "乙", "乙", "丙", "丁", "戊")}
        seen: list[Official] = []
        while page := await registry.officials(work, after=_last(seen), limit=2):
            seen.extend(page)
    assert len(seen) == len(made)
    assert {official.id for official in seen} == made
    assert [o.person.name for o in seen] == sorted(o.person.name for o in seen)


def _last(seen: list[Official]) -> tuple[str, UUID] | None:
    return (seen[-1].person.name, seen[-1].id) if seen else None


async def test_officials_are_found_by_unit_by_day_and_by_the_beginning_of_a_name(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        here = await an_official(work, "公冶听雨", "finance")
        there = await an_official(work, "公孙望舒", "water", until=DAY + timedelta(30))
        assert await registry.officials(work, unit_id=there.unit_id) == (there,)
        assert await registry.officials(work, on=DAY + timedelta(31)) == (here,)
        assert set(await registry.officials(work, on=DAY + timedelta(30))) == {here, there}
        assert await registry.officials(work, name="公冶") == (here,)
        assert await registry.officials(work, name="%") == ()
        assert await registry.official(work, here.id) == here


async def test_nobody_is_entered_twice_in_a_unit_for_the_same_days(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        first = await an_official(work, "公冶听雨", until=DAY + timedelta(10))

        async def enter(since: date) -> Official:
            return await registry.add_official(
                work, first.person.id, first.unit_id, post="局长", rank="full_section", since=since
            )

        with pytest.raises(Conflict, match="official_overlaps"):
            await enter(DAY + timedelta(10))
        later = await enter(DAY + timedelta(11))
        with pytest.raises(Conflict, match="official_overlaps"):
            await registry.amend_official(
                work, later.id, post="局长", rank="full_section", is_principal=True, since=DAY
            )


async def test_an_entry_is_corrected_in_place_and_ended_once(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        made = await an_official(work, "公冶听雨")
        amended = await registry.amend_official(
            work, made.id, post="局长", rank="full_section", is_principal=True, since=DAY
        )
        assert (amended.id, amended.post, amended.rank, amended.is_principal) == (made.id, "局长", "full_section", True)
        assert (await registry.end_official(work, made.id, on=DAY)).until == DAY
        with pytest.raises(Conflict, match="official_ended"):
            await registry.end_official(work, made.id, on=DAY)
        with pytest.raises(Invalid, match="ends_before_it_begins"):
            await registry.end_official(work, made.id, on=DAY - timedelta(1))


async def test_a_post_outside_the_closed_lists_is_refused(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        person, station = await a_person(work), await a_unit(work, "station", UnitKind.LIAISON_STATION)
        department = await a_unit(work, "finance")
        for unit, rank, code in (
            (station, "full_section", "unit_without_officials"),
            (department, "bureau_level", "unknown_rank"),
        ):
            with pytest.raises(Invalid, match=code):
                await registry.add_official(work, person.id, unit.id, post="站长", rank=rank, since=DAY)
        with pytest.raises(NotFound, match="official_unknown"):
            await registry.end_official(work, person.id, on=DAY)
