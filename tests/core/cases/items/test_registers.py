"""The register books: numbered without a gap, read with a reason and a key, each in its body."""

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from core import access, audit, cases
from core.app import App
from core.cases import BookName
from core.cases.items.tables import RegisterLine
from core.errors import Denied, Forged, Invalid, KeyLocked, NotFound
from core.sealing import Escrow
from tests.builders import Member, a_member, hand_key, sign_in
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.cases.items.entries import (
    COMMISSION,
    OFFICE,
    WHO,
    a_book,
    a_coded_unit,
    a_register_clerk,
    an_auditor,
    an_entry,
    entered,
)

TELEPHONE = BookName(OFFICE, "telephone", 2026)
LETTERS = BookName(OFFICE, "letter", 2026)
RECEIVED = BookName(OFFICE, "bot_intake", 2026)
CLERKS = 64


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Member:
    await a_coded_unit(desk, "luting")
    return await a_register_clerk(desk, escrow)


async def test_a_line_says_from_whom_in_general_about_whom_and_what_and_never_who_reported(
    desk: App, clerk: Member
) -> None:
    await entered(desk, clerk, an_entry(subject="分管建设的副主任", **WHO))
    (line,) = (await a_book(desk, clerk, TELEPHONE)).lines
    assert line.content == cases.LineContent(
        identity_mode="named",
        subject_kind="section_official",
        category="on_duty:M1",
        unit="luting",
        subject="分管建设的副主任",
        what="借阅窗口常关着",
    )
    assert (line.number, f"{line.entered_on}", line.channel, line.clerk_id) == (
        1, "2026-09-30", "telephone", clerk.person_id,
    )  # fmt: skip


async def test_each_book_each_body_and_each_year_counts_from_one(
    desk: App, clerk: Member, escrow: Escrow, clock: FixedClock
) -> None:
    made = [await entered(desk, clerk, an_entry(way)) for way in ("telephone", "letter", "telephone", "visit")]
    made += [await entered(desk, clerk, an_entry(subject_kind="not_sure", unit=""))]
    clock.move(timedelta(days=92, hours=11))  # 23:00 on 31 December in Shanghai
    late = await a_register_clerk(desk, escrow)
    made += [await entered(desk, late, an_entry())]
    clock.move(timedelta(minutes=29))
    await late.staff(desk)
    clock.move(timedelta(minutes=29))
    await late.staff(desk)
    clock.move(timedelta(minutes=2))
    made += [await entered(desk, late, an_entry())]
    places = [(each.body, each.register, each.year, each.number) for each in made]
    assert places == [
        (OFFICE, "telephone", 2026, 1),
        (OFFICE, "letter", 2026, 1),
        (OFFICE, "telephone", 2026, 2),
        (OFFICE, "letter", 2026, 2),
        (COMMISSION, "telephone", 2026, 1),
        (OFFICE, "telephone", 2026, 3),
        (OFFICE, "telephone", 2027, 1),
    ]
    async with desk.work(await late.staff(desk), "console") as work:
        shown = [(each.name.register, each.name.year, each.lines) for each in await cases.books(work)]
    assert shown == [("telephone", 2027, 1), ("telephone", 2026, 3), ("letter", 2026, 2)]


async def test_sixty_four_clerks_at_once_leave_no_gap_and_meet_no_error(desk: App, clerk: Member) -> None:
    staff = await clerk.staff(desk)

    async def enter() -> int | None:
        async with desk.work(staff, "console") as work:
            made = await cases.enter(work, an_entry())
        assert isinstance(made, cases.Entered)
        return made.number

    begun = time.perf_counter()
    numbers = await asyncio.gather(*[enter() for _ in range(CLERKS)])
    assert time.perf_counter() - begun < 10
    assert sorted(numbers, key=lambda number: number or 0) == list(range(1, CLERKS + 1))


async def test_an_entry_that_fails_takes_no_number(desk: App, clerk: Member) -> None:
    with pytest.raises(ZeroDivisionError):
        async with desk.work(await clerk.staff(desk), "console") as work:
            await cases.enter(work, an_entry())
            raise ZeroDivisionError
    assert (await entered(desk, clerk, an_entry())).number == 1


async def test_what_came_by_itself_stands_in_its_book_in_the_order_in_which_it_was_received(
    desk: App, intake: App, clerk: Member, escrow: Escrow, clock: FixedClock
) -> None:
    first = await submitted(intake)
    await submitted(intake, subject_kind="not_sure")
    await entered(desk, clerk, an_entry())
    assert (await a_book(desk, clerk, RECEIVED)).lines == []  # its hour is not over
    clock.move(timedelta(hours=1))
    second = await submitted(intake)
    clock.move(timedelta(hours=1))
    lines = (await a_book(desk, await a_register_clerk(desk, escrow), RECEIVED)).lines
    assert [(line.number, line.item_id, line.content, line.clerk_id) for line in lines] == [
        (1, first.item_id, None, None),
        (2, second.item_id, None, None),
    ]


async def test_a_book_is_paged_by_number(desk: App, clerk: Member) -> None:
    for _ in range(5):
        await entered(desk, clerk, an_entry())
    seen, after = [], 0
    while True:
        book = await a_book(desk, clerk, TELEPHONE, after=after, limit=2)
        seen += [[line.number for line in book.lines]]
        if book.next is None:
            break
        after = book.next
    assert seen == [[1, 2], [3, 4], [5]]


async def test_a_line_that_was_taken_out_is_missed(desk: App, clerk: Member) -> None:
    for _ in range(4):
        await entered(desk, clerk, an_entry())
    async with desk.database.transaction() as session:
        await session.execute(delete(RegisterLine).where(RegisterLine.number.in_([1, 3])))
    assert list((await a_book(desk, clerk, TELEPHONE)).missing) == [1, 3]


async def test_a_line_that_was_changed_is_not_shown(desk: App, clerk: Member) -> None:
    await entered(desk, clerk, an_entry())
    somebody = await a_member(desk)
    async with desk.database.transaction() as session:
        await session.execute(update(RegisterLine).values(clerk_id=somebody.person_id))
    with pytest.raises(Forged):
        await a_book(desk, clerk, TELEPHONE)


async def test_a_line_is_emptied_without_a_word_only_with_its_item(desk: App, clerk: Member) -> None:
    await entered(desk, clerk, an_entry())
    async with desk.database.transaction() as session:
        await session.execute(update(RegisterLine).values(envelope=b""))
    with pytest.raises(Forged):
        await a_book(desk, clerk, TELEPHONE)


async def test_every_reading_and_every_export_is_recorded_with_its_reason(
    desk: App, clerk: Member, escrow: Escrow
) -> None:
    await entered(desk, clerk, an_entry())
    async with desk.work(await clerk.staff(desk), "console") as work:
        opening = await cases.begin_reading(work, TELEPHONE, "打印归档，年底移交")
        await cases.read_book(work, TELEPHONE, opening_id=opening.id)
        assert len((await cases.export_book(work, TELEPHONE, opening_id=opening.id)).lines) == 1
    auditor = await an_auditor(desk, escrow)
    await hand_key(desk, "audit", auditor.person_id, escrow)
    async with desk.work(await auditor.staff(desk), "console") as work:
        found = [each for each in await audit.entries(work) if each.subject_id == str(TELEPHONE.id)]
        keys = await access.open_shared_keys(work, "audit")
        reasons = [audit.open_reason(each, keys[0]) for each in found if each.sealed_reason]
    assert sorted(each.action for each in found) == [
        f"console:register:{did}" for did in ("exported", "opened", "read")
    ]
    assert {each.actor for each in found} == {f"staff:{clerk.person_id}"}
    assert reasons == ["打印归档，年底移交"]


async def test_without_a_reason_of_ones_own_for_this_book_it_stays_closed(
    desk: App, clerk: Member, escrow: Escrow, clock: FixedClock
) -> None:
    other = await a_register_clerk(desk, escrow)
    async with desk.work(await clerk.staff(desk), "console") as work:
        opening = await cases.begin_reading(work, TELEPHONE, "核对当天的登记")
        with pytest.raises(Invalid, match="reason_too_short"):
            await cases.begin_reading(work, TELEPHONE, "看")
    for member, name in ((clerk, LETTERS), (other, TELEPHONE)):
        async with desk.work(await member.staff(desk), "console") as work:
            with pytest.raises(Denied, match="reason_needed"):
                await cases.read_book(work, name, opening_id=opening.id)
            with pytest.raises(Denied, match="reason_needed"):
                await cases.export_book(work, name, opening_id=opening.id)
    clock.move(timedelta(minutes=29))
    async with desk.work(await clerk.staff(desk), "console") as work:
        await cases.read_book(work, TELEPHONE, opening_id=opening.id)
    clock.move(timedelta(minutes=2))
    async with desk.work(await clerk.staff(desk), "console") as work:
        with pytest.raises(Denied, match="reason_needed"):
            await cases.read_book(work, TELEPHONE, opening_id=opening.id)


async def test_auditors_read_the_books_of_both_bodies_and_open_no_item(
    desk: App, clerk: Member, escrow: Escrow
) -> None:
    made = await entered(desk, clerk, an_entry())
    await entered(desk, clerk, an_entry(subject_kind="not_sure", unit=""))
    auditor = await an_auditor(desk, escrow, OFFICE, COMMISSION)
    for body in (OFFICE, COMMISSION):
        (line,) = (await a_book(desk, auditor, BookName(body, "telephone", 2026))).lines
        assert line.content is not None
    async with desk.work(await auditor.staff(desk), "console") as work:
        with pytest.raises(Denied):
            await access.begin_opening(work, made.item_id, "看看这一件")


async def test_nobody_else_reads_a_book(desk: App, clerk: Member, escrow: Escrow) -> None:
    await entered(desk, clerk, an_entry())
    commissioner = await a_register_clerk(desk, escrow, COMMISSION)
    with pytest.raises(Denied, match="register_of_another_body"):
        await a_book(desk, commissioner, TELEPHONE)
    async with desk.work(await commissioner.staff(desk), "console") as work:
        assert await cases.books(work) == []
    with pytest.raises(Denied, match="not_permitted"):
        await a_book(desk, await sign_in(desk, await a_member(desk, "supervisor")), TELEPHONE)
    with pytest.raises(Denied, match="shared_key_not_held"):
        await a_book(desk, await an_auditor(desk, escrow, COMMISSION), TELEPHONE)
    locked = await sign_in(desk, clerk, step=1, unlocked=False)
    with pytest.raises(KeyLocked):
        await a_book(desk, locked, TELEPHONE)
    with pytest.raises(NotFound):
        await a_book(desk, clerk, BookName(OFFICE, "diary", 2026))


async def test_lines_from_before_a_new_key_are_read_by_those_who_hold_the_old_one(
    desk: App, clerk: Member, escrow: Escrow
) -> None:
    await entered(desk, clerk, an_entry())
    async with desk.work(await clerk.staff(desk), "console") as work:
        await access.rotate_shared_key(work, f"register:{OFFICE}")
    desk.forget_shared_keys()
    await entered(desk, clerk, an_entry())
    assert [bool(line.content) for line in (await a_book(desk, clerk, TELEPHONE)).lines] == [True, True]
