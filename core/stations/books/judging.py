"""The record books at the desk: read with the record key and a reason, reviewed each half-year by two readers (S86).

Of each entry one reader proposes what becomes of it and another one confirms it; an entry becomes an item of the case
store only so. What was not used is deleted some months after (PIPL 19, 47).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, or_, select

from core import access, audit
from core.errors import Conflict, Denied, Forged, Invalid, NotFound
from core.sealing import Context, KeyPair, open_envelope
from core.stations.records.entries import RECORD, check_line
from core.stations.records.items import make_item
from core.stations.rounds.register import locked, move
from core.stations.rules.rounds import may
from core.stations.tables import Obligation, RecordEntry, Round
from core.work import Work


class Result(StrEnum):
    """What becomes of an entry (rules.md 3.5)."""

    DELETE_IRRELEVANT = "delete_irrelevant"
    POSITIVE_NOTE = "positive_note"
    MAKE_CARD = "make_card"
    NO_ACTION = "no_action"


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An entry as a reader sees it. One that is held shows nothing but to the privacy officer.

    Nothing shows either of one that was irrelevant, or that is an item of the case store; ``is_urgent``: it became one
    at once, by the head of the station. ``by`` wrote it down, ``on`` that day.
    """

    id: UUID
    place: int
    lines: Sequence[tuple[str, str]] = field(repr=False)
    is_held: bool
    result: str | None
    read_by: UUID | None
    is_confirmed: bool
    is_urgent: bool
    by: UUID | None
    on: date | None


async def read_book(work: Work, obligation_id: UUID, *, opening_id: UUID) -> Sequence[BookEntry]:
    """Open the signed record of a station for whoever gave a reason; the read is recorded.

    Raises `Denied` (``reason_needed``, ``shared_key_not_held``), `KeyLocked`, and `Forged` for a changed entry.
    """
    staff = access.permit(work, "station.read_records")
    await access.require_opening(work, opening_id, obligation_id)
    keys = await access.open_shared_keys(work, RECORD)
    query = select(RecordEntry).where(RecordEntry.obligation_id == obligation_id).order_by(RecordEntry.place)
    rows = (await work.session.scalars(query)).all()
    audit.record(work, "obligation", "read", obligation_id)
    sees_held = access.may(staff, "station.release_entries")
    return [_entry(work, row, keys, shown=sees_held or not row.is_held) for row in rows]


async def begin_reading(work: Work, obligation_id: UUID, reason: str) -> access.Opening:
    """Give the reason for which a record is read; raises as `access.begin_opening`."""
    permission = "station.read_records"
    return await access.begin_opening(work, obligation_id, reason, permission=permission, subject="obligation")


async def release_entry(work: Work, entry_id: UUID) -> None:
    """Let the readers see an entry that was held, as one of many about one official; again changes nothing.

    Raises `Denied`, `NotFound` (``entry_unknown``).
    """
    staff = access.permit(work, "station.release_entries")
    row = await _locked(work, entry_id)
    if row.is_held:
        row.is_held, row.released_by = False, staff.person_id
        audit.record(work, "record_entry", "released", row.id)


async def propose_result(work: Work, entry_id: UUID, result: str, *, opening_id: UUID) -> None:
    """Propose what becomes of an entry; a proposal of somebody else that is not confirmed gives way to it.

    Raises:
        Denied: without ``station.review``, or a reason that still lasts (``reason_needed``); ``entry_held``.
        Invalid: ``unknown_result``.
        Conflict: ``entry_decided`` once two readers have agreed, ``record_not_locked`` before the round's lock.
    """
    staff = access.permit(work, "station.review")
    if result not in set(Result):
        raise Invalid("unknown_result", field="result")
    row = await _reviewable(work, entry_id, opening_id)
    row.result, row.read_by, row.read_at = result, staff.person_id, work.now()
    audit.record(work, "record_entry", "proposed", row.id, change=result.encode())


async def confirm_result(work: Work, entry_id: UUID, *, opening_id: UUID) -> UUID | None:
    """Confirm what another reader proposed, and carry it out; return the id of the item that an entry became.

    What is irrelevant is emptied at once, and so is what became an item: of that the case store has the only copy. When
    the last entry of a record is decided, the record is reviewed.

    Raises:
        Denied: without ``station.review``, or a reason that still lasts (``reason_needed``); ``own_proposal``,
            ``entry_held``.
        Conflict: ``nothing_proposed``, ``entry_decided``, ``no_shared_key``.
    """
    staff = access.permit(work, "station.review")
    row = await _reviewable(work, entry_id, opening_id)
    if row.result is None:
        raise Conflict("nothing_proposed")
    if row.read_by == staff.person_id:
        raise Denied("own_proposal")
    if row.result == Result.MAKE_CARD:
        content = _content(work, row, await access.open_shared_keys(work, RECORD))
        row.item_id = await make_item(work, content["answers"], content["lines"])
    if row.result in {Result.DELETE_IRRELEVANT, Result.MAKE_CARD}:
        row.envelope = b""
    row.confirmed_by, row.confirmed_at = staff.person_id, work.now()
    audit.record(work, "record_entry", "confirmed", row.id, change=row.result.encode())
    await work.session.flush()
    await _review_if_done(work, row.obligation_id)
    return row.item_id


async def judge_book(
    work: Work, obligation_id: UUID, results: Mapping[UUID, str], *, opening_id: UUID
) -> tuple[int, int]:
    """Say of several entries of a record what becomes of them; return how many were proposed, and how many confirmed.

    What another reader proposed just so is confirmed by it; one's own proposal, said again, stays what it is. All are
    taken, or none. Raises as `propose_result` and `confirm_result`, and `NotFound` (``entry_unknown``) for another's.
    """
    staff = access.permit(work, "station.review")
    proposed = confirmed = 0
    for entry_id, result in sorted(results.items()):
        row = await _locked(work, entry_id)
        if row.obligation_id != obligation_id:
            raise NotFound("entry_unknown")
        if row.result != result or row.confirmed_at is not None:
            await propose_result(work, entry_id, result, opening_id=opening_id)
            proposed += 1
        elif row.read_by != staff.person_id:
            await confirm_result(work, entry_id, opening_id=opening_id)
            confirmed += 1
    return proposed, confirmed


async def destroy_unused(work: Work) -> int:
    """Delete the entries whose time is over; return how many. The worker's verb.

    It runs from the review of an entry, and from the lock of the round for one that nobody released. A reviewed record
    of which nothing is left by then is archived.
    """
    until = work.now() - relativedelta(months=work.policy.months("record_entries_kept"))
    locked_long_ago = select(Obligation.id).join(Round, Round.id == Obligation.round_id).where(Round.locked_at <= until)
    unreleased = RecordEntry.is_held & RecordEntry.obligation_id.in_(locked_long_ago)
    over = or_(RecordEntry.confirmed_at <= until, unreleased)
    found = (await work.session.scalars(select(RecordEntry.id).where(over))).all()
    for entry_id in found:
        await work.session.execute(delete(RecordEntry).where(RecordEntry.id == entry_id))
        audit.record(work, "record_entry", "destroyed", entry_id)
    await _archive(work, until)
    return len(found)


async def _archive(work: Work, until: datetime) -> None:
    left = select(RecordEntry.id).where(RecordEntry.obligation_id == Obligation.id).exists()
    query = select(Obligation).where(Obligation.state == "reviewed", Obligation.reviewed_at <= until, ~left)
    for row in (await work.session.scalars(query.order_by(Obligation.id).with_for_update())).all():
        await move(work, row, "archive")


def _entry(work: Work, row: RecordEntry, keys: Sequence[KeyPair], *, shown: bool) -> BookEntry:
    content = _content(work, row, keys) if shown and row.envelope else {}
    return BookEntry(
        id=row.id,
        place=row.place,
        lines=[(label, value) for label, value in content.get("lines", ())],
        is_held=row.is_held,
        result=row.result,
        read_by=row.read_by,
        is_confirmed=row.confirmed_at is not None,
        is_urgent=row.urgent_by is not None,
        by=UUID(content["by"]) if content else None,
        on=date.fromisoformat(content["on"]) if content else None,
    )


def _content(work: Work, row: RecordEntry, keys: Sequence[KeyPair]) -> Mapping[str, Any]:
    check_line(work, row)
    for key in keys:
        try:
            sealed = open_envelope(row.envelope, key=key, context=Context("record_entry", "envelope", row.id))
        except Forged:
            continue
        content: Mapping[str, Any] = json.loads(sealed)
        return content
    raise Forged("entry_does_not_open")


async def _review_if_done(work: Work, obligation_id: UUID) -> None:
    open_ones = select(RecordEntry.id).where(
        RecordEntry.obligation_id == obligation_id, RecordEntry.confirmed_at.is_(None)
    )
    row, _ = await locked(work, obligation_id)
    if await work.session.scalar(open_ones.limit(1)) is None and may(row.state, "review"):
        row.reviewed_at = work.now()
        await move(work, row, "review", by=access.signed_in(work).person_id)


async def _reviewable(work: Work, entry_id: UUID, opening_id: UUID) -> RecordEntry:
    row = await _locked(work, entry_id)
    await access.require_opening(work, opening_id, row.obligation_id)
    if row.is_held:
        raise Denied("entry_held")
    if row.confirmed_at is not None:
        raise Conflict("entry_decided")
    obligation = await work.session.get_one(Obligation, row.obligation_id)
    if not may(obligation.state, "review"):
        raise Conflict("record_not_locked", state=obligation.state)
    return row


async def _locked(work: Work, entry_id: UUID) -> RecordEntry:
    """Return an entry, held still until the work is done; one that is decided stays as it is, and is not locked."""
    row = await work.session.get(RecordEntry, entry_id, with_for_update=True, populate_existing=True)
    if row is None:
        row = await work.session.get(RecordEntry, entry_id)
    if row is None:
        raise NotFound("entry_unknown")
    return row
