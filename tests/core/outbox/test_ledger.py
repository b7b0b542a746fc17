"""The ledger: one message for each chat, claimed before it leaves, recorded after, and never a text."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, update

from core import cases, outbox
from core.app import App
from core.outbox import ledger
from core.outbox.ledger import Claimed
from core.outbox.outcomes import ATTEMPTS
from core.outbox.tables import Address, Delivery
from core.sealing import Escrow
from core.sealing.keyfiles import rotate_secret
from core.settings import Settings
from tests.builders import a_clerk
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.outbox.builders import CHAT, WORKER, an_address, asked_to_forget, deliveries, owed, states, told_here

NOTICE = "notice_of_a_decision"  # a template that this version does not know is never repeated


async def claim(worker: App, limit: int = 9) -> list[Claimed]:
    async with worker.work(WORKER, "worker") as work:
        return list(await ledger.claim(work, "informant", limit))


async def record(worker: App, claimed: Claimed, outcome: outbox.Outcome) -> None:
    async with worker.work(WORKER, "worker") as work:
        await ledger.record(work, claimed.id, outcome)


async def abandon(worker: App) -> int:
    async with worker.work(WORKER, "worker") as work:
        return await ledger.settle_abandoned(work, "informant")


async def one_claimed(intake: App, desk: App, worker: App) -> Claimed:
    await owed(desk, await told_here(intake))
    (claimed,) = await claim(worker)
    return claimed


async def addresses(app: App) -> int:
    async with app.database.transaction(write=False) as session:
        return len(list(await session.scalars(select(Address.id))))


async def make_a_notice(app: App) -> None:
    async with app.database.transaction() as session:
        await session.execute(update(Delivery).values(template=NOTICE))


async def test_a_reply_owes_a_message_to_whoever_asked_and_to_nobody_else(
    intake: App, desk: App, worker: App, escrow: Escrow
) -> None:
    item_id = await told_here(intake)
    silent = (await submitted(intake)).item_id
    clerk = await (await a_clerk(desk, escrow=escrow)).staff(desk)
    async with desk.work(clerk, "console") as work:
        await cases.answer(work, item_id, "已经登记。")
        await cases.ask_back(work, silent, "是哪一天？")
    (claimed,) = await claim(worker)
    assert (claimed.template, claimed.address) == (outbox.REPLY_WAITING, an_address())
    (row,) = await deliveries(worker)
    assert (row.item_id, row.state, row.attempt) == (item_id, "sending", 1)


async def test_a_reply_that_is_undone_owes_nothing(intake: App, desk: App, escrow: Escrow) -> None:
    item_id = await told_here(intake)
    clerk = await (await a_clerk(desk, escrow=escrow)).staff(desk)
    with pytest.raises(ZeroDivisionError):
        async with desk.work(clerk, "console") as work:
            await cases.answer(work, item_id, "已经登记。")
            raise ZeroDivisionError
    assert await deliveries(desk) == []


async def test_several_replies_before_the_first_was_sent_need_one_message(intake: App, desk: App, worker: App) -> None:
    item_id = await told_here(intake)
    assert [await owed(desk, item_id) for _ in range(3)] == [1, 0, 0]
    (claimed,) = await claim(worker)
    assert await owed(desk, item_id) == 1  # it is on its way already: this reply may have come too late for it
    await record(worker, claimed, outbox.Sent())
    assert await owed(desk, item_id) == 0
    assert len(await claim(worker)) == 1


@pytest.mark.parametrize("limit", [1, 9])
async def test_two_addresses_of_one_chat_lead_to_one_message(
    intake: App, desk: App, worker: App, clock: FixedClock, limit: int
) -> None:
    item_id = await told_here(intake)
    clock.move(timedelta(hours=1))
    await told_here(intake, an_address(language="en"), item_id=item_id)
    await told_here(intake, an_address(chat="another"), item_id=item_id)
    assert await owed(desk, item_id) == 3
    found = []
    while claimed := await claim(worker, limit):
        found += claimed
    assert sorted(each.address.chat for each in found) == sorted([CHAT, "another"])
    assert {each.address.language for each in found if each.address.chat == CHAT} == {"en"}  # the later wish
    assert len(await deliveries(worker)) == 2
    assert await addresses(worker) == 2


async def test_one_chat_is_told_about_each_of_its_items(intake: App, desk: App, worker: App) -> None:
    for _ in range(2):
        await owed(desk, await told_here(intake))
    assert [each.address.chat for each in await claim(worker)] == [CHAT, CHAT]
    assert await addresses(worker) == 2


async def test_a_message_that_waits_for_the_older_address_of_a_chat_is_kept(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    item_id = await told_here(intake)
    await owed(desk, item_id)
    clock.move(timedelta(hours=1))
    await told_here(intake, item_id=item_id)
    assert [each.address.chat for each in await claim(worker)] == [CHAT]


async def test_nothing_is_claimed_twice_or_before_it_is_due_or_for_another_bot(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    await one_claimed(intake, desk, worker)
    assert await claim(worker) == []
    await owed(desk, await told_here(intake))
    clock.move(-timedelta(seconds=1))
    assert await claim(worker) == []
    clock.move(timedelta(seconds=1))
    async with worker.work(WORKER, "worker") as work:
        assert await ledger.claim(work, "liaison", 9) == ()
    assert len(await claim(worker)) == 1


async def test_two_workers_that_claim_at_the_same_moment_never_get_the_same(
    intake: App, desk: App, worker: App, open_app: Callable[[str], App]
) -> None:
    for _ in range(6):
        await owed(desk, await told_here(intake))
    both = await asyncio.gather(claim(worker, 4), claim(open_app("worker"), 4))
    ids = [each.id for claimed in both for each in claimed]
    assert len(ids) == len(set(ids)) >= 4
    rest = await claim(worker)
    assert len(ids) + len(rest) == 6


async def test_what_was_claimed_and_has_not_left_is_put_back_as_it_was(intake: App, desk: App, worker: App) -> None:
    claimed = await one_claimed(intake, desk, worker)
    async with worker.work(WORKER, "worker") as work:
        await ledger.release(work, [claimed.id])
    (row,) = await deliveries(worker)
    assert (row.state, row.attempt) == ("queued", 0)


async def test_a_message_that_was_sent_is_over_and_its_hour_is_all_that_is_kept(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    clock.move(timedelta(minutes=17, seconds=3))
    await record(worker, await one_claimed(intake, desk, worker), outbox.Sent())
    (row,) = await deliveries(worker)
    assert row.state == "sent"
    assert {(at.minute, at.second) for at in (row.due_at, row.changed_at)} == {(0, 0)}
    assert await addresses(worker) == 1


async def test_a_chat_that_blocks_the_bot_loses_its_address(intake: App, desk: App, worker: App) -> None:
    claimed = await one_claimed(intake, desk, worker)
    await record(worker, claimed, outbox.Unreachable())
    (row,) = await deliveries(worker)
    assert (row.state, row.address_id) == ("unreachable", None)
    assert await addresses(worker) == 0
    assert row.item_id is not None
    assert await owed(desk, row.item_id) == 0


async def test_a_halt_holds_back_every_message_of_the_bot(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    claimed = await one_claimed(intake, desk, worker)
    await owed(desk, await told_here(intake))
    await record(worker, claimed, outbox.Halted(40))
    clock.move(timedelta(seconds=39))
    assert await claim(worker) == []
    clock.move(timedelta(seconds=1))
    assert len(await claim(worker)) == 2
    assert {row.attempt for row in await deliveries(worker)} == {1}


async def test_a_message_that_failed_waits_longer_each_time_and_is_given_up(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    claimed = await one_claimed(intake, desk, worker)
    for _ in range(ATTEMPTS - 1):
        await record(worker, claimed, outbox.TryAgain())
        clock.move(timedelta(hours=4))
        (claimed,) = await claim(worker)
    await record(worker, claimed, outbox.TryAgain())
    (row,) = await deliveries(worker)
    assert (row.state, row.attempt) == ("failed", ATTEMPTS)


async def test_a_group_that_moved_is_written_to_at_its_new_place(intake: App, desk: App, worker: App) -> None:
    await record(worker, await one_claimed(intake, desk, worker), outbox.Moved("-1001"))
    (claimed,) = await claim(worker)
    assert claimed.address == an_address(chat="-1001")
    async with worker.database.transaction(write=False) as session:
        assert b"-1001" not in (await session.scalars(select(Address.sealed))).one()


async def test_what_a_dead_worker_left_is_sent_once_more_and_then_left_alone(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    await one_claimed(intake, desk, worker)
    assert await abandon(worker) == 1
    clock.move(timedelta(seconds=30))
    assert len(await claim(worker)) == 1
    assert await abandon(worker) == 1
    assert await states(worker) == ["unknown"]
    clock.move(timedelta(days=1))
    assert await claim(worker) == []
    assert await abandon(worker) == 0


@pytest.mark.parametrize("is_crash", [True, False])
async def test_a_notice_of_a_decision_is_never_repeated_without_a_person(
    intake: App, desk: App, worker: App, clock: FixedClock, *, is_crash: bool
) -> None:
    await owed(desk, await told_here(intake))
    await make_a_notice(worker)
    (claimed,) = await claim(worker)
    if is_crash:
        await abandon(worker)
    else:
        await record(worker, claimed, outbox.Uncertain())
    clock.move(timedelta(days=400))
    assert await claim(worker) == []
    async with worker.work(WORKER, "worker") as work:
        assert await ledger.drop_over(work) == 0  # a person has not looked yet
    assert await states(worker) == ["unknown"]


async def test_an_end_is_recorded_once(intake: App, desk: App, worker: App) -> None:
    claimed = await one_claimed(intake, desk, worker)
    await record(worker, claimed, outbox.Sent())
    await record(worker, claimed, outbox.Uncertain())
    assert await states(worker) == ["sent"]


@pytest.mark.parametrize(("outcome", "left"), [(outbox.Sent(), ["sent"]), (outbox.TryAgain(), [])])
async def test_a_chat_that_is_forgotten_while_a_message_is_on_its_way_gets_no_other(
    intake: App, desk: App, worker: App, outcome: outbox.Outcome, left: list[str]
) -> None:
    claimed = await one_claimed(intake, desk, worker)
    await asked_to_forget(intake)
    async with worker.work(WORKER, "worker") as work:
        await outbox.carry_out_forgettings(work)
    await record(worker, claimed, outcome)
    assert await states(worker) == left


async def test_an_address_that_does_not_open_is_given_up_and_stops_no_other(
    intake: App, desk: App, worker: App, settings: Settings, open_app: Callable[[str], App]
) -> None:
    await owed(desk, await told_here(intake))
    for _ in range(2):
        rotate_secret(settings.keys, "worker", "notifier")
    assert await claim(open_app("worker")) == []
    assert await states(worker) == ["failed"]


async def test_the_ledger_has_no_room_for_a_text_or_a_chat(intake: App, desk: App, worker: App) -> None:
    await one_claimed(intake, desk, worker)
    (row,) = await deliveries(worker)
    held = {column.key: getattr(row, column.key) for column in inspect(Delivery).column_attrs}
    assert {key for key, value in held.items() if isinstance(value, str)} == {"bot", "template", "state"}
    assert not any(isinstance(value, bytes) for value in held.values())
    assert CHAT not in repr(await claim(worker))


async def test_what_is_over_goes_when_its_time_has_come_and_the_rest_stays(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    ends: list[outbox.Outcome] = [outbox.Sent(), outbox.Unreachable(), outbox.Uncertain()]
    for _ in ends:
        await owed(desk, await told_here(intake))
    for claimed, end in zip(await claim(worker), ends, strict=True):
        await record(worker, claimed, end)
    clock.move(timedelta(days=worker.policy.days("ledger_kept")) - timedelta(seconds=1))
    async with worker.work(WORKER, "worker") as work:
        assert await outbox.drop_over(work) == 0
    clock.move(timedelta(seconds=1))
    async with worker.work(WORKER, "worker") as work:
        assert await outbox.drop_over(work) == 2
    assert await states(worker) == ["queued"]


async def test_the_figures_say_how_much_is_owed_and_since_when(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    async def figures() -> outbox.Figures:
        async with worker.work(WORKER, "worker", write=False) as work:
            return await outbox.figures(work)

    assert (await figures()).oldest_queued is None
    claimed = await one_claimed(intake, desk, worker)
    clock.move(timedelta(minutes=5))
    await owed(desk, await told_here(intake))
    await record(worker, claimed, outbox.TryAgain())
    clock.move(timedelta(minutes=2))
    found = await figures()
    assert found.oldest_queued == timedelta(minutes=7)  # waiting between attempts does not make it younger
    assert found.by_state == {"queued": 2, "sending": 0, "sent": 0, "failed": 0, "unreachable": 0, "unknown": 0}
