"""The half-year review as a piece of work: what is to be read by whom, what is held, and what ends when."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core import stations
from core.app import App
from core.errors import Conflict, Denied, Invalid, NotFound
from core.sealing import Escrow
from core.stations.books.reviewing import quarters_of
from core.stations.tables import Obligation, RecordEntry
from core.work import Staff
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.stations.books.test_judging import WORKER, Desk, at_desk
from tests.core.stations.network import an_official
from tests.core.stations.records.test_filing import LOCKED, Round, round_

__all__ = ["round_"]  # the fixture of a station that has begun


async def standing(books: Desk, staff: Staff) -> stations.BookStanding:
    async with books.desk.work(staff, "console") as work:
        (found,) = (await stations.review(work, "2026H2")).books
    return found


def counts(found: stations.BookStanding) -> tuple[int, ...]:
    return found.open, found.theirs, found.mine, found.held, found.decided


async def by_worker(worker: App) -> int:
    async with worker.work(WORKER, "worker") as work:
        return await stations.destroy_unused(work)


@pytest.mark.parametrize(("half", "quarters"), [("2026H1", ("2026Q1", "2026Q2")), ("2025H2", ("2025Q3", "2025Q4"))])
def test_a_half_year_has_its_quarters(half: str, quarters: tuple[str, str]) -> None:
    assert quarters_of(half) == quarters
    assert {stations.half_of(each) for each in quarters} == {half}


@pytest.mark.parametrize("half", ["2026H3", "2026H0", "H1", "２０２６H1", "2026Q1"])
def test_what_is_no_half_year_is_an_error(half: str) -> None:
    with pytest.raises(Invalid, match="half_malformed"):
        quarters_of(half)


async def test_each_reader_sees_what_is_left_for_them(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    await a_unit(round_.network.desk, "liaison_station")  # after the round was opened: it has no book
    books = await at_desk(round_, escrow, worker, clock, "a", "b")
    first, second = await books.read()
    assert counts(await standing(books, books.first)) == (2, 0, 0, 0, 0)
    await books.propose(first.id, "no_action")
    assert [counts(await standing(books, each)) for each in (books.first, books.second)] == [
        (1, 0, 1, 0, 0),
        (1, 1, 0, 0, 0),
    ]
    await books.propose(second.id, "no_action")
    assert [(await standing(books, each)).waits for each in (books.first, books.second)] == [False, True]
    async with books.desk.work(books.second, "console") as work:
        found = await stations.review(work, "2026H2")
        assert [found.next_after(each) for each in (None, books.obligation_id)] == [found.books[0]] * 2
        assert (await stations.review(work, "2026H1")).books == []
    for each in (first, second):
        await books.confirm(each.id)
    assert counts(await standing(books, books.second)) == (0, 0, 0, 0, 2)
    with pytest.raises(Denied):
        await standing(books, books.privacy)


async def test_a_record_that_said_nothing_is_set_down_as_reviewed_by_one_reader(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    await round_.do(stations.file_nil)
    await round_.do(stations.sign, by=round_.head)
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
    staff = round_.network.staff
    assert await round_.network.do(lambda work: stations.set_down_reviewed(work, "2026H1"), staff=staff) == 0
    assert await round_.network.do(lambda work: stations.set_down_reviewed(work, "2026H2"), staff=staff) == 1
    course = await round_.network.do(lambda work: stations.course(work, round_.obligation_id))
    assert (course.state, course.steps[-1].name) == ("reviewed", "review")


async def test_a_record_with_something_to_decide_is_not_set_down(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a")
    (entry,) = await books.read()
    await books.propose(entry.id, "no_action")
    async with books.desk.work(books.second, "console") as work:
        assert await stations.set_down_reviewed(work, "2026H2") == 0


async def test_the_privacy_officer_sees_which_books_hold_entries_and_what_nobody_releases_is_deleted(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "a", "a", "b")

    async def held() -> list[tuple[UUID, int, str]]:
        async with books.desk.work(books.privacy, "console") as work:
            assert await stations.held_count(work) == len(await stations.held_books(work))
            return [(each.obligation_id, each.held, str(each.until)) for each in await stations.held_books(work)]

    assert await held() == [(books.obligation_id, 3, "2027-04-14")]
    assert counts(await standing(books, books.first)) == (1, 0, 0, 3, 0)
    one, *_, other = await books.read(books.privacy)
    async with books.desk.work(books.privacy, "console") as work:
        await stations.release_entry(work, one.id)
    assert await held() == [(books.obligation_id, 2, "2027-04-14")]
    for entry in (one, other):
        await books.propose(entry.id, "no_action")
        await books.confirm(entry.id)
    with pytest.raises(Denied):
        async with books.desk.work(books.first, "console") as work:
            await stations.held_books(work)
    clock.move(timedelta(days=190))
    assert await by_worker(worker) == 4
    assert await held() == []


async def test_what_became_an_item_is_in_the_case_store_alone(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    official = await an_official(round_.network.desk)
    books = await at_desk(round_, escrow, worker, clock, str(official))
    (entry,) = await books.read()
    assert (entry.by, str(entry.on), entry.is_urgent) == (round_.liaison.person_id, "2026-09-20", False)
    await books.propose(entry.id, "make_card")
    assert await books.confirm(entry.id) is not None
    async with books.desk.work(WORKER, "worker", write=False) as work:
        assert await work.session.scalar(select(RecordEntry.envelope)) == b""
    (after,) = await books.read()
    assert (list(after.lines), after.by, after.result, after.is_confirmed) == ([], None, "make_card", True)


async def test_a_reviewed_record_is_archived_when_nothing_of_it_is_left(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a")
    (entry,) = await books.read()
    await books.propose(entry.id, "positive_note")
    await books.confirm(entry.id)
    for days, state, left in ((150, "reviewed", 1), (40, "archived", 0), (400, "archived", 0)):
        clock.move(timedelta(days=days))
        await by_worker(worker)
        assert await books.state() == state
        async with books.desk.work(WORKER, "worker", write=False) as work:
            assert len((await work.session.scalars(select(RecordEntry.id))).all()) == left
    async with books.desk.work(books.first, "console") as work:
        assert [each.name for each in (await stations.course(work, books.obligation_id)).steps][-1] == "archive"
        head = await stations.book_head(work, books.obligation_id)
    assert (head.quarter, head.state, head.signed_by, head.entries) == ("2026Q3", "archived", "站长", 0)


async def test_a_missing_record_stays_missing(round_: Round, escrow: Escrow, worker: App, clock: FixedClock) -> None:
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
    clock.move(timedelta(days=400))
    await by_worker(worker)
    async with worker.work(WORKER, "worker", write=False) as work:
        assert await work.session.scalar(select(Obligation.state)) == "missing"
    async with round_.network.desk.work(round_.network.staff, "console") as work:
        found = await stations.review(work, "2026H2")
    assert (found.books, found.without) == ([], 1)


async def test_a_book_is_judged_at_once_and_what_both_readers_say_is_decided(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "b")
    first, second = [each.id for each in await books.read()]

    async def judged(staff: Staff, *results: str) -> tuple[int, int]:
        async with books.desk.work(staff, "console") as work:
            said = dict(zip((first, second), results, strict=True))
            return await stations.judge_book(work, books.obligation_id, said, opening_id=await books.opened(work))

    assert await judged(books.first, "no_action", "positive_note") == (2, 0)
    assert await judged(books.first, "no_action", "positive_note") == (0, 0)
    assert await judged(books.second, "no_action", "delete_irrelevant") == (1, 1)
    with pytest.raises(Conflict, match="entry_decided"):
        await judged(books.first, "no_action", "delete_irrelevant")
    assert counts(await standing(books, books.first)) == (0, 1, 0, 0, 1)  # nothing of it was taken
    with pytest.raises(NotFound, match="entry_unknown"):
        async with books.desk.work(books.first, "console") as work:
            said = {second: "delete_irrelevant"}
            await stations.judge_book(work, first, said, opening_id=await books.opened(work))
    with pytest.raises(Denied, match="reason_needed"):
        async with books.desk.work(books.first, "console") as work:
            await stations.judge_book(work, books.obligation_id, said, opening_id=first)
    async with books.desk.work(books.first, "console") as work:
        opening_id = await books.opened(work)
        assert await stations.judge_book(work, books.obligation_id, said, opening_id=opening_id) == (0, 1)
    assert await books.state() == "reviewed"
