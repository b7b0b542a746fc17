"""Calling the two collegiate meetings: with cases on the agenda, for another day, and calling one off (S103, S104)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit, numbers, registry
from core.cases.proceedings import members
from core.cases.proceedings.members import RECUSED, Part
from core.cases.proceedings.tables import CaseFile, Meeting, MeetingMatter, MeetingSeat
from core.cases.proceedings.thread import lock_case
from core.cases.rules.lifecycle import may
from core.errors import Conflict, Denied, Invalid, NotFound
from core.work import Work

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "department_meeting": ("department_meeting", "T15"),
    "leading_group_meeting": ("leading_group", "T16"),
}
"""For each kind of meeting the role of its members, and the transition that it makes."""


ON_AN_AGENDA: Final = (
    select(MeetingMatter.case_id).join(Meeting, Meeting.id == MeetingMatter.meeting_id).where(Meeting.state == "called")
)
"""The cases that a meeting is to hear which was called and not held yet."""


async def call(work: Work, *, kind: str, body: str, held_on: date, case_ids: Sequence[UUID]) -> Meeting:
    """Call a meeting and put cases on its agenda; its members are given their keys, so that they can read them.

    Whoever stepped aside in a case is not. Raises `Denied`, `KeyLocked`, `Invalid` (``unknown_choice``,
    ``date_in_the_past``, ``agenda_empty``), `Conflict` (``transition_not_allowed``, ``on_another_agenda``,
    ``no_members``).
    """
    if kind not in KINDS:
        raise Invalid("unknown_choice", field="kind")
    staff = access.permit(work, "meeting.call", body=body)
    _require_to_come(work, held_on)
    if not case_ids:
        raise Invalid("agenda_empty", field="case_ids")
    seats = await _members(work, kind, body)
    if not seats:
        raise Conflict("no_members", kind=kind)
    number = await numbers.next_number(work, f"{kind}:{body}")
    row = Meeting(
        id=uuid4(),
        kind=kind,
        body=body,
        year=number.year,
        number=number.place,
        held_on=held_on,
        state="called",
        called_by=staff.person_id,
        called_at=work.now(),
    )
    work.session.add(row)
    await work.session.flush()  # rows that point at the meeting follow
    work.session.add_all([MeetingSeat(meeting_id=row.id, person_id=person_id) for person_id in seats])
    for place, case_id in enumerate(dict.fromkeys(case_ids), start=1):
        await _put_on_the_agenda(work, row, case_id, place, seats)
    audit.record(work, "meeting", "called", row.id)
    return row


async def move(work: Work, meeting_id: UUID, held_on: date) -> Meeting:
    """Call a meeting for another day.

    Raises `Denied` (``recused`` to whoever stepped aside in a case of it), `NotFound` (``meeting_not_found``),
    `Conflict` (``meeting_held``, ``meeting_called_off``), `Invalid` (``date_in_the_past``).
    """
    row = await _called(work, meeting_id)
    _require_to_come(work, held_on)
    row.held_on = held_on
    audit.record(work, "meeting", "moved", row.id, change=held_on.isoformat().encode())
    return row


async def call_off(work: Work, meeting_id: UUID, *, reason: str) -> Meeting:
    """Call a meeting off: its cases wait for another one, and who was given a case for it has that no more.

    Raises as `move`, and `Invalid` (``reason_too_short``).
    """
    row = await _called(work, meeting_id)
    reason = access.fit_reason(reason)
    for case_id in await _agenda(work, row):
        await _take_back(work, row, await lock_case(work, case_id))
    row.state = "called_off"
    audit.record(work, "meeting", "called_off", row.id, reason=reason)
    return row


async def take_off(work: Work, case: CaseFile) -> None:
    """Take a case that goes another way off the agenda on which it is, if it is on one."""
    query = select(MeetingMatter, Meeting).join(Meeting, Meeting.id == MeetingMatter.meeting_id)
    query = query.where(MeetingMatter.case_id == case.id, Meeting.state == "called")
    for matter, meeting in (await work.session.execute(query)).all():
        await _take_back(work, meeting, case)
        await work.session.delete(matter)
        audit.record(work, "meeting", "agenda_shortened", meeting.id, change=case.id.bytes)


async def still_called(work: Work, meeting_id: UUID) -> Meeting:
    """Return a meeting that was called and not held yet, held still until the work is done.

    Raises `NotFound` (``meeting_not_found``), `Conflict` (``meeting_held``, ``meeting_called_off``).
    """
    row = await work.session.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    if row is None:  # PostgreSQL lets nobody hold what nobody may change any more
        row = await work.session.get(Meeting, meeting_id)
    if row is None:
        raise NotFound("meeting_not_found")
    if row.state == "held":
        raise Conflict("meeting_held")
    if row.state == "called_off":
        raise Conflict("meeting_called_off")
    return row


async def _called(work: Work, meeting_id: UUID) -> Meeting:
    """Return a meeting that the person at work may still move or call off: they stepped aside in no case of it."""
    row = await still_called(work, meeting_id)
    staff = access.permit(work, "meeting.call", body=row.body)
    for case_id in await _agenda(work, row):
        if await members.stepped_aside(work, case_id, staff.person_id):
            raise Denied("recused")
    return row


async def _agenda(work: Work, row: Meeting) -> Sequence[UUID]:
    query = select(MeetingMatter.case_id).where(MeetingMatter.meeting_id == row.id).order_by(MeetingMatter.case_id)
    return (await work.session.scalars(query)).all()


async def _take_back(work: Work, meeting: Meeting, case: CaseFile) -> None:
    """Take a case back from those who were given it for a meeting, and did not hear it at another one."""
    heard = select(MeetingSeat.person_id).join(Meeting, Meeting.id == MeetingSeat.meeting_id)
    heard = heard.join(MeetingMatter, MeetingMatter.meeting_id == Meeting.id)
    heard = heard.where(MeetingMatter.case_id == case.id, Meeting.state == "held")
    seats = select(MeetingSeat.person_id).where(
        MeetingSeat.meeting_id == meeting.id, MeetingSeat.person_id.not_in(heard)
    )
    given_to = set(await work.session.scalars(seats))
    for part in await members.present(work, case.id, Part.HEARING):
        if part.person_id in given_to and part.since >= meeting.called_at:
            await members.lay_down(work, case, part)


def _require_to_come(work: Work, held_on: date) -> None:
    if held_on < work.clock.today():
        raise Invalid("date_in_the_past", field="held_on")


async def _put_on_the_agenda(work: Work, meeting: Meeting, case_id: UUID, place: int, seats: Sequence[UUID]) -> None:
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "meeting.call", Part.SUPERVISOR)
    transition = KINDS[meeting.kind][1]
    if case.body != meeting.body or not may(case.state, transition):
        raise Conflict("transition_not_allowed", transition=transition, state=case.state)
    if await work.session.scalar(ON_AN_AGENDA.where(MeetingMatter.case_id == case_id)) is not None:
        raise Conflict("on_another_agenda", number=f"{case.year}-{case.number}")
    key = await members.case_key(work, case)
    aside = {row.person_id for row in await members.everybody(work, case_id) if row.declared == RECUSED}
    for person_id in seats:
        if person_id not in aside and await access.present_person_key(work, person_id) is not None:
            await members.join(work, case, person_id, Part.HEARING, key)
    work.session.add(MeetingMatter(meeting_id=meeting.id, case_id=case_id, place=place))


async def _members(work: Work, kind: str, body: str) -> list[UUID]:
    """Return who sits in a meeting: where the discipline commission decides, its own meeting is the first."""
    role, today = KINDS[kind][0], work.clock.today()
    everybody = {one.id: None for one in await registry.people_with_role(work, role, on=today)}
    if kind == "leading_group_meeting":
        return list(everybody)
    own = {one.id for one in await registry.people_with_role(work, role, on=today, body="discipline_commission")}
    return [one for one in everybody if (one in own) == (body == "discipline_commission")]
