"""Updates that were asked for and are not answered yet: those of a chat in order, and no chat waits for another.

The platform is told that an update was taken when it and all before it are answered; until then it comes again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, Protocol, TypeVar

_PATIENCE: Final = 1.0  # seconds until the platform is asked for more while a chat has to wait


class Numbered(Protocol):
    """An update of the platform, whichever library read it."""

    @property
    def update_id(self) -> int:
        """Its number."""
        ...


Update = TypeVar("Update", bound=Numbered)


class Backlog(Generic[Update]):
    """Feeds updates by ``feed``, which returns when one is answered."""

    def __init__(self, feed: Callable[[Update], Awaitable[object]]) -> None:
        self._feed = feed
        self._next = 0
        self._open: set[int] = set()
        self._answered: set[int] = set()
        self._chats: dict[int, list[Update]] = {}
        self._feeding: set[asyncio.Task[None]] = set()

    @property
    def is_empty(self) -> bool:
        """Whether everything is answered."""
        return not self._open

    def offset(self) -> int:
        """Return the first update that is not answered."""
        self._next = min(self._open, default=max(self._answered, default=self._next - 1) + 1)
        self._answered = {number for number in self._answered if number >= self._next}
        return self._next

    def knows(self, number: int) -> bool:
        """Tell whether an update is here already."""
        return number in self._open or number in self._answered

    def pass_over(self, number: int) -> None:
        """Count an update as answered."""
        self._answered.add(number)

    def add(self, chat: int, update: Update) -> None:
        """Let an update be fed after those of its chat that came before."""
        self._open.add(update.update_id)
        if chat in self._chats:
            self._chats[chat].append(update)
        else:
            self._chats[chat] = [update]
            self._feeding.add(asyncio.create_task(self._feed_chat(chat)))

    async def settle(self) -> None:
        """Wait until everything is answered, for a moment at most; raises what ``feed`` raised."""
        if self._feeding:
            done, self._feeding = await asyncio.wait(self._feeding, timeout=_PATIENCE)
            for task in done:
                task.result()

    async def close(self) -> None:
        """Call off what is not answered."""
        for task in self._feeding:
            task.cancel()
        await asyncio.gather(*self._feeding, return_exceptions=True)

    async def _feed_chat(self, chat: int) -> None:
        while self._chats[chat]:
            update = self._chats[chat][0]
            await self._feed(update)
            del self._chats[chat][0]
            self._open.discard(update.update_id)
            self._answered.add(update.update_id)
        del self._chats[chat]
