"""The inbox of items, in clear: what may be listed, page by page, and how much of it there is."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from core import access
from core.cases.items.tables import Fact, Item, Reply, Withdrawal
from core.db import written_out
from core.errors import NotFound
from core.work import Work

PAGE = 50
WITHOUT_CONTENT = frozenset({"withdrawn", "routed_up"})
UNDECIDED = frozenset({"received", "acknowledged", "carded"})
"""The states in which an item waits for a first word; later it has had one, or its case goes its way."""
_WAITING = "waiting"  # in the place of a state, for the counts


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """An item as it stands in a list: nothing of what it says.

    It ``waits`` while nobody replied to the last word; once it was decided about, only for what was added after that.
    """

    id: UUID
    channel: str
    body: str
    state: str
    received_at: datetime
    replies: int
    facts: int
    has_identity: bool
    wants_questions: bool
    withdrawal_asked: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items the person may know of: in each state that occurs, and waiting for staff."""

    states: Mapping[str, int]
    waiting: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ``next`` is the key to go on from, or nothing at the end."""

    items: Sequence[ItemSummary]
    next: tuple[datetime, UUID] | None


async def inbox(
    work: Work,
    *,
    channel: str | None = None,
    state: str | None = None,
    waiting: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return a page of the items that the person may know of, newest first, after the key ``after``.

    Those are the items of the bodies in which they may list, and the items granted to them. Each part is read in order
    from an index, and then they are merged: to sort the whole would sort all items.
    """
    await work.transaction.flush()
    given = {"channel": channel, "state": state, "after_at": after and after[0], "after_id": after and after[1]}
    wanted = frozenset(name for name, value in given.items() if value)
    statement = _newest(_bodies(work), wanted, waiting, limit)
    rows = await work.connection.execute(statement, {**given, "person": access.signed_in(work).person_id})
    found = [ItemSummary(*row) for row in rows]
    more = len(found) > limit
    return Page(found[:limit], (found[limit - 1].received_at, found[limit - 1].id) if more else None)


async def counts(work: Work, *, channel: str | None = None, states: Collection[str] | None = None) -> Counts:
    """Return the counts of the inbox, of one channel if it is named; of these ``states`` alone if they are named."""
    await work.transaction.flush()
    given = {"channel": channel, "person": access.signed_in(work).person_id}
    statement = _counted(_bodies(work), bool(channel), None if states is None else tuple(states))
    found = Counter[str]()
    for state, number in await work.connection.execute(statement, given):
        found[state] += number
    waiting = found.pop(_WAITING)
    return Counts(found, waiting)


async def summary(work: Work, item_id: UUID) -> ItemSummary:
    """Return one item's clear facts; raise `NotFound` when there is none or the person may not know of it."""
    row = (await work.session.execute(_summaries().where(_visible(work), Item.id == item_id))).one_or_none()
    if row is None:
        raise NotFound("item_not_found")
    return ItemSummary(*row)


def _visible(work: Work) -> ColumnElement[bool]:
    """The one filter that every read of items passes: own bodies, and what was granted."""
    bodies = sorted(access.bodies(work, "item.list"))
    return or_(Item.body.in_(bodies), Item.id.in_(access.targets_granted(work, "item")))


Bodies = tuple[str, ...]
Summaries = Select[UUID, str, str, str, datetime, int, int, bool, bool, bool, bool]
_GRANTED: Final = access.targets_sealed_to(bindparam("person"), "item")


def _parts(bodies: Bodies) -> Iterator[ColumnElement[bool]]:
    """Yield the same, taken apart so that nothing overlaps: each own body, and what was granted beyond.

    Most people were granted nothing: that is asked once, and then there is nothing to go through.
    """
    for body in bodies:
        yield Item.body == body
    has_any = _GRANTED.limit(1).scalar_subquery().is_not(None)
    yield and_(has_any, Item.id.in_(_GRANTED), Item.body.not_in(bodies))


def _bodies(work: Work) -> Bodies:
    return tuple(sorted(access.bodies(work, "item.list")))


# The two that follow are put together once for each shape: that costs more than to run them.


@cache
def _newest(bodies: Bodies, wanted: frozenset[str], waiting: bool, limit: int) -> Summaries:  # noqa: FBT001 - part of a shape
    """Return the statement for a page of the inbox; it is given values for what is ``wanted``, and the ``person``."""
    filters = [
        condition
        for name, condition in (
            ("channel", Item.channel == bindparam("channel")),
            ("state", Item.state == bindparam("state")),
            ("after_at", tuple_(Item.received_at, Item.id) < tuple_(_AFTER_AT, _AFTER_ID)),
        )
        if name in wanted
    ]
    parts = [select(Item.id).where(part, *filters) for part in _parts(bodies)]
    if waiting:  # each state by itself, as the index has them in order
        parts = [part.where(Item.state == state, _has_no_word()) for part in parts for state in sorted(UNDECIDED)]
    order = (Item.received_at.desc(), Item.id.desc())
    newest = [part.order_by(*order).limit(limit + 1) for part in parts]
    if waiting:
        newest.append(_supplemented(or_(*_parts(bodies)), *filters).limit(limit + 1))
    found = union_all(*(select(each.subquery()) for each in newest))
    return written_out(_summaries().where(Item.id.in_(found)).order_by(*order).limit(limit + 1))


@cache
def _counted(bodies: Bodies, of_channel: bool, states: tuple[str, ...] | None) -> CompoundSelect[Any]:  # noqa: FBT001 - as above
    """Return the statement for the counts; it is given the ``channel`` (``of_channel``), and the ``person``."""
    wanted = [Item.channel == bindparam("channel")] if of_channel else []
    of_states = [Item.state.in_(states)] if states is not None else []
    counted = []
    for part in _parts(bodies):
        mine = select(Item.state, func.count()).where(part, *wanted)
        counted.append(mine.where(*of_states).group_by(Item.state))
        counted.append(select(literal(_WAITING), func.count()).select_from(Item).where(part, *wanted, _has_no_word()))
    later = _supplemented(or_(*_parts(bodies)), *wanted).order_by(None).subquery()
    counted.append(select(literal(_WAITING), func.count()).select_from(later))
    return written_out(union_all(*counted))


_AFTER_AT: Final = bindparam("after_at", type_=Item.received_at.type)
_AFTER_ID: Final = bindparam("after_id", type_=Item.id.type)


def _waits() -> ColumnElement[bool]:
    added = and_(Item.state.not_in(UNDECIDED | WITHOUT_CONTENT), _last(Fact) > _last(Reply))
    return or_(_has_no_word(), added)


def _has_no_word() -> ColumnElement[bool]:
    return and_(Item.state.in_(UNDECIDED), _last(Fact) >= _last(Reply))


def _supplemented(*wanted: ColumnElement[bool]) -> Select[UUID]:
    """Return the query for the items that wait although they were decided about, newest first.

    It begins with the facts that nobody replied to: they are few, and the items many. Written as values, not as EXISTS,
    since PostgreSQL would make joins of those and read all items.
    """
    fits = select(Item.id).where(Item.id == Fact.item_id, Item.state.not_in(UNDECIDED | WITHOUT_CONTENT), *wanted)
    received = select(Item.received_at).where(Item.id == Fact.item_id).scalar_subquery()
    query = select(Fact.item_id).where(~Fact.is_answered, fits.scalar_subquery().is_not(None)).group_by(Fact.item_id)
    return query.order_by(received.desc(), Fact.item_id.desc())


def _last(entry: type[Fact | Reply]) -> ColumnElement[int]:
    return select(func.coalesce(func.max(entry.place), 0)).where(entry.item_id == Item.id).scalar_subquery()


def _summaries() -> Summaries:
    replies = select(func.count()).where(Reply.item_id == Item.id).scalar_subquery()
    facts = select(func.count()).where(Fact.item_id == Item.id).scalar_subquery()
    asked = exists().where(Withdrawal.item_id == Item.id, Withdrawal.carried_out_at.is_(None))
    return select(
        Item.id,
        Item.channel,
        Item.body,
        Item.state,
        Item.received_at,
        replies,
        facts,
        Item.has_identity,
        Item.wants_questions,
        asked,
        _waits(),
    )
