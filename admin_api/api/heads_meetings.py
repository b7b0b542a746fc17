"""The meetings of the station heads: called for a round, moved, attended, closed with minutes, read with a reason."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response, status

from admin_api.api.documents import sends
from admin_api.api.gate import IdempotencyKey, calls, needs
from admin_api.api.items import OpeningId
from admin_api.api.replies import do_once
from admin_api.api.shapes import NewOpening, Opening
from admin_api.api.station_book_shapes import (
    CalledHeadsMeeting,
    ClosedHeadsMeeting,
    HeadsCall,
    HeadsMeeting,
    HeadsTexts,
    NewAttendance,
    NewHeadsMeeting,
    NewHeadsMinutes,
    RoundMeeting,
)
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import send_heads_minutes
from admin_api.revisions import heads_revision, require_heads_seen
from core import documents
from core.app import access, stations
from core.stations import Call
from core.work import Work

router = APIRouter(prefix="/stations/meetings", tags=["stations"], route_class=GuardedRoute)

Seen = Annotated[str | None, Header(alias="If-Match", description="The ETag of the meeting as the caller saw it.")]


@router.get("")
async def list_meetings(work: Annotated[Work, needs("station.list", write=False)]) -> list[RoundMeeting]:
    """Return the newest rounds, each with its meeting if one was called."""
    return [
        RoundMeeting(
            round_id=each.round.id,
            quarter=each.round.quarter,
            meeting_by=each.round.meeting_by,
            meeting_id=each.meeting_id,
            held_on=each.held_on,
            is_closed=each.is_closed,
        )
        for each in await stations.heads_meetings(work)
    ]


@router.post("", status_code=status.HTTP_201_CREATED)
async def call(
    given: NewHeadsMeeting, request: Request, key: IdempotencyKey, work: Annotated[Work, needs("station.meet")]
) -> CalledHeadsMeeting:
    """Call the meeting of a round; the bot tells the heads and deputies who have a chat."""

    async def act() -> access.Result:
        return {"id": str(await stations.call_heads_meeting(work, given.round_id, _call(given)))}

    return CalledHeadsMeeting.model_validate(await do_once(request, work, key, act))


@router.get("/{meeting_id}")
async def read_meeting(
    meeting_id: UUID, response: Response, work: Annotated[Work, needs("station.list", write=False)]
) -> HeadsMeeting:
    """Return a meeting with who came for which station."""
    found = await stations.heads_meeting(work, meeting_id)
    response.headers["etag"] = heads_revision(found)
    return HeadsMeeting.model_validate(found)


@router.post("/{meeting_id}/move")
async def move(
    meeting_id: UUID,
    given: HeadsCall,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.meet")],
    seen: Seen = None,
) -> CalledHeadsMeeting:
    """Call a meeting for another day, hour, venue or agenda; everybody is told once more."""

    async def act() -> access.Result:
        require_heads_seen(await stations.hold_heads_meeting(work, meeting_id), seen)
        await stations.move_heads_meeting(work, meeting_id, _call(given))
        return {"id": str(meeting_id)}

    return CalledHeadsMeeting.model_validate(await do_once(request, work, key, act))


@router.post("/{meeting_id}/attendance")
async def note_attendance(
    meeting_id: UUID,
    given: NewAttendance,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.meet")],
    seen: Seen = None,
) -> CalledHeadsMeeting:
    """Note who came; nobody is taken for present of whom nothing is said."""

    async def act() -> access.Result:
        require_heads_seen(await stations.hold_heads_meeting(work, meeting_id), seen)
        await stations.note_attendance(work, meeting_id, given.attended, rest=given.rest)
        return {"id": str(meeting_id)}

    return CalledHeadsMeeting.model_validate(await do_once(request, work, key, act))


@router.post("/{meeting_id}/close")
async def close(
    meeting_id: UUID,
    given: NewHeadsMinutes,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.meet")],
    seen: Seen = None,
) -> ClosedHeadsMeeting:
    """Record what was said and close the meeting: the locked records of the round are heard."""

    async def act() -> access.Result:
        require_heads_seen(await stations.hold_heads_meeting(work, meeting_id), seen)
        return {"heard": await stations.close_heads_meeting(work, meeting_id, given.minutes)}

    return ClosedHeadsMeeting.model_validate(await do_once(request, work, key, act))


@router.post("/{meeting_id}/openings", status_code=status.HTTP_201_CREATED)
async def begin_opening(
    meeting_id: UUID, given: NewOpening, request: Request, work: Annotated[Work, needs("station.read_records")]
) -> Opening:
    """Give the reason for which agenda and minutes are read; it is kept, sealed to the auditors."""
    made = await stations.begin_reading_meeting(work, meeting_id, given.reason)
    content = f"{request.url.path.removesuffix('/openings')}/texts?opening={made.id}"
    return Opening(id=made.id, expires_at=made.expires_at, content=content)


@router.get("/{meeting_id}/texts")
async def read_texts(
    meeting_id: UUID, opening_id: OpeningId, work: Annotated[Work, needs("station.read_records")]
) -> HeadsTexts:
    """Return agenda and minutes; the read is recorded."""
    return HeadsTexts.model_validate(await stations.read_heads_meeting(work, meeting_id, opening_id=opening_id))


@router.get(
    "/{meeting_id}/document",
    responses=sends(documents.MEDIA_TYPE, "The minutes, by GB/T 9704-2012."),
    response_class=Response,
)
async def take_out(
    meeting_id: UUID, opening_id: OpeningId, caller: Annotated[Caller, calls("station.read_records")]
) -> Response:
    """Send the minutes as a document, with agenda and attendance; that they were taken out is recorded."""
    return await send_heads_minutes(caller, meeting_id, opening_id)


def _call(given: HeadsCall) -> Call:
    begins_at = given.begins_at.replace(second=0, microsecond=0, tzinfo=None)
    return Call(given.held_on, begins_at, given.venue, given.agenda)
