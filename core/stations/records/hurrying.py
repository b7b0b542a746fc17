"""Entries that left a record the urgent way: each is a line of the record book without a word, and an item."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from core import audit
from core.errors import Conflict
from core.stations.records.entries import Entry, is_one_of_many, put_in_book
from core.stations.records.items import make_item
from core.stations.tables import Obligation, RecordEntry
from core.work import Work


async def hurried(work: Work, obligation_id: UUID) -> int:
    """Return how many entries left a record so."""
    query = select(func.count()).where(RecordEntry.obligation_id == obligation_id, RecordEntry.urgent_by.is_not(None))
    return await work.session.scalar(query) or 0


async def was_hurried(work: Work, obligation_id: UUID, entry_id: UUID) -> bool:
    """Tell whether an entry of a record left it so."""
    query = select(RecordEntry.urgent_by).where(RecordEntry.id == entry_id, RecordEntry.obligation_id == obligation_id)
    return await work.session.scalar(query) is not None


async def hurry_entry(work: Work, row: Obligation, entry: Entry, entries: Sequence[Entry], *, by: UUID) -> None:
    """Make an item of one of the ``entries`` of a record, and note it in the record book with whose decision that was.

    Raises `Conflict` (``entry_held``) where more than the policy's number are about one official: these are for the
    privacy officer to see first. Otherwise as `make_item`.
    """
    if is_one_of_many(work, entry, entries):
        raise Conflict("entry_held")
    item_id = await make_item(work, entry.answers, entry.lines)
    place = await hurried(work, row.id) + 1
    await work.session.flush()  # the row that names the item follows
    made = RecordEntry(id=entry.id, obligation_id=row.id, place=place, envelope=b"", result="make_card")
    made.urgent_by, made.confirmed_at, made.item_id = by, work.now(), item_id
    put_in_book(work, made)
    audit.record(work, "record_entry", "hurried", entry.id, change=item_id.bytes)
    await work.session.flush()
