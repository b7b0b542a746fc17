"""What staff may read of one item: its content with a key and a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import access, attachments, audit
from core.cases.items.listing import WITHOUT_CONTENT, ItemSummary, summary
from core.cases.items.reports import Content, Digests, decode, decode_fact
from core.cases.items.signatures import check_fact, check_item, check_reply
from core.cases.items.tables import Fact, Identity, Item, Reply
from core.errors import Conflict, Forged, NotFound
from core.sealing import Context, KeyPair, open_envelope
from core.work import Work


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
