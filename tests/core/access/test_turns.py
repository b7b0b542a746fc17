"""Slow work waits its turn, and a flood of it is turned away."""

import asyncio
import os
import threading

import pytest

from core.access.passwords import AT_ONCE, LONGEST_QUEUE, Turns
from core.errors import TooMany


async def test_few_run_at_once_some_wait_and_the_rest_are_turned_away() -> None:
    turns, go_on = Turns(), threading.Event()
    lock, running, most = threading.Lock(), 0, 0

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        go_on.wait()
        with lock:
            running -= 1
        return number

    waiting = [asyncio.create_task(turns(work, number)) for number in range(AT_ONCE + LONGEST_QUEUE)]
    await asyncio.sleep(0)  # each has taken its place
    with pytest.raises(TooMany, match="too_busy") as refused:
        await turns(work, 0)
    assert refused.value.retry_after > 0
    go_on.set()
    assert await asyncio.gather(*waiting) == list(range(AT_ONCE + LONGEST_QUEUE))
    assert most <= AT_ONCE
    assert await turns(work, 7) == 7


async def test_who_fails_or_goes_away_leaves_the_place_free() -> None:
    turns = Turns()
    for _ in range(AT_ONCE + LONGEST_QUEUE + 1):
        with pytest.raises(ZeroDivisionError):
            await turns(divmod, 1, 0)


def test_a_process_that_was_forked_after_slow_work_does_its_own() -> None:
    turns = Turns()

    async def work() -> int:
        async with asyncio.timeout(10):
            return await turns(pow, 2, 3)

    assert asyncio.run(work()) == 8
    child = os.fork()
    if not child:
        os._exit(asyncio.run(work()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 8
