"""What is measured over many obligations: a store that the desk takes for its own, pages that are pages, a table."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bench import station_pages
from bench.case_homes import lay
from bench.client import Answer
from bench.pages import Asked, require_page
from bench.station_homes import QUARTERS, batches
from core import stations
from core.app import App
from core.registry.tables import Person
from core.stations.tables import Obligation
from tests.builders import OPERATOR
from tests.core.cases.offices import a_colleague

STATIONS = 40
NEWEST = "2026Q2"


async def test_a_filled_store_is_shown_listed_and_counted_by_the_department(desk: App) -> None:
    staff = await a_colleague(desk, "supervisor", "leading_group_office")
    async with desk.work(OPERATOR, "cli") as work:
        by = (await work.session.scalars(select(Person.id).limit(1))).one()
    await lay(desk, batches(datetime(2026, 9, 30, 9, tzinfo=UTC), by, STATIONS))
    async with desk.work(staff, "console", write=False) as work:
        assert await work.session.scalar(select(func.count()).select_from(Obligation)) == STATIONS * QUARTERS
        shown = await stations.matrix(work, most=10)
        assert (len(shown.rounds), len(shown.stations), len(shown.cells)) == (8, 10, 80)
        assert [each.quarter for each in shown.rounds if not each.is_locked] == [NEWEST]
        page = await stations.listed(work, NEWEST, "owed", limit=200)
        assert sum(page.counts.values()) == STATIONS
        assert all(each.waits_for for each in page.listed)
        assert (page.counts["owed"], page.counts["returned"]) == (STATIONS // 4, STATIONS // 20)
        tree = await stations.tree(work, NEWEST)
        assert tree.counts["obliged"] == STATIONS
        assert 0 < tree.counts["unreachable"] < page.counts["owed"] + page.counts["returned"]
        assert (await stations.listed(work, "2026Q1", "missing")).counts["missing"] == STATIONS // 20
        calls = await stations.call_list(work)
        assert {each.why for each in calls} == {"unpaired", "silent"}


def test_the_matrix_and_who_is_missing_have_a_bound_for_the_slowest_of_twenty() -> None:
    seconds = {page.name: ([0.04] * 9 + [0.2], [0.01] * 10) for page in station_pages.PAGES}
    lines = list(station_pages.figures("SQLite", Asked(100_008, 1_008, seconds)))
    judged = [each for each in lines if each.target]
    assert all(each.name.endswith("p95") and each.met is False and each.reference == 10 for each in judged)
    assert {each.name.split(", ")[-1].partition(":")[0] for each in judged} >= {"the matrix", "who owes a record"}
    assert {each.target for each in judged} == {"< 100"}


def test_what_is_no_page_is_noticed() -> None:
    page = station_pages.PAGES[0]
    require_page(page, Answer(200, b""))
    with pytest.raises(ValueError, match="the matrix"):
        require_page(page, Answer(503, b""))
