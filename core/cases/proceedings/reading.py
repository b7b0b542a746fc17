"""A case is read with its key and a reason: its thread, its items, its people, its clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import access, audit, deadlines
from core.cases.proceedings import members
from core.cases.proceedings.members import Part
from core.cases.proceedings.queries import CaseSummary, summary
from core.cases.proceedings.signatures import check_case
from core.cases.proceedings.tables import CaseFile, CaseItem
from core.cases.proceedings.thread import EntryView, read
from core.work import Work


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's part in a case."""

    person_id: UUID
    part: str
    since: datetime
    until: datetime | None
    declared: str | None


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case opened with a reason: its thread, its items, its people, its clocks."""

    summary: CaseSummary
    thread: Sequence[EntryView]
    items: Sequence[UUID]
    members: Sequence[Member]
    deadlines: Sequence[deadlines.Due]


async def begin_reading(work: Work, case_id: UUID, reason: str) -> access.Opening:
    """Give the reason for reading a case; raises `NotFound`, and what `access.begin_opening` does."""
    await summary(work, case_id)
    return await access.begin_opening(work, case_id, reason, permission="case.read", subject="case")


async def open_file(work: Work, case_id: UUID, *, opening_id: UUID) -> OpenedCase:
    """Open a case for the person at work, who gave a reason with ``opening_id``; the read is recorded (I5).

    Raises `NotFound`, `Denied` without a reason, a part or a key, `KeyLocked`, `Forged` for what we did not make.
    """
    access.permit(work, "case.read")
    clear = await summary(work, case_id)
    await access.require_opening(work, opening_id, case_id)
    case = await work.session.get_one(CaseFile, case_id)
    check_case(work, case)
    await members.permit_in(work, case, "case.read", *Part)
    key = await members.case_key(work, case)
    thread = await read(work, case_id, key)
    items = await work.session.scalars(select(CaseItem.item_id).where(CaseItem.case_id == case_id))
    people = [
        Member(row.person_id, row.part, row.since, row.until, row.declared)
        for row in await members.everybody(work, case_id)
    ]
    audit.record(work, "case", "read", case_id)
    return OpenedCase(clear, thread, list(items), people, await deadlines.of_subject(work, case_id))
