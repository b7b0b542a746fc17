"""Steps with many items at once: each item in a transaction of its own, so that one that fails takes no other along."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Generic, TypeVar
from uuid import UUID

from admin_api.gate import Caller
from admin_api.problems import Problem, describe
from core.app import access, cases
from core.cases import ItemSummary
from core.errors import Invalid, JingshiError, NotFound, NotSignedIn
from core.work import Work

MOST: Final = 200
"""Items that are dealt with at once: more than can be looked through, and a request still ends within seconds."""

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Row(Generic[Made]):
    """What came of one item: ``made`` by the verb, or the ``problem`` that it met; ``item`` as it stands afterwards."""

    item_id: UUID
    item: ItemSummary | None
    made: Made | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The items that were chosen; ``has_more`` when the filter finds more than `MOST`."""

    ids: Sequence[UUID]
    has_more: bool = False


async def all_that_match(caller: Caller, *, channel: str, state: str, waiting: bool) -> Chosen:
    """Return the newest items of the inbox under these filters, not only those of a page."""
    async with caller.begin(write=False) as work:
        page = await cases.inbox(work, channel=channel or None, state=state or None, waiting=waiting, limit=MOST)
    return Chosen([item.id for item in page.items], page.next is not None)


def fit(ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the ids, each once; raise `Invalid` (``nothing_chosen``, ``too_many_at_once``)."""
    found = list(dict.fromkeys(ids))
    if not found:
        raise Invalid("nothing_chosen", field="items")
    if len(found) > MOST:
        raise Invalid("too_many_at_once", field="items", limit=MOST)
    return found


async def each(
    caller: Caller, ids: Sequence[UUID], language: str, act: Callable[[Work, UUID], Awaitable[Made]]
) -> Sequence[Row[Made]]:
    """Carry ``act`` out for each item, in the order given; what fails is undone, and told in its row.

    Raises `Invalid` as `fit`, and `NotSignedIn`.
    """
    return [await _one(caller, item_id, language, act) for item_id in fit(ids)]


async def each_once(
    caller: Caller,
    ids: Sequence[UUID],
    language: str,
    act: Callable[[Work, UUID], Awaitable[access.Result]],
    *,
    key: str,
    request: bytes,
) -> Sequence[Row[access.Result]]:
    """Do as `each`, but each item once under ``key``: sent again, it carries on with what was not done."""

    async def once(work: Work, item_id: UUID) -> access.Result:
        own = f"{sha256(key.encode()).hexdigest()}:{item_id}"
        return await access.once(work, key=own, request=request, act=lambda: act(work, item_id))

    return await each(caller, ids, language, once)


async def _one(caller: Caller, item_id: UUID, language: str, act: Callable[[Work, UUID], Awaitable[Made]]) -> Row[Made]:
    try:
        async with caller.begin() as work:
            made = await act(work, item_id)
            return Row(item_id, await cases.summary(work, item_id), made, None)
    except NotSignedIn:
        raise
    except JingshiError as error:
        return Row(item_id, await _known(caller, item_id), None, describe(error, language))


async def _known(caller: Caller, item_id: UUID) -> ItemSummary | None:
    """Return the item as it stands, if the caller may know of it and the store answers."""
    try:
        async with caller.begin(write=False) as work:
            return await cases.summary(work, item_id)
    except JingshiError:
        return None


async def described(work: Work, ids: Sequence[UUID]) -> Sequence[Row[None]]:
    """Return the items as they stand; one that the person may not know of has none. Raises as `fit`."""
    found: list[Row[None]] = []
    for item_id in fit(ids):
        try:
            item = await cases.summary(work, item_id)
        except NotFound:
            item = None
        found.append(Row(item_id, item, None, None))
    return found
