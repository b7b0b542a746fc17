"""Meetings: called with an agenda, recorded by a member who was there."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.meeting_shapes import (
    CalledMeeting,
    CaseDecision,
    Meeting,
    MeetingOff,
    Meetings,
    MovedMeeting,
    NewMeeting,
    NewMinutes,
    Seat,
)
from admin_api.api.replies import do_once
from admin_api.gate import GuardedRoute
from admin_api.paging import meeting_word, next_link, read_meeting_place
from core.app import access
from core.cases import proceedings
from core.work import Work

router = APIRouter(prefix="/meetings", tags=["meetings"], route_class=GuardedRoute)

Called = Annotated[Work, needs("meeting.call")]


@router.get("")
async def list_meetings(
    request: Request,
    work: Annotated[Work, needs("meeting.list", write=False)],
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Meetings:
    """Return the meetings that the caller calls or sits in, the latest first."""
    found = await proceedings.meetings(work, after=read_meeting_place(after), limit=limit + 1)
    shown = found[:limit]
    word = meeting_word(shown[-1].held_on, shown[-1].called_at, shown[-1].id) if len(found) > limit else None
    return Meetings(meetings=[_meeting(each) for each in shown], next=next_link(request, word))


@router.post("", status_code=status.HTTP_201_CREATED)
async def call(given: NewMeeting, request: Request, key: IdempotencyKey, work: Called) -> CalledMeeting:
    """Call a meeting; its members can read the cases on the agenda from then on."""

    async def act() -> access.Result:
        for case_id in sorted(given.case_ids):  # in one order, so that two requests cannot wait for each other
            await proceedings.held_still(work, case_id)
        made = await proceedings.call(work, **given.model_dump())
        return {"id": str(made.id), "state": made.state}

    return CalledMeeting.model_validate(await do_once(request, work, key, act))


@router.get("/{meeting_id}")
async def read_meeting(meeting_id: UUID, work: Annotated[Work, needs("meeting.list", write=False)]) -> Meeting:
    """Return a meeting with its agenda and its members."""
    return _meeting(await proceedings.meeting(work, meeting_id))


@router.post("/{meeting_id}/move")
async def move(
    meeting_id: UUID, given: MovedMeeting, request: Request, key: IdempotencyKey, work: Called
) -> CalledMeeting:
    """Call a meeting for another day; its agenda and its members stay."""

    async def act() -> access.Result:
        await proceedings.meeting(work, meeting_id)
        moved = await proceedings.move_meeting(work, meeting_id, given.held_on)
        return {"id": str(moved.id), "state": moved.state}

    return CalledMeeting.model_validate(await do_once(request, work, key, act))


@router.post("/{meeting_id}/call-off")
async def call_off(
    meeting_id: UUID, given: MeetingOff, request: Request, key: IdempotencyKey, work: Called
) -> CalledMeeting:
    """Call a meeting off: its cases wait for another one, and who was given them for it has them no more."""

    async def act() -> access.Result:
        await proceedings.meeting(work, meeting_id)
        off = await proceedings.call_meeting_off(work, meeting_id, reason=given.reason)
        return {"id": str(off.id), "state": off.state}

    return CalledMeeting.model_validate(await do_once(request, work, key, act))


@router.post("/{meeting_id}/minutes")
async def record_minutes(
    meeting_id: UUID,
    given: NewMinutes,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("meeting.hold")],
) -> CalledMeeting:
    """Record what a meeting decided about every case on its agenda (T15, T16); only a member who was there may."""

    async def act() -> access.Result:
        await proceedings.meeting(work, meeting_id)
        decisions = [_decision(each) for each in given.decisions]
        held = await proceedings.hold_meeting(work, meeting_id, present=frozenset(given.present), decisions=decisions)
        return {"id": str(held.id), "state": held.state}

    return CalledMeeting.model_validate(await do_once(request, work, key, act))


def _decision(given: CaseDecision) -> proceedings.Decision:
    return proceedings.Decision(**{**given.model_dump(), "recused": frozenset(given.recused)})


def _meeting(found: proceedings.MeetingSummary) -> Meeting:
    seats = [Seat(person_id=person_id, is_present=is_present) for person_id, is_present in found.seats]
    return Meeting.model_validate(
        {
            "id": found.id,
            "kind": found.kind,
            "body": found.body,
            "year": found.year,
            "number": found.number,
            "held_on": found.held_on,
            "state": found.state,
            "case_ids": list(found.case_ids),
            "seats": seats,
        }
    )
