"""The meetings of the station heads: called for a round, attended by every station, recorded, printed (S84)."""

from collections.abc import Mapping
from datetime import date, time
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, acts, calls, go, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import send_heads_minutes
from admin_api.texts import speak
from core.app import stations
from core.errors import Denied, Invalid
from core.stations import Attended, Call, MeetingTexts, RoundMeeting
from core.work import Work

router = APIRouter(prefix="/console/stations/meetings", route_class=GuardedRoute)

BEGINS_AT: Final = time(9)
_STATION: Final = "station-"

Opening = Annotated[UUID | None, Query()]


@router.get("")
async def show_meetings(visit: Annotated[Visit, sees("station.list")]) -> Response:
    """Show the rounds with their meetings, and the form that calls the one that is due."""
    return await _list(visit)


@router.post("")
async def call(request: Request, caller: Annotated[Caller, posts("station.meet")]) -> Response:
    """Call the meeting of a round."""
    given = Given(await typed(request))
    made: list[UUID] = []

    async def act(work: Work) -> None:
        made.append(await stations.call_heads_meeting(work, given.id("round"), _call(given)))

    kept = await attempt(request, caller, "call", given.fields, act)
    if kept is None:
        return go(caller.app, f"/console/stations/meetings/{made[0]}", "said.heads_called")
    async with caller.begin(write=False) as work:
        return await _list(await visit_of(request, caller, work), kept)


@router.get("/{meeting_id}")
async def show_meeting(
    meeting_id: UUID, visit: Annotated[Visit, sees("station.list", write=True)], opening: Opening = None
) -> Response:
    """Show a meeting: who came, and agenda and minutes to whoever opened them."""
    return await _page(visit, meeting_id, opening)


@router.post("/{meeting_id}/open")
async def give_reason(meeting_id: UUID, visit: Annotated[Visit, acts("station.read_records")]) -> Response:
    """Open agenda and minutes; the meeting itself is the reason."""
    meeting = await stations.heads_meeting(visit.work, meeting_id)
    reason = speak(visit.language)("heads.reason", year=meeting.quarter[:4], place=meeting.quarter[5:])
    opening = await stations.begin_reading_meeting(visit.work, meeting_id, reason)
    return visit.go(f"/console/stations/meetings/{meeting_id}?opening={opening.id}")


@router.post("/{meeting_id}/move")
async def move(
    request: Request, meeting_id: UUID, caller: Annotated[Caller, posts("station.meet")], opening: Opening = None
) -> Response:
    """Call the meeting for another day, hour, venue or agenda."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        await stations.move_heads_meeting(work, meeting_id, _call(given))

    kept = await attempt(request, caller, "move", given.fields, act)
    return await _back(request, caller, (meeting_id, opening), "said.heads_moved", kept)


@router.post("/{meeting_id}/attendance")
async def note_attendance(
    request: Request, meeting_id: UUID, caller: Annotated[Caller, posts("station.meet")], opening: Opening = None
) -> Response:
    """Note who came for which station, and for the rest what the button says."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        await stations.note_attendance(work, meeting_id, _attended(given), rest=given.text("rest") or None)

    kept = await attempt(request, caller, "attendance", given.fields, act)
    return await _back(request, caller, (meeting_id, opening), "said.heads_attendance", kept)


@router.post("/{meeting_id}/close")
async def close(
    request: Request, meeting_id: UUID, caller: Annotated[Caller, posts("station.meet")], opening: Opening = None
) -> Response:
    """Record what was said and close the meeting: the locked records of the round are heard."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        if not given.flag("true_record"):
            raise Invalid("not_confirmed", field="true_record")
        await stations.close_heads_meeting(work, meeting_id, given.text("minutes"))

    kept = await attempt(request, caller, "close", given.fields, act)
    return await _back(request, caller, (meeting_id, opening), "said.heads_closed", kept)


@router.get("/{meeting_id}/minutes.docx")
async def take_out(
    meeting_id: UUID, caller: Annotated[Caller, calls("station.read_records")], opening: Annotated[UUID, Query()]
) -> Response:
    """Send the minutes under the reason that was given for the meeting."""
    return await send_heads_minutes(caller, meeting_id, opening)


async def _back(
    request: Request, caller: Caller, which: tuple[UUID, UUID | None], said: str, kept: Kept | None
) -> Response:
    meeting_id, opening = which
    if kept is None:
        return go(
            caller.app, f"/console/stations/meetings/{meeting_id}{f'?opening={opening}' if opening else ''}", said
        )
    async with caller.begin() as work:
        return await _page(await visit_of(request, caller, work), meeting_id, opening, kept)


async def _list(visit: Visit, kept: Kept | None = None) -> Response:
    found = await stations.heads_meetings(visit.work)
    waiting = [each for each in found if each.meeting_id is None]
    return visit.page(
        "heads_meetings.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        meetings=found,
        waiting=waiting,
        proposed={each.round.id: _proposed(each, visit.work.clock.today()) for each in waiting},
        begins_at=BEGINS_AT,
        kept=kept,
    )


async def _page(visit: Visit, meeting_id: UUID, opening: UUID | None, kept: Kept | None = None) -> Response:
    meeting = await stations.heads_meeting(visit.work, meeting_id)
    texts = await _opened(visit, meeting_id, opening) if opening and visit.staff.key else None
    return visit.page(
        "heads_meeting.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        meeting=meeting,
        attended=[each.value for each in Attended],
        texts=texts,
        opening=opening,
        expired=bool(opening) and texts is None and visit.staff.key is not None,
        is_day=meeting.held_on <= visit.work.clock.today(),
        kept=kept,
    )


async def _opened(visit: Visit, meeting_id: UUID, opening: UUID) -> MeetingTexts | None:
    """Open agenda and minutes; nothing when the reason given has expired."""
    try:
        return await stations.read_heads_meeting(visit.work, meeting_id, opening_id=opening)
    except Denied as error:
        if error.code != "reason_needed":
            raise
        return None


def _proposed(each: RoundMeeting, today: date) -> date | None:
    """Return the day that the form offers: the last one for the meeting, unless that is past."""
    last = each.round.meeting_by
    return last if last is not None and last >= today else None


def _call(given: Given) -> Call:
    try:
        begins_at = time.fromisoformat(given.text("begins_at"))
    except ValueError as error:
        raise Invalid("hour_malformed", field="begins_at") from error
    agenda = given.text("agenda").splitlines()
    return Call(given.day("held_on"), begins_at.replace(second=0, microsecond=0), given.text("venue"), agenda)


def _attended(given: Given) -> Mapping[UUID, str]:
    chosen = {name.removeprefix(_STATION): value for name, value in given.fields.items() if name.startswith(_STATION)}
    return {Given({"station": name}).id("station"): value for name, value in chosen.items() if value}
