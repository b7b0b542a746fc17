"""Appending to the trail and reading it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import or_, select, tuple_

from core.audit.tables import Entry
from core.sealing import Context, KeyPair, open_envelope, seal_envelope
from core.work import Reporter, Work


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry; its reason opens with an audit key alone. ``change_hash`` is the SHA-256 of what changed or left."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject_id: str
    sealed_reason: bytes | None
    change_hash: bytes | None


def record(
    work: Work, subject: str, action: str, subject_id: UUID | str, *, reason: str = "", change: bytes = b""
) -> None:
    """Append ``{source}:{subject}:{action}`` to the trail, within the transaction of ``work``.

    ``reason`` is sealed to the auditors' key; of ``change`` only the SHA-256 is kept. On a reporter's path the time is
    cut to the hour.
    """
    entry_id = uuid4()
    sealed = (
        seal_envelope(reason.encode(), to=[work.shared["audit"].public], context=_place(entry_id)) if reason else None
    )
    work.session.add(
        Entry(
            id=entry_id,
            at=work.hour() if isinstance(work.actor, Reporter) else work.now(),
            actor=str(work.actor),
            action=f"{work.source}:{subject}:{action}",
            subject_id=str(subject_id),
            change_hash=sha256(change).digest() if change else None,
            sealed_reason=sealed,
        )
    )


async def entries(
    work: Work, *, before: tuple[datetime, UUID] | None = None, subject_id: str | None = None, limit: int = 50
) -> Sequence[Recorded]:
    """Return up to ``limit`` entries, newest first, older than ``before`` (time and id of the last one seen)."""
    query = select(Entry).order_by(Entry.at.desc(), Entry.id.desc()).limit(limit)
    if subject_id is not None:
        query = query.where(Entry.subject_id == subject_id)
    if before is not None:
        query = query.where(tuple_(Entry.at, Entry.id) < before)
    rows = (await work.session.scalars(query)).all()
    return [_recorded(row) for row in rows]


async def actions(work: Work, subject: str, subject_id: UUID, names: Collection[str]) -> Sequence[Recorded]:
    """Return the entries of some actions on one thing, newest first; the caller has checked who may know of them."""
    told = or_(*(Entry.action.endswith(f":{subject}:{name}", autoescape=True) for name in names))
    query = select(Entry).where(Entry.subject_id == str(subject_id), told).order_by(Entry.at.desc(), Entry.id.desc())
    return [_recorded(row) for row in await work.session.scalars(query)]


def open_reason(entry: Recorded, key: KeyPair) -> str:
    """Return the reason of an entry in clear; raise `Forged` when ``key`` is not the auditors' key."""
    if entry.sealed_reason is None:
        return ""
    return open_envelope(entry.sealed_reason, key=key, context=_place(entry.id)).decode()


def _recorded(row: Entry) -> Recorded:
    return Recorded(row.id, row.at, row.actor, row.action, row.subject_id, row.sealed_reason, row.change_hash)


def _place(entry_id: UUID) -> Context:
    return Context("audit_entry", "sealed_reason", entry_id)
