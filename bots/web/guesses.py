"""Whoever types a code comes with it or guesses: a right one always passes, wrong ones are slowed."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bots.web.visit import Visit
from core.errors import Invalid, NotFound
from core.sealing import Receipt
from core.work import Work

Opened = TypeVar("Opened")


async def look_up(
    visit: Visit, name: str, read: Callable[[Work, Receipt], Awaitable[Opened]]
) -> tuple[Receipt, Opened]:
    """Return the code in the field ``name`` of the form, and what ``read`` opens with it.

    Raises `Invalid` or `NotFound` for a wrong one, which costs the source a try, and `TooMany` when it has none. A
    right one always passes: its 100 bits need no lock-out, and its holder may share an address with somebody else.
    """
    try:
        code = Receipt.parse(visit.posted.text(name))
        async with visit.work(write=False) as work:
            return code, await read(work, code)
    except (Invalid, NotFound):
        visit.site.throttle.take(visit.source)
        raise
