"""Updates that wait together: applied together, and each as if it were alone."""

import asyncio
from collections.abc import Sequence

import pytest

from bots.informant.batches import MOST, Batches


class Store:
    """Applies numbers, all that it is given or none; some it refuses."""

    def __init__(self, *refused: int) -> None:
        self.refused = set(refused)
        self.calls: list[list[int]] = []
        self.stored: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def apply(self, jobs: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(jobs))
        await self.gate.wait()
        if found := self.refused & set(jobs):
            raise ValueError(*found)
        self.stored += jobs
        return [2 * job for job in jobs]


async def test_who_waits_for_nobody_goes_alone() -> None:
    store = Store()
    batches = Batches(store.apply)
    assert [await batches.do(number) for number in (1, 2)] == [2, 4]
    assert store.calls == [[1], [2]]


async def test_who_waits_at_the_same_moment_goes_together_and_each_gets_their_own() -> None:
    store = Store()
    batches = Batches(store.apply)
    assert await asyncio.gather(*(batches.do(number) for number in range(5))) == [0, 2, 4, 6, 8]
    assert store.calls == [[0, 1, 2, 3, 4]]


async def test_no_more_than_so_many_go_together() -> None:
    store = Store()
    batches = Batches(store.apply)
    await asyncio.gather(*(batches.do(number) for number in range(MOST + 3)))
    assert [len(call) for call in store.calls] == [MOST, 3]


async def test_one_that_fails_changes_nothing_for_the_others() -> None:
    store = Store(3)
    batches = Batches(store.apply)
    done = await asyncio.gather(*(batches.do(number) for number in range(5)), return_exceptions=True)
    assert [done[number] for number in (0, 1, 2, 4)] == [0, 2, 4, 8]
    assert isinstance(done[3], ValueError)
    assert store.stored == [0, 1, 2, 4]


async def test_a_request_that_is_called_off_keeps_nobody_from_being_answered() -> None:
    store = Store()
    store.gate.clear()
    batches = Batches(store.apply)
    first, second = (asyncio.create_task(batches.do(number)) for number in (1, 2))
    await asyncio.sleep(0)
    first.cancel()
    store.gate.set()
    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await batches.do(5) == 10
