"""What is measured over many cases: a store that the desk takes for its own, pages that are pages, an honest table."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from nacl.signing import SigningKey

from bench import __main__ as bench
from bench import case_entering, cases
from bench.case_homes import fill, holder_of, strangers
from bench.case_rows import Cast, Holder, Store
from bench.case_threads import FOUND, GRANTED, WORD
from bench.client import Answer
from bench.pages import Asked
from core import warnings
from core.app import App
from core.app import cases as items
from core.cases import proceedings
from core.cases.proceedings.tables import CaseFile, CaseItem
from core.sealing import KeyPair
from tests.builders import OPERATOR
from tests.core.cases.offices import a_colleague

SEARCH = next(page for page in cases.PAGES if page.given)
NOW = datetime(2026, 9, 30, 9, tzinfo=UTC)
ASKED = Asked(100_000, 1_000, {page.name: ([0.04] * 9 + [0.2], [0.01] * 10) for page in cases.PAGES})


@pytest.fixture
def nobody() -> Cast:
    clerk, supervisor, officer, *others = [Holder(uuid4(), uuid4(), KeyPair.new().public) for _ in range(5)]
    return Cast(clerk, supervisor, officer, others)


async def test_a_filled_store_is_listed_counted_and_searched_by_those_whose_it_is(desk: App) -> None:
    office = "leading_group_office"
    clerk, supervisor = [await a_colleague(desk, role, office) for role in ("intake_clerk", "supervisor")]
    officer = await a_colleague(desk, "case_officer_org", "organisation_department")
    async with desk.work(OPERATOR, "cli") as work:
        of_clerk, of_supervisor, of_officer = [
            await holder_of(work, each.person_id) for each in (clerk, supervisor, officer)
        ]
        cast = Cast(of_clerk, of_supervisor, of_officer, await strangers(work, 2))
    store = Store(GRANTED, cast, NOW, desk.keys.signing_key)
    await fill(desk, store)
    async with desk.work(supervisor, "api", write=False) as work:
        assert sum((await proceedings.counts(work)).values()) == GRANTED // 20 * 4 // 5  # one in twenty is open
        assert len(await warnings.due(work)) > 0
    async with desk.work(clerk, "console", write=False) as work:
        assert len(await proceedings.accepted_items(work)) == 12  # four in five of those that wait
        assert (await items.counts(work)).waiting == len((await items.inbox(work, waiting=True)).items)
    async with desk.work(officer, "api") as work:
        found = await proceedings.search(work, WORD, reason="查找同类情形")
    assert (found.looked_through, len(found.hits), found.more) == (GRANTED, FOUND, False)


@pytest.mark.parametrize("plan", [bench.FULL, bench.QUICK])
def test_either_plan_searches_as_many_cases_in_both_stores(plan: bench.Plan, nobody: Cast) -> None:
    for number in (plan.cases, plan.few):
        store = Store(number, nobody, NOW, SigningKey.generate())
        ranks = [store.rank(each) for each in range(number)]
        assert sorted(each for each in ranks if each is not None) == list(range(GRANTED))


def test_every_case_of_a_store_has_an_item_of_its_own(nobody: Cast) -> None:
    rows = list(Store(GRANTED * 2, nobody, NOW, SigningKey.generate()).batches(300))
    joined = [line for batch in rows for line in batch.get(CaseItem, [])]
    assert len({line["item_id"] for line in joined}) == GRANTED * 2
    assert {line["case_id"] for line in joined} == {line["id"] for batch in rows for line in batch.get(CaseFile, [])}


def test_targets_are_set_for_the_slowest_of_twenty_alone() -> None:
    lines = list(cases.figures("SQLite", ASKED))
    assert len(lines) == len(cases.PAGES) * 2
    judged = [each for each in lines if each.target]
    assert all(each.name.endswith("p95") and each.met is False and each.reference == 10 for each in judged)
    assert {each.name.split(", ")[-1].partition(":")[0]: each.target for each in judged}[SEARCH.name] == "< 150"


def test_what_is_no_page_is_noticed() -> None:
    cases.require_page(SEARCH, answer(looked_through=GRANTED, hits=[{}] * FOUND))
    for wrong in (answer(503), answer(looked_through=GRANTED - 1, hits=[{}] * FOUND), answer(looked_through=GRANTED)):
        with pytest.raises(ValueError, match=SEARCH.name):
            cases.require_page(SEARCH, wrong)


@pytest.mark.parametrize(("numbers", "wrong"), [([3, 1, 2], 0), ([1, 2, 4], 1), ([1, 2, 2], 1), ([1, 4, 4], 3)])
def test_a_number_that_is_missing_or_given_twice_is_told(numbers: list[int], wrong: int) -> None:
    found = case_entering.Entering([0.1], numbers, refused=1, seconds=2)
    lines = {each.name.partition(": ")[2]: each for each in case_entering.entering_figures("SQLite", found)}
    assert lines["numbers missing or twice"].value == wrong
    assert lines["numbers missing or twice"].met is (wrong == 0)
    assert (lines["entries"].value, lines["refused"].met) == (0.5, False)


def answer(status: int = 200, **says: object) -> Answer:
    return Answer(status, json.dumps({"hits": [], **says}).encode())
