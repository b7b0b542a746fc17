"""What a held meeting decided, read together from the threads of its cases (S103, S104)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core import access, audit
from core.cases.proceedings import members
from core.cases.proceedings.agendas import MeetingSummary, meeting
from core.cases.proceedings.members import Part
from core.cases.proceedings.steps import Deferred, Heard, Opened
from core.cases.proceedings.tables import MeetingMatter, MeetingRecusal
from core.cases.proceedings.thread import lock_case, read
from core.errors import Conflict, Denied, Forged
from core.work import Work


@dataclass(frozen=True, slots=True)
class Matter:
    """One case on the agenda: whom it is about, what the meeting made of it, and who stepped aside."""

    year: int
    number: int
    opened: Opened
    heard: Heard | Deferred
    recused: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Minutes:
    """A held meeting with its matters, in the order of the agenda."""

    meeting: MeetingSummary
    matters: Sequence[Matter]


async def begin_reading_minutes(work: Work, meeting_id: UUID, reason: str) -> access.Opening:
    """Give the reason for reading a meeting's minutes; raises `NotFound`, and what `access.begin_opening` does."""
    await meeting(work, meeting_id)
    return await access.begin_opening(work, meeting_id, reason, permission="meeting.list", subject="meeting")


async def read_minutes(work: Work, meeting_id: UUID, *, opening_id: UUID) -> Minutes:
    """Return what a meeting decided, for somebody who may read every case on its agenda; the read is recorded (I5).

    Raises `NotFound`, `Conflict` (``meeting_not_held``), `Denied` without a reason, a part or a key and to whoever
    stepped aside in one of the cases, `KeyLocked`, `Forged`.
    """
    found = await meeting(work, meeting_id)
    if found.state != "held":
        raise Conflict("meeting_not_held")
    await access.require_opening(work, opening_id, meeting_id)
    entries, recused = await _entries(work, meeting_id), await _recused(work, meeting_id)
    matters = [await _matter(work, case_id, entries[case_id], recused.get(case_id, ())) for case_id in found.case_ids]
    audit.record(work, "meeting", "minutes_read", meeting_id)
    return Minutes(found, matters)


async def _matter(work: Work, case_id: UUID, entry_id: UUID | None, recused: Sequence[UUID]) -> Matter:
    if await members.stepped_aside(work, case_id, access.signed_in(work).person_id):
        raise Denied("recused")
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.read", *Part)
    thread = await read(work, case_id, await members.case_key(work, case))
    audit.record(work, "case", "read", case_id)
    opened = next((each.step for each in thread if isinstance(each.step, Opened)), None)
    heard = next((each.step for each in thread if each.id == entry_id), None)
    if opened is None or not isinstance(heard, Heard | Deferred):
        raise Forged("case_entry_missing")
    return Matter(case.year, case.number, opened, heard, recused)


async def _entries(work: Work, meeting_id: UUID) -> Mapping[UUID, UUID | None]:
    rows = await work.session.scalars(select(MeetingMatter).where(MeetingMatter.meeting_id == meeting_id))
    return {row.case_id: row.entry_id for row in rows}


async def _recused(work: Work, meeting_id: UUID) -> Mapping[UUID, Sequence[UUID]]:
    rows = await work.session.scalars(select(MeetingRecusal).where(MeetingRecusal.meeting_id == meeting_id))
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row.person_id)
    return found
