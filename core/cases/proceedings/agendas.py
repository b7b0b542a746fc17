"""Meetings as those see them who call them or sit in them: the agenda, and who came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, tuple_

from core import access
from core.cases.proceedings.queries import PAGE
from core.cases.proceedings.tables import Meeting, MeetingMatter, MeetingSeat
from core.errors import NotFound
from core.work import Work


@dataclass(frozen=True, slots=True)
class MeetingSummary:
    """A meeting with its agenda and its members."""

    id: UUID
    kind: str
    body: str
    year: int
    number: int
    held_on: date
    called_at: datetime
    state: str
    case_ids: Sequence[UUID]
    seats: Sequence[tuple[UUID, bool | None]]


async def meetings(
    work: Work, *, after: tuple[date, datetime, UUID] | None = None, limit: int = PAGE
) -> Sequence[MeetingSummary]:
    """Return the meetings that the person calls or sits in, the latest first, after the key ``after``.

    Those of one day stand in the order in which they were called.
    """
    query = select(Meeting).where(_meetings_of(work))
    if after:
        query = query.where(tuple_(Meeting.held_on, Meeting.called_at, Meeting.id) < after)
    query = query.order_by(Meeting.held_on.desc(), Meeting.called_at.desc(), Meeting.id.desc()).limit(limit)
    return [await _meeting(work, row) for row in (await work.session.scalars(query)).all()]


async def meeting(work: Work, meeting_id: UUID) -> MeetingSummary:
    """Return one meeting; raise `NotFound` when there is none or the person has nothing to do with it."""
    row = await work.session.scalar(select(Meeting).where(_meetings_of(work), Meeting.id == meeting_id))
    if row is None:
        raise NotFound("meeting_not_found")
    return await _meeting(work, row)


def _meetings_of(work: Work) -> ColumnElement[bool]:
    staff = access.permit(work, "meeting.list")
    seated = exists().where(MeetingSeat.meeting_id == Meeting.id, MeetingSeat.person_id == staff.person_id)
    return or_(Meeting.body.in_(access.bodies(work, "meeting.call")), seated)


async def _meeting(work: Work, row: Meeting) -> MeetingSummary:
    matters = select(MeetingMatter.case_id).where(MeetingMatter.meeting_id == row.id).order_by(MeetingMatter.place)
    seats = await work.session.scalars(select(MeetingSeat).where(MeetingSeat.meeting_id == row.id))
    return MeetingSummary(
        id=row.id,
        kind=row.kind,
        body=row.body,
        year=row.year,
        number=row.number,
        held_on=row.held_on,
        called_at=row.called_at,
        state=row.state,
        case_ids=list(await work.session.scalars(matters)),
        seats=[(seat.person_id, seat.is_present) for seat in seats],
    )
