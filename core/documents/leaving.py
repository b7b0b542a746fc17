"""What has left a case: which archive or letter was taken out, by whom and when, as the trail has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core import access, audit
from core.cases import proceedings
from core.work import Work

KINDS: Final = {"exported": "archive", "inquiry_exported": "inquiry"}
"""What leaves a case, by the action that the trail has of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that was taken out. ``sha256`` is that of an archive's manifest, which the receiving body has too."""

    kind: str
    at: datetime
    person_id: UUID
    sha256: str


async def taken_from(work: Work, case_id: UUID) -> Sequence[Taken]:
    """Return what was taken out of a case, the latest first, to a supervisor who may know of it.

    Raises `Denied`, `NotFound`.
    """
    access.permit(work, "case.export")
    await proceedings.summary(work, case_id)
    return [_taken(each) for each in await audit.actions(work, "case", case_id, KINDS)]


def _taken(entry: audit.Recorded) -> Taken:
    kind = KINDS[entry.action.rpartition(":")[2]]
    digest = entry.change_hash.hex() if entry.change_hash and kind == "archive" else ""
    return Taken(kind, entry.at, UUID(entry.actor.removeprefix("staff:")), digest)
