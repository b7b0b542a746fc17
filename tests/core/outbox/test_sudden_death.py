"""A worker is killed between the effect and its record; what comes of the message, on either database."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from core import outbox
from core.app import App
from core.outbox import turns
from core.outbox.sender import Sender
from core.outbox.tables import Delivery
from core.settings import Settings
from tests.conftest import FixedClock
from tests.core.outbox.builders import CHAT, MemoryCarrier, VirtualTime, owed, states, told_here
from tests.measuring import for_an_unmeasured_process

ROOT = Path(__file__).parents[3]


async def sent_by_one_who_is_killed(settings: Settings, effects: Path) -> Sequence[str]:
    """Start a worker, kill it as soon as its message has left, and return what left in all."""
    places = (settings.home, settings.keys, settings.database_url, effects)
    command = [sys.executable, "-m", "tests.core.outbox.killed", *map(str, places)]
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=for_an_unmeasured_process()
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"sent\n"
    child.kill()
    await child.wait()
    return lines(effects)


def lines(path: Path) -> Sequence[str]:
    return path.read_text().splitlines()


async def send_now(worker: App, clock: FixedClock) -> MemoryCarrier:
    """Let the next worker send what is due, once the server has noticed that the one before is gone."""
    while True:
        async with turns.taken(worker.database, "informant") as turn:
            if turn is not None:
                break
    time = VirtualTime(clock)
    carrier = MemoryCarrier(time)
    await Sender("informant", carrier, asyncio.Event(), time=time).send_due(worker)
    return carrier


async def test_a_reminder_of_a_killed_worker_is_sent_once_more_and_no_third_time(
    intake: App, desk: App, worker: App, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    await owed(desk, await told_here(intake))
    line = f"{CHAT} {outbox.REPLY_WAITING}"
    assert await sent_by_one_who_is_killed(settings, tmp_path / "effects") == [line]
    assert await states(worker) == ["sending"]

    assert (await send_now(worker, clock)).carried == []  # it is taken up again, after a while
    clock.move(timedelta(seconds=30))
    assert await sent_by_one_who_is_killed(settings, tmp_path / "effects") == [line, line]

    assert (await send_now(worker, clock)).carried == []
    assert await states(worker) == ["unknown"]
    clock.move(timedelta(days=1))
    assert (await send_now(worker, clock)).carried == []


async def test_a_reminder_that_was_sent_once_more_is_over(
    intake: App, desk: App, worker: App, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    await owed(desk, await told_here(intake))
    await sent_by_one_who_is_killed(settings, tmp_path / "effects")
    await send_now(worker, clock)
    clock.move(timedelta(seconds=30))
    assert (await send_now(worker, clock)).chats == [CHAT]
    assert await states(worker) == ["sent"]


async def test_a_notice_of_a_killed_worker_waits_for_a_person(
    intake: App, desk: App, worker: App, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    await owed(desk, await told_here(intake))
    async with worker.database.transaction() as session:
        await session.execute(update(Delivery).values(template="notice_of_a_decision"))
    await sent_by_one_who_is_killed(settings, tmp_path / "effects")
    await send_now(worker, clock)
    clock.move(timedelta(days=1))
    assert (await send_now(worker, clock)).carried == []
    assert await states(worker) == ["unknown"]
