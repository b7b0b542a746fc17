"""The department reads a station's book with a reason, and two readers decide what becomes of each entry."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core import cases, stations
from core.app import App
from core.errors import Conflict, Denied, Forged, Invalid
from core.sealing import Escrow
from core.stations.tables import Obligation, RecordEntry
from core.work import Staff, System, Work
from tests.builders import hand_key
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import an_official
from tests.core.stations.records.test_filing import LOCKED, WORDS, Round, an_answer, round_

__all__ = ["round_"]  # the fixture of a station that has begun

REASON = "半年调阅记录簿"
WORKER = System("worker")


class Desk:
    """Two readers and a privacy officer, over the locked record of one station."""

    def __init__(self, desk: App, people: tuple[Staff, Staff, Staff], obligation_id: UUID) -> None:
        self.desk, self.obligation_id = desk, obligation_id
        self.first, self.second, self.privacy = people

    async def opened(self, work: Work) -> UUID:
        """Give the reason for which the book is read."""
        opening = await stations.begin_reading(work, self.obligation_id, REASON)
        await work.session.flush()
        return opening.id

    async def read(self, staff: Staff | None = None) -> list[stations.BookEntry]:
        async with self.desk.work(staff or self.first, "console") as work:
            opening_id = await self.opened(work)
            return list(await stations.read_book(work, self.obligation_id, opening_id=opening_id))

    async def propose(self, entry_id: UUID, result: str, staff: Staff | None = None) -> None:
        async with self.desk.work(staff or self.first, "console") as work:
            opening_id = await self.opened(work)
            await stations.propose_result(work, entry_id, result, opening_id=opening_id)

    async def confirm(self, entry_id: UUID, staff: Staff | None = None) -> UUID | None:
        async with self.desk.work(staff or self.second, "console") as work:
            opening_id = await self.opened(work)
            return await stations.confirm_result(work, entry_id, opening_id=opening_id)

    async def state(self) -> str:
        async with self.desk.work(WORKER, "worker", write=False) as work:
            return str(await work.session.scalar(select(Obligation.state)))


async def at_desk(round_: Round, escrow: Escrow, worker: App, clock: FixedClock, *officials: str) -> Desk:
    for official in officials:
        await round_.do(stations.add_entry, an_answer(official))
    await round_.do(stations.file)
    await round_.do(stations.sign, by=round_.head)
    clock.move(LOCKED - clock.now())
    async with worker.work(WORKER, "worker") as work:
        await stations.lock_due(work)
    desk = round_.network.desk
    first, second, privacy = [
        await a_colleague(desk, role, "leading_group_office")
        for role in ("supervisor", "supervisor", "privacy_officer")
    ]
    for each in (first, second, privacy):
        await hand_key(desk, "record", each.person_id, escrow)
    return Desk(desk, (first, second, privacy), round_.obligation_id)


async def test_a_book_opens_with_a_reason_and_the_record_key_alone(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a")
    (entry,) = await books.read()
    assert (entry.place, list(entry.lines), entry.result) == (1, [("什么事", WORDS)], None)
    with pytest.raises(Denied):
        await books.read(await a_colleague(books.desk, "intake_clerk", "leading_group_office"))
    with pytest.raises(Denied, match="shared_key_not_held"):
        await books.read(await a_colleague(books.desk, "supervisor", "leading_group_office"))


async def test_two_readers_decide_and_no_one_alone(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a")
    (entry,) = await books.read()
    with pytest.raises(Conflict, match="nothing_proposed"):
        await books.confirm(entry.id)
    with pytest.raises(Invalid, match="unknown_result"):
        await books.propose(entry.id, "warn")
    await books.propose(entry.id, "no_action")
    with pytest.raises(Denied, match="own_proposal"):
        await books.confirm(entry.id, books.first)
    await books.propose(entry.id, "positive_note", books.second)  # the other one sees it otherwise
    assert await books.confirm(entry.id, books.first) is None
    assert await books.state() == "reviewed"
    with pytest.raises(Conflict, match="entry_decided"):
        await books.propose(entry.id, "no_action")


async def test_an_entry_becomes_an_item_of_the_case_store_by_two_readers_alone(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    official = await an_official(round_.network.desk)
    books = await at_desk(round_, escrow, worker, clock, str(official))
    (entry,) = await books.read()
    await books.propose(entry.id, "make_card")
    item_id = await books.confirm(entry.id)
    assert item_id is not None
    clerk = await a_colleague(books.desk, "intake_clerk", "leading_group_office")
    async with books.desk.work(clerk, "console") as work:
        found = await cases.summary(work, item_id)
    assert (found.channel, found.body, found.state) == ("station_record", "leading_group_office", "acknowledged")


async def test_a_line_that_nobody_of_ours_put_into_the_book_is_not_read(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "b")
    first, second = await books.read()
    async with books.desk.work(WORKER, "worker") as work:
        rows = {each.id: each for each in await work.session.scalars(select(RecordEntry))}
        rows[first.id].place, rows[second.id].place = 3, 4
        await work.session.flush()
        rows[first.id].place, rows[second.id].place = 2, 1
    with pytest.raises(Forged, match="signature_wrong"):
        await books.read()


async def test_what_is_irrelevant_is_emptied_at_once_and_the_rest_when_its_time_is_over(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "b")
    first, second = await books.read()
    for entry, result in ((first, "delete_irrelevant"), (second, "no_action")):
        await books.propose(entry.id, result)
        await books.confirm(entry.id)
    assert [list(each.lines) for each in await books.read()] == [[], [("什么事", WORDS)]]
    for days, left in ((150, 2), (40, 0)):
        clock.move(timedelta(days=days))
        async with worker.work(WORKER, "worker") as work:
            await stations.destroy_unused(work)
            assert len((await work.session.scalars(select(RecordEntry.id))).all()) == left


async def test_what_is_held_shows_to_the_privacy_officer_and_waits_for_their_release(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a", "a", "a")
    held = await books.read()
    assert [(each.is_held, list(each.lines)) for each in held] == [(True, [])] * 3
    assert all(each.lines for each in await books.read(books.privacy))
    with pytest.raises(Denied, match="entry_held"):
        await books.propose(held[0].id, "no_action")
    async with books.desk.work(books.privacy, "console") as work:
        await stations.release_entry(work, held[0].id)
    await books.propose(held[0].id, "no_action")
    with pytest.raises(Denied):
        async with books.desk.work(books.first, "console") as work:
            await stations.release_entry(work, held[1].id)


async def test_nothing_is_decided_about_before_the_round_is_locked(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    books = await at_desk(round_, escrow, worker, clock, "a")
    (entry,) = await books.read()
    async with books.desk.work(WORKER, "worker") as work:
        for row in await work.session.scalars(select(Obligation)):
            row.state = "signed"
    with pytest.raises(Conflict, match="record_not_locked"):
        await books.propose(entry.id, "no_action")
