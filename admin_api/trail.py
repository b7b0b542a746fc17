"""The audit trail with its reasons opened, as far as the reader's keys go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core.app import access, audit
from core.audit import Recorded
from core.errors import Forged
from core.sealing import KeyPair
from core.work import Work


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as its reader sees it. ``reason`` is missing where none was given or no key of the reader opens it."""

    entry: Recorded
    reason: str | None = field(repr=False)


async def read_trail(
    work: Work, *, after: tuple[datetime, UUID] | None, subject_id: str | None, limit: int
) -> Sequence[Line]:
    """Return up to ``limit`` lines, newest first; that reasons were read is recorded."""
    staff = access.permit(work, "audit.read")
    found = await audit.entries(work, before=after, subject_id=subject_id, limit=limit)
    keys = await _keys(work, staff.person_id) if staff.key else []
    lines = [Line(entry, _reason(entry, keys)) for entry in found]
    if any(line.reason for line in lines):
        audit.record(work, "audit", "reasons_read", subject_id or "all")
    return lines


async def _keys(work: Work, person_id: UUID) -> list[KeyPair]:
    return [await access.open_shared_key(work, key_id) for key_id in await access.holds_shared(work, person_id)]


def _reason(entry: Recorded, keys: Sequence[KeyPair]) -> str | None:
    for key in keys:
        try:
            return audit.open_reason(entry, key) or None
        except Forged:
            continue
    return None
