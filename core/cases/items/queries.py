"""What staff may read of items: the inbox in clear, the content with a key and a reason."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, tuple_, union_all

from core import access, attachments, audit
from core.cases.items.reports import Content, Digests, decode, decode_fact
from core.cases.items.signatures import check_fact, check_item, check_reply
from core.cases.items.tables import Fact, Identity, Item, Reply, Withdrawal
from core.errors import Conflict, Forged, NotFound
from core.sealing import Context, KeyPair, open_envelope
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an item's thread as staff read it."""

    kind: str
    at: datetime
    author_id: UUID | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """An item opened with a reason."""

    summary: ItemSummary
    content: Content
    thread: Sequence[Entry]
    attachments: Sequence[attachments.AttachmentView]
    granted_to: frozenset[UUID]


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
    wanted: list[ColumnElement[bool]] = []
    if channel:
        wanted.append(Item.channel == channel)
    if state:
        wanted.append(Item.state == state)
    if after:
        wanted.append(tuple_(Item.received_at, Item.id) < after)
    parts = [_summaries().where(part, *wanted) for part in _parts(work)]
    if waiting:
        supplemented = _supplemented(_visible(work), *wanted).limit(limit + 1)
        parts = [part.where(_has_no_word()) for part in parts] + [_summaries().where(Item.id.in_(supplemented))]
    newest = [part.order_by(Item.received_at.desc(), Item.id.desc()).limit(limit + 1).subquery() for part in parts]
    rows = await work.session.execute(union_all(*map(select, newest)))
    known = {row[0]: ItemSummary(*row) for row in rows}
    found = sorted(known.values(), key=lambda each: (each.received_at, each.id.hex), reverse=True)
    more = len(found) > limit
    return Page(found[:limit], (found[limit - 1].received_at, found[limit - 1].id) if more else None)


async def counts(work: Work, *, channel: str | None = None, states: Collection[str] | None = None) -> Counts:
    """Return the counts of the inbox, of one channel if it is named; of these ``states`` alone if they are named."""
    wanted = [Item.channel == channel] if channel else []
    of_states = [Item.state.in_(states)] if states is not None else []
    counted = []
    for part in _parts(work):
        mine = select(Item.state, func.count()).where(part, *wanted)
        counted.append(mine.where(*of_states).group_by(Item.state))
        counted.append(select(literal(_WAITING), func.count()).select_from(Item).where(part, *wanted, _has_no_word()))
    later = _supplemented(_visible(work), *wanted).order_by(None).subquery()
    counted.append(select(literal(_WAITING), func.count()).select_from(later))
    found = Counter[str]()
    for state, number in await work.session.execute(union_all(*counted)):
        found[state] += number
    waiting = found.pop(_WAITING)
    return Counts(found, waiting)


async def summary(work: Work, item_id: UUID) -> ItemSummary:
    """Return one item's clear facts; raise `NotFound` when there is none or the person may not know of it."""
    row = (await work.session.execute(_summaries().where(_visible(work), Item.id == item_id))).one_or_none()
    if row is None:
        raise NotFound("item_not_found")
    return ItemSummary(*row)


async def open_item(work: Work, item_id: UUID, *, opening_id: UUID) -> OpenedItem:
    """Open an item for the person at work, who gave a reason with ``opening_id``; the read is recorded.

    Raises `Denied` without a reason or a grant, `KeyLocked` when the key is locked, `Forged` when the row, a fact or a
    file was not made by us, `Conflict` when the content is gone.
    """
    access.permit(work, "item.open")
    clear = await summary(work, item_id)
    await access.require_opening(work, opening_id, item_id)
    if clear.state in WITHOUT_CONTENT:
        raise Conflict("item_has_no_content", state=clear.state)
    if (await work.session.get_one(Item, item_id)).envelope is None:
        raise Conflict("item_has_no_content", state=clear.state)
    item = await load_genuine(work, item_id)
    key = await access.open_key(work, "item", item_id, item.public_key)
    content = decode(open_envelope(item.envelope or b"", key=key, context=Context("item", "envelope", item_id)))
    thread, vouched = await _thread(work, item, key)
    files = await vouched_files(work, item_id, key, {**content.files, **vouched})
    audit.record(work, "item", "read", item_id)
    return OpenedItem(
        summary=clear,
        content=content,
        thread=thread,
        attachments=files,
        granted_to=await access.people_with_seal(work, "item", item_id),
    )


async def vouched_files(
    work: Work, item_id: UUID, key: KeyPair, digests: Digests
) -> Sequence[attachments.AttachmentView]:
    """Return the files that the words of an item and its facts name; others are left out, a missing one is `Forged`."""
    views = await attachments.describe(work, item_id, key)
    named = [view for view in views if digests.get(str(view.id)) == view.sha256]
    if len(named) != len(digests):
        raise Forged("attachments_differ")
    return named


async def digests_of(work: Work, item: Item, key: KeyPair) -> Digests:
    """Return the digests of all files that an item and its facts name."""
    sealed = open_envelope(item.envelope or b"", key=key, context=Context("item", "envelope", item.id))
    _, vouched = await _thread(work, item, key)
    return {**decode(sealed).files, **vouched}


async def load_genuine(work: Work, item_id: UUID) -> Item:
    """Return an item's row after checking that one of our processes made it as it is; raise `Forged` otherwise."""
    item = await work.session.get(Item, item_id)
    if item is None:
        raise NotFound("item_not_found")
    check_item(work, item)
    return item


async def lock_item(work: Work, item_id: UUID) -> Item:
    """Return an item's row as `load_genuine` does, held until the work is done; of another body there is none."""
    item = await work.session.get(Item, item_id, with_for_update=True)
    if item is None or not any(held.body == item.body for held in access.signed_in(work).held):
        raise NotFound("item_not_found")
    check_item(work, item)
    return item


async def has_identity(work: Work, item_id: UUID) -> bool:
    """Tell whether the reporter of an item gave a name."""
    return await work.session.get(Identity, item_id) is not None


async def open_identity_envelope(work: Work, item_id: UUID, key: KeyPair) -> bytes:
    """Return name and contact of a reporter, as JSON, with the custodians' key; raise `Conflict` (``no_identity``)."""
    row = await work.session.get(Identity, item_id)
    if row is None:
        raise Conflict("no_identity")
    return open_envelope(row.envelope, key=key, context=Context("identity", "envelope", item_id))


async def _thread(work: Work, item: Item, key: KeyPair) -> tuple[Sequence[Entry], Digests]:
    """Return the thread of an item in its order, and the digests of the files that its facts brought.

    Facts that the receipt did not sign are told as ``forged`` and not shown: they must not bar the way to the rest.
    """
    entries: list[tuple[int, Entry]] = []
    vouched: dict[str, str] = {}
    for fact in (await work.session.scalars(select(Fact).where(Fact.item_id == item.id))).all():
        try:
            check_fact(item, fact)
        except Forged:
            entries.append((fact.place, Entry("forged", fact.added_at, None, "")))
            continue
        sealed = open_envelope(fact.envelope, key=key, context=Context("fact", "envelope", fact.id))
        text, files = decode_fact(sealed)
        vouched |= files
        entries.append((fact.place, Entry("facts", fact.added_at, None, text)))
    for reply in (await work.session.scalars(select(Reply).where(Reply.item_id == item.id))).all():
        check_reply(work, reply)
        text = open_envelope(reply.envelope, key=key, context=Context("reply", "envelope", reply.id)).decode()
        entries.append((reply.place, Entry(reply.kind, reply.sent_at, reply.author_id, text)))
    return [entry for _, entry in sorted(entries, key=lambda pair: pair[0])], vouched


def _visible(work: Work) -> ColumnElement[bool]:
    """The one filter that every read of items passes: own bodies, and what was granted."""
    return or_(*_parts(work))


def _parts(work: Work) -> Iterator[ColumnElement[bool]]:
    """Yield the parts of what is visible, which do not overlap: each own body, and what was granted beyond."""
    bodies = sorted(access.bodies(work, "item.list"))
    for body in bodies:
        yield Item.body == body
    yield and_(Item.id.in_(access.targets_granted(work, "item")), Item.body.not_in(bodies))


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
    later = select(func.max(Reply.place)).where(Reply.item_id == Fact.item_id, Reply.place > Fact.place)
    fits = select(Item.id).where(Item.id == Fact.item_id, Item.state.not_in(UNDECIDED | WITHOUT_CONTENT), *wanted)
    received = select(Item.received_at).where(Item.id == Fact.item_id).scalar_subquery()
    query = (
        select(Fact.item_id)
        .where(later.scalar_subquery().is_(None), fits.scalar_subquery().is_not(None))
        .group_by(Fact.item_id)
    )
    return query.order_by(received.desc(), Fact.item_id.desc())


def _last(entry: type[Fact | Reply]) -> ColumnElement[int]:
    return select(func.coalesce(func.max(entry.place), 0)).where(entry.item_id == Item.id).scalar_subquery()


def _summaries() -> Select[UUID, str, str, str, datetime, int, int, bool, bool, bool, bool]:
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
