"""Updates of a chat platform: applied once, whatever is delivered again, and kept as a code that says nothing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from core import audit, updates
from core.app import App
from core.sealing.keyfiles import rotate_secret
from core.settings import Settings
from core.updates import UpdateKey
from core.work import Reporter, System
from tests.conftest import FixedClock

BOT = "informant"


async def applied(app: App, update_id: int = 7, bot: str = BOT) -> bool:
    async with app.work(Reporter(), "telegram") as work:
        return await updates.first_time(work, bot, update_id)


async def was_seen(app: App, update_id: int = 7, bot: str = BOT) -> bool:
    async with app.work(Reporter(), "telegram", write=False) as work:
        return await updates.seen(work, bot, update_id)


async def kept(app: App) -> list[UpdateKey]:
    async with app.database.transaction(write=False) as session:
        return list(await session.scalars(select(UpdateKey)))


async def test_an_update_is_applied_the_first_time_and_never_again(intake: App) -> None:
    assert [await applied(intake) for _ in range(3)] == [True, False, False]
    assert len(await kept(intake)) == 1


async def test_what_was_applied_is_known_before_something_slow_is_begun(intake: App) -> None:
    assert not await was_seen(intake)
    await applied(intake)
    assert await was_seen(intake)


async def test_the_same_number_of_another_bot_is_another_update(intake: App) -> None:
    assert await applied(intake)
    assert not await was_seen(intake, bot="liaison")
    assert await applied(intake, bot="liaison")
    assert await applied(intake, update_id=8)


async def test_a_step_that_is_undone_leaves_no_key(intake: App) -> None:
    with pytest.raises(ZeroDivisionError):
        async with intake.work(Reporter(), "telegram") as work:
            assert await updates.first_time(work, BOT, 7)
            audit.record(work, "test", "written", "7")
            raise ZeroDivisionError
    assert await kept(intake) == []
    assert await applied(intake)


async def test_of_two_that_apply_an_update_at_the_same_moment_one_does(
    intake: App, open_app: Callable[[str], App]
) -> None:
    assert sorted(await asyncio.gather(*(applied(app) for app in (intake, open_app("intake"), intake)))) == [
        False,
        False,
        True,
    ]


async def test_the_second_waits_for_the_first_and_applies_it_when_that_is_undone(
    intake: App, open_app: Callable[[str], App]
) -> None:
    tasks: list[asyncio.Task[bool]] = []
    with pytest.raises(ZeroDivisionError):
        async with intake.work(Reporter(), "telegram") as work:
            assert await updates.first_time(work, BOT, 7)
            tasks.append(asyncio.create_task(applied(open_app("intake"))))
            for _ in range(20):  # round trips, in which the second gets as far as it can
                await work.session.execute(text("SELECT 1"))
            assert not tasks[0].done()
            raise ZeroDivisionError
    assert await tasks[0]
    assert len(await kept(intake)) == 1


@pytest.mark.parametrize("turns", [1, 2])
async def test_an_update_is_known_under_the_key_before_this_one_and_under_no_older(
    intake: App, settings: Settings, open_app: Callable[[str], App], turns: int
) -> None:
    await applied(intake)
    for _ in range(turns):
        rotate_secret(settings.keys, "intake", "drafts-hmac", keep=2)
    turned = open_app("intake")
    assert await was_seen(turned) == (turns == 1)
    assert await applied(turned) == (turns == 2)


async def test_the_code_says_neither_which_bot_nor_which_update(intake: App, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=31, seconds=7))
    for number in (7, 8):
        await applied(intake, number)
    rows = await kept(intake)
    assert {len(row.code) for row in rows} == {16}
    assert len({row.code[:8] for row in rows}) == 2
    assert {(row.seen_at.minute, row.seen_at.second) for row in rows} == {(0, 0)}


async def test_a_key_goes_when_the_update_cannot_come_again(intake: App, worker: App, clock: FixedClock) -> None:
    async def expire() -> int:
        async with worker.work(System("worker"), "worker") as work:
            return await updates.expire(work)

    await applied(intake)
    clock.move(updates.KEPT - timedelta(seconds=1))
    await applied(intake, 8)
    assert await expire() == 0
    clock.move(timedelta(seconds=1))
    assert await expire() == 1
    assert await was_seen(intake, 8)
    assert not await was_seen(intake)
