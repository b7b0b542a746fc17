"""Meetings as those see them who call them or sit in them: the agenda, and who came."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select, tuple_

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
    return await _summaries(work, query)


async def meetings_to_hold(work: Work) -> Sequence[MeetingSummary]:
    """Return the meetings that were called and not held yet in which the person sits, the first one first."""
    staff = access.permit(work, "meeting.hold")
    query = select(Meeting).where(Meeting.state == "called", _seats(staff.person_id))
    return await _summaries(work, query.order_by(Meeting.held_on, Meeting.called_at, Meeting.id))


async def meeting(work: Work, meeting_id: UUID) -> MeetingSummary:
    """Return one meeting; raise `NotFound` when there is none or the person has nothing to do with it."""
    found = await _summaries(work, select(Meeting).where(_meetings_of(work), Meeting.id == meeting_id))
    if not found:
        raise NotFound("meeting_not_found")
    return found[0]


def _meetings_of(work: Work) -> ColumnElement[bool]:
    staff = access.permit(work, "meeting.list")
    return or_(Meeting.body.in_(access.bodies(work, "meeting.call")), _seats(staff.person_id))


def _seats(person_id: UUID) -> ColumnElement[bool]:
    return exists().where(MeetingSeat.meeting_id == Meeting.id, MeetingSeat.person_id == person_id)


async def _summaries(work: Work, query: Select[Meeting]) -> Sequence[MeetingSummary]:
    rows = (await work.session.scalars(query)).all()
    ids = [row.id for row in rows]
    agendas: dict[UUID, list[UUID]] = defaultdict(list)
    seats: dict[UUID, list[tuple[UUID, bool | None]]] = defaultdict(list)
    if ids:
        matters = select(MeetingMatter).where(MeetingMatter.meeting_id.in_(ids)).order_by(MeetingMatter.place)
        for matter in await work.session.scalars(matters):
            agendas[matter.meeting_id].append(matter.case_id)
        for seat in await work.session.scalars(select(MeetingSeat).where(MeetingSeat.meeting_id.in_(ids))):
            seats[seat.meeting_id].append((seat.person_id, seat.is_present))
    return [
        MeetingSummary(
            id=row.id,
            kind=row.kind,
            body=row.body,
            year=row.year,
            number=row.number,
            held_on=row.held_on,
            called_at=row.called_at,
            state=row.state,
            case_ids=agendas[row.id],
            seats=seats[row.id],
        )
        for row in rows
    ]
