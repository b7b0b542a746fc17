"""Documents taken out at the console: letters of inquiry, minutes, and the papers of measures."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from admin_api.console.gate import calls
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import send_inquiry, send_measure, send_minutes

router = APIRouter(prefix="/console", route_class=GuardedRoute)


@router.get("/cases/{case_id}/inquiry.docx")
async def inquiry(
    case_id: UUID,
    caller: Annotated[Caller, calls("case.read")],
    opening: Annotated[UUID, Query()],
    entry: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Send a letter of inquiry under the reason that was given for the case."""
    return await send_inquiry(caller, case_id, opening, entry)


@router.get("/meetings/{meeting_id}/minutes.docx")
async def minutes(
    meeting_id: UUID, caller: Annotated[Caller, calls("meeting.list")], opening: Annotated[UUID, Query()]
) -> Response:
    """Send the minutes under the reason that was given for the meeting."""
    return await send_minutes(caller, meeting_id, opening)


@router.get("/measures/{measure_id}/document.docx")
async def measure(
    measure_id: UUID,
    caller: Annotated[Caller, calls("measure.read")],
    opening: Annotated[UUID, Query()],
    paper: Annotated[str, Query(max_length=20)] = "measure",
) -> Response:
    """Send a paper of a measure under the reason that was given for its case."""
    return await send_measure(caller, measure_id, opening, paper)
