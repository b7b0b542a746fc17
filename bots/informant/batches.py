"""Updates of different chats that wait at the same moment are applied in one transaction, and committed once.

One that waits for nobody goes alone and at once. Where one of several fails, nothing of them was stored: each is
applied again by itself, and only the one at fault fails.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Generic, TypeVar

MOST: Final = 32
"""So many go together at most: the last of them waits for the first."""

Job = TypeVar("Job")
Done = TypeVar("Done")


class Batches(Generic[Job, Done]):
    """Applies jobs by ``apply``, which does all that it is given or raises; no two of a call may be of one chat."""

    def __init__(self, apply: Callable[[Sequence[Job]], Awaitable[Sequence[Done]]]) -> None:
        self._apply = apply
        self._waiting: list[tuple[Job, asyncio.Future[Done]]] = []
        self._running: asyncio.Task[None] | None = None

    async def do(self, job: Job) -> Done:
        """Return what came of a job; raises what `apply` raised for it alone.

        Who is called off takes back what was not begun, and leaves what was begun only when it is over: until then its
        files may not be tidied away, and no other job of its chat may begin.
        """
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        running = self._running = self._running or asyncio.create_task(self._run())
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            others = [one for one in self._waiting if one[1] is not future]
            is_begun = len(others) == len(self._waiting)
            self._waiting = others
            if is_begun:
                over: set[asyncio.Future[Any]] = {future, running}  # the latter alone when all of it is called off
                await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
            if not future.done():
                future.cancel()
            elif not future.cancelled():
                future.exception()  # nobody is there to be told
            raise

    async def _run(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if not await self._try(together):
                    for one in together:
                        await self._try([one])
        finally:
            self._running = None

    async def _try(self, together: Sequence[tuple[Job, "asyncio.Future[Done]"]]) -> bool:
        """Apply jobs and tell those who wait; return whether that is done, in one way or the other."""
        try:
            results = await self._apply([job for job, _ in together])
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
            if len(together) > 1:
                return False
            if not together[0][1].done():
                together[0][1].set_exception(error)
            return True
        for (_, future), result in zip(together, results, strict=True):
            if not future.done():  # its request may be gone
                future.set_result(result)
        return True
