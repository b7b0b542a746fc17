"""Slowing down who guesses: tries are counted before they are made, so that many at once gain nothing."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from hashlib import blake2b
from math import ceil

from sqlalchemy import update

from core.access.limits import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT
from core.access.rows import add_if_new
from core.access.tables import Tries
from core.errors import TooMany
from core.work import Work

Begin = Callable[[], AbstractAsyncContextManager[Work]]
"""Begins a piece of work: `App.work` with its actor and source filled in.

Verbs that check a secret ask for this in place of a `Work`: the try must stay counted when it fails, and nothing that
is slow may happen while a transaction is open.
"""


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many tries in vain: nothing at first, then twice as long each time."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 16)  # beyond, the longest wait holds anyway
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


async def count_try(work: Work, what: str, whose: str) -> None:
    """Count a try at ``what`` of ``whose`` as one in vain; commit before making it, and `forget_tries` on success.

    Raises `TooMany` (``wait_before_next_try``) while the wait after the ones before lasts; that one does not count.
    """
    handle, now = _handle(work, what, whose), work.now()
    await add_if_new(work.session, Tries(handle=handle, failures=0, tried_at=now, wait_until=now))
    row = await work.session.get_one(Tries, handle, with_for_update=True, populate_existing=True)
    if row.wait_until > now:
        raise TooMany("wait_before_next_try", retry_after=ceil((row.wait_until - now).total_seconds()))
    row.failures += 1
    row.tried_at = now
    row.wait_until = now + wait_after(row.failures)


async def forget_tries(work: Work, what: str, whose: str) -> None:
    """Forget the tries in vain: this one was right."""
    row = update(Tries).where(Tries.handle == _handle(work, what, whose))  # kept: another try may be waiting for it
    await work.session.execute(row.values(failures=0, wait_until=work.now()))


def _handle(work: Work, what: str, whose: str) -> bytes:
    return blake2b(f"{what}\0{whose}".encode(), key=work.keys.current("lookup-hmac"), digest_size=32).digest()
