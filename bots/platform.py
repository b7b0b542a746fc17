"""What a chat platform may come to mean, whichever library speaks to it, and how a bot waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from logging import Logger
from typing import Final, TypeVar

T = TypeVar("T")

_SOON: Final = 5  # seconds until something is tried again that failed for no reason that has a time of its own
_LONGEST_PAUSE: Final = 60.0


class Later(Exception):
    """The platform cannot be spoken to now; ``retry_after`` is in whole seconds."""

    def __init__(self, retry_after: int = _SOON) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Gone(Exception):
    """Nobody is there: the bot was blocked, the account is no more, or the group has become another chat."""


class Revoked(Exception):
    """The platform does not know our token any more."""


class Contact:
    """Whether the platform is reached and knows the token: said in the log whenever it changes, and once."""

    def __init__(self, log: Logger, called: str) -> None:
        self._log = log
        self._called = called
        self._is_reached: bool | None = None
        self._is_refused = False

    def reached(self, *, reached: bool) -> None:
        """Note whether the platform answered."""
        if reached and not self._is_reached:
            self._log.info("%s reaches the platform", self._called)
        if not reached and self._is_reached is not False:
            self._log.warning("%s does not reach the platform, and goes on trying; the pages go on", self._called)
        self._is_reached = reached

    def refused(self) -> None:
        """Note that the platform refuses the token."""
        if not self._is_refused:
            self._log.error("%s is off: the platform refuses its token; the pages go on", self._called)
        self._is_refused = True


async def patiently(call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """Call until it is not `Later`, longer apart each time; return ``None`` when ``stop`` was set meanwhile."""
    pause = 1.0
    while not stop.is_set():
        try:
            return await _unless(stop, call())
        except Later as later:
            pause = min(max(pause * 2, later.retry_after), _LONGEST_PAUSE)
            await _unless(stop, asyncio.sleep(pause))
    return None


async def _unless(stop: asyncio.Event, doing: Awaitable[T]) -> T | None:
    """Return what ``doing`` comes to, or ``None`` as soon as ``stop`` is set: then it is called off."""
    done, stopping = asyncio.ensure_future(doing), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({done, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return done.result() if done.done() else None
    finally:
        done.cancel()
        stopping.cancel()
        await asyncio.gather(done, stopping, return_exceptions=True)
