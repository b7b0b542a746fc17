"""The sender: fast enough, never too fast, one at a time, and at peace with whatever the platform answers."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from core import jobs, outbox
from core.app import App
from core.db import Database
from core.errors import Unavailable
from core.outbox import turns
from core.outbox.sender import Sender
from core.work import Actor, Work
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.outbox.builders import (
    CHAT,
    WORKER,
    Carried,
    MemoryCarrier,
    VirtualTime,
    an_address,
    deliveries,
    owed,
    states,
    told_here,
)


@pytest.fixture
def carrier(clock: FixedClock) -> MemoryCarrier:
    return MemoryCarrier(VirtualTime(clock))


@pytest.fixture
def stop() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def sender(carrier: MemoryCarrier, stop: asyncio.Event) -> Sender:
    return Sender("informant", carrier, stop, time=carrier.time)


async def owe(intake: App, desk: App, *chats: str) -> None:
    """Owe a message to each of the chats, all about one item."""
    item_id = (await submitted(intake)).item_id
    for chat in chats:
        await told_here(intake, an_address(chat), item_id=item_id)
    await owed(desk, item_id)


def most_in_a_second(carried: list[Carried]) -> int:
    moments = [each.at for each in carried]
    return max(sum(start <= at < start + 1 for at in moments) for start in moments)


async def test_everything_that_is_due_is_sent_once(
    intake: App, desk: App, worker: App, sender: Sender, carrier: MemoryCarrier
) -> None:
    await owe(intake, desk, "1", "2", "3")
    for _ in range(2):
        await sender.send_due(worker)
    assert sorted(carrier.chats) == ["1", "2", "3"]
    assert {each.template for each in carrier.carried} == {outbox.REPLY_WAITING}
    assert await states(worker) == ["sent"] * 3


async def test_a_hundred_messages_leave_at_25_a_second_and_never_at_more_than_the_platform_takes(
    intake: App, desk: App, worker: App, sender: Sender, carrier: MemoryCarrier
) -> None:
    await owe(intake, desk, *map(str, range(100)))
    await sender.send_due(worker)
    moments = [each.at for each in carrier.carried]
    assert len(moments) == 100
    assert 99 / (moments[-1] - moments[0]) >= 25
    assert most_in_a_second(carrier.carried) <= 28


async def test_one_chat_gets_one_message_in_a_second_while_others_go_on(
    intake: App, desk: App, worker: App, sender: Sender, carrier: MemoryCarrier
) -> None:
    for _ in range(3):
        await owe(intake, desk, CHAT)
    await owe(intake, desk, *map(str, range(10)))
    await sender.send_due(worker)
    mine = [each for each in carrier.carried if each.address.chat == CHAT]
    assert len(mine) == 3
    assert most_in_a_second(mine) == 1
    assert carrier.chats.index("9") < carrier.chats.index(CHAT, carrier.chats.index(CHAT) + 1)


async def test_several_messages_are_on_their_way_at_once(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    class Slow(MemoryCarrier):
        """Answers the first message only when the last has come."""

        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            outcome = await super().carry(address, template, _about)
            if len(self.carried) == 40:
                all_have_left.set()
            await all_have_left.wait()
            return outcome

    all_have_left = asyncio.Event()
    time = VirtualTime(clock)
    await owe(intake, desk, *map(str, range(40)))
    await Sender("informant", Slow(time), asyncio.Event(), time=time).send_due(worker)
    assert await states(worker) == ["sent"] * 40


async def test_a_halt_is_kept_to_its_end_and_then_everything_is_sent(
    intake: App, desk: App, worker: App, sender: Sender, carrier: MemoryCarrier, clock: FixedClock
) -> None:
    await owe(intake, desk, *map(str, range(12)))
    carrier.ends = [outbox.Sent(), outbox.Halted(40)]
    await sender.send_due(worker)
    clock.move(timedelta(minutes=1))  # virtual seconds fly while a record is written: the ledger counts from later on
    await sender.send_due(worker)
    assert await states(worker) == ["sent"] * 12
    before = [each.at for each in carrier.carried if each.at < carrier.carried[1].at + 1]
    after = [each.at for each in carrier.carried if each.at >= carrier.carried[1].at + 1]
    assert len(before) <= 3  # what was on its way already
    assert min(after) >= carrier.carried[1].at + 40


async def test_a_fault_of_the_platform_delays_one_message_and_no_other(
    intake: App, desk: App, worker: App, sender: Sender, carrier: MemoryCarrier, clock: FixedClock
) -> None:
    await owe(intake, desk, "1", "2", "3")
    carrier.ends = [outbox.TryAgain()]
    await sender.send_due(worker)
    assert await states(worker) == ["queued", "sent", "sent"]
    clock.move(timedelta(seconds=30))
    await sender.send_due(worker)
    assert await states(worker) == ["sent"] * 3
    assert len(carrier.carried) == 4


async def test_a_refused_bot_keeps_everything_queued_and_says_so_once(
    intake: App, desk: App, worker: App, stop: asyncio.Event, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    class Resting(VirtualTime):
        """Tells the worker to stop when it rests for the third time longer than pacing makes it."""

        rests = 0

        async def rest(self, seconds: float, stop: asyncio.Event) -> None:
            await super().rest(seconds, stop)
            self.rests += seconds > 60
            if self.rests == 3:
                stop.set()

    time = Resting(clock)
    carrier = MemoryCarrier(time, ends=[outbox.Refused()] * 50)
    await owe(intake, desk, "1", "2", "3")
    with caplog.at_level(logging.WARNING):
        await Sender("informant", carrier, stop, time=time).send_due(worker)
    assert await states(worker) == ["queued"] * 3
    assert {row.attempt for row in await deliveries(worker)} == {0}
    assert [record.getMessage() for record in caplog.records] == [
        "the platform refuses the token of informant: its messages wait until it has a new one"
    ]
    assert len(carrier.carried) <= 9


async def test_whatever_a_bot_raises_the_message_is_uncertain_and_no_log_names_the_chat(
    intake: App, desk: App, worker: App, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    class Slip(MemoryCarrier):
        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            await super().carry(address, template, _about)
            raise ZeroDivisionError(address.chat)

    time = VirtualTime(clock)
    await owe(intake, desk, CHAT)
    with caplog.at_level(logging.DEBUG):
        await Sender("informant", Slip(time), asyncio.Event(), time=time).send_due(worker)
    (row,) = await deliveries(worker)
    assert (row.state, row.repeated) == ("queued", True)
    assert "a message of informant: ZeroDivisionError" in caplog.text
    assert CHAT not in caplog.text


async def test_told_to_stop_it_finishes_what_left_and_puts_back_the_rest(
    intake: App, desk: App, worker: App, stop: asyncio.Event, clock: FixedClock
) -> None:
    class Stopping(MemoryCarrier):
        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            stop.set()
            return await super().carry(address, template, _about)

    time = VirtualTime(clock)
    carrier = Stopping(time)
    await owe(intake, desk, *map(str, range(20)))
    await Sender("informant", carrier, stop, time=time).send_due(worker)
    left = len(carrier.carried)
    assert left < 5
    assert await states(worker) == ["queued"] * (20 - left) + ["sent"] * left
    assert {row.attempt for row in await deliveries(worker) if row.state == "queued"} == {0}


async def test_told_to_stop_it_does_not_wait_for_a_platform_that_is_silent(
    intake: App, desk: App, worker: App, stop: asyncio.Event, clock: FixedClock
) -> None:
    class Silent(MemoryCarrier):
        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            await super().carry(address, template, _about)
            stop.set()
            return await asyncio.Future[outbox.Outcome]()

    time = VirtualTime(clock)
    await owe(intake, desk, CHAT)
    async with asyncio.timeout(60):
        await Sender("informant", Silent(time), stop, time=time).send_due(worker)
    assert await states(worker) == ["sending"]  # whether it was sent nobody knows; the next turn finds it
    carrier = MemoryCarrier(time)
    clock.move(timedelta(minutes=1))
    await Sender("informant", carrier, asyncio.Event(), time=time).send_due(worker)
    clock.move(timedelta(seconds=30))
    await Sender("informant", carrier, asyncio.Event(), time=time).send_due(worker)
    assert carrier.chats == [CHAT]


async def test_of_two_workers_one_sends_and_the_other_leaves_it_to_that_one(
    intake: App, desk: App, worker: App, open_app: Callable[[str], App], clock: FixedClock
) -> None:
    other, second = open_app("worker"), MemoryCarrier()

    class Busy(MemoryCarrier):
        """While it sends, the other worker tries, and something new is owed to it."""

        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            if address.chat == "1":
                await owe(intake, desk, "new")
                await Sender("informant", second, asyncio.Event(), time=time).send_due(other)
            return await super().carry(address, template, _about)

    time = VirtualTime(clock)
    first = Busy(time)
    await owe(intake, desk, "1", "2")
    await Sender("informant", first, asyncio.Event(), time=time).send_due(worker)
    assert second.carried == []
    assert sorted(first.chats) == ["1", "2", "new"]


async def test_a_turn_is_free_again_when_its_holder_has_finished_or_failed(worker: App, desk: App) -> None:
    with pytest.raises(ZeroDivisionError):
        async with turns.taken(worker.database, "informant") as turn:
            assert turn is not None
            async with turns.taken(desk.database, "informant") as again:
                assert again is None
            async with turns.taken(desk.database, "liaison") as another:
                assert another is not None
            await turn.check()
            raise ZeroDivisionError
    async with turns.taken(desk.database, "informant") as turn:
        assert turn is not None


async def test_a_tick_enqueues_one_job_for_what_is_due_and_none_while_nothing_is(
    intake: App, desk: App, worker: App, sender: Sender
) -> None:
    calls = 0
    has_come = asyncio.Event()

    async def note(_context: jobs.Context, *_ids: UUID | int) -> None:
        nonlocal calls
        calls += 1
        has_come.set()

    async def tick() -> None:
        async with worker.work(WORKER, "worker") as work:
            await sender.tick(work)

    worker.jobs.handle("messages_informant", note)
    async with jobs.running(worker, worker.jobs):
        await tick()
        await owe(intake, desk, "1", "2")
        assert calls == 0
        for _ in range(3):
            await tick()
        async with asyncio.timeout(60):
            await has_come.wait()
    assert calls == 1


async def test_a_reply_reaches_the_chat_through_the_jobs_of_the_worker(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    has_come = asyncio.Event()

    class Awaited(MemoryCarrier):
        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            has_come.set()
            return await super().carry(address, template, _about)

    carrier, stop = Awaited(), asyncio.Event()
    sender = Sender("informant", carrier, stop)
    sender.register(worker.jobs)
    tick = next(each for each in worker.jobs.ticks if "informant" in each.name)
    await owe(intake, desk, CHAT)
    async with jobs.running(worker, worker.jobs):
        async with worker.work(WORKER, "worker") as work:
            await tick.source(work)
        async with asyncio.timeout(60):
            await has_come.wait()
            while await states(worker) != ["sent"]:
                continue
        stop.set()
    assert carrier.chats == [CHAT]


async def test_an_outage_of_the_store_is_told_and_loses_nothing(
    intake: App, desk: App, worker: App, clock: FixedClock
) -> None:
    class Falling(MemoryCarrier):
        async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
            store.is_away = True
            return await super().carry(address, template, _about)

    @dataclass
    class Store:
        """The worker's core, of which the database goes away while a message is on its way."""

        database: Database
        is_away: bool = False

        def work(self, actor: Actor, source: str, *, write: bool = True) -> AbstractAsyncContextManager[Work]:
            if self.is_away:
                raise Unavailable("database_unavailable")
            return worker.work(actor, source, write=write)

    store, time = Store(worker.database), VirtualTime(clock)
    await owe(intake, desk, CHAT)
    with pytest.raises(Unavailable):
        await Sender("informant", Falling(time), asyncio.Event(), time=time).send_due(store)
    assert await states(worker) == ["sending"]
    carrier = MemoryCarrier(time)
    again = Sender("informant", carrier, asyncio.Event(), time=time)
    await again.send_due(worker)
    clock.move(timedelta(seconds=30))
    await again.send_due(worker)
    assert carrier.chats == [CHAT]
    assert await states(worker) == ["sent"]
