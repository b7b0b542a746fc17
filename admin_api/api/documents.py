"""Documents of a case, to be taken out: inquiries, minutes, what is served, the case sealed for another body."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import Field

from admin_api.api.gate import IdempotencyKey, calls, needs
from admin_api.api.items import OpeningId
from admin_api.api.replies import do_once
from admin_api.api.shapes import NewOpening, Reason, Shape
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import ARCHIVE, send_archive, send_inquiry, send_measure, send_minutes
from core import documents
from core.app import access
from core.cases import proceedings
from core.work import Work

router = APIRouter(tags=["documents"], route_class=GuardedRoute)


def sends(media_type: str, what: str) -> dict[int | str, dict[str, Any]]:
    """Describe a route that answers with a file."""
    return {200: {"content": {media_type: {}}, "description": what}}


class MinutesOpening(Shape):
    """A reason given: it carries the caller's reads of this meeting's minutes until it expires."""

    id: UUID
    expires_at: datetime
    minutes: Annotated[str, Field(description="Where the minutes can be taken out with it.")]


class NewArchive(Shape):
    """For whom a case is sealed, and why it is handed on."""

    recipient: Annotated[
        str, Field(max_length=200, examples=["age1…"], description="The receiving body's public age key.")
    ]
    reason: Reason


class TakenDocument(Shape):
    """A document that was taken out of a case; ``sha256`` is that of an archive's manifest, and empty of a letter."""

    kind: Literal["archive", "inquiry"]
    at: datetime
    person_id: UUID
    sha256: str


@router.get(
    "/cases/{case_id}/documents/inquiry",
    responses=sends(documents.MEDIA_TYPE, "The letter, by GB/T 9704-2012."),
    response_class=Response,
)
async def read_inquiry(
    case_id: UUID,
    opening_id: OpeningId,
    caller: Annotated[Caller, calls("case.read")],
    entry_id: Annotated[
        UUID | None, Query(alias="entry", description="The entry `issued` of the letter; without one, the last letter.")
    ] = None,
) -> Response:
    """Send a letter of inquiry that was signed, under the number that it got then; it is recorded."""
    return await send_inquiry(caller, case_id, opening_id, entry_id)


@router.get(
    "/measures/{measure_id}/document",
    responses=sends(documents.MEDIA_TYPE, "The document, by GB/T 9704-2012."),
    response_class=Response,
)
async def read_measure_document(
    measure_id: UUID,
    opening_id: OpeningId,
    caller: Annotated[Caller, calls("measure.read")],
    paper: Annotated[
        str,
        Query(
            max_length=20,
            description="`measure`, what is served; or `lifted`, `revocation`, `clarification`, what came of it.",
        ),
    ] = "measure",
) -> Response:
    """Send a document of a measure under its number, to whoever has a part in the case; it is recorded.

    The opening is one for the case, with its reason. Until it is served the document tells the last day by a rule.
    """
    return await send_measure(caller, measure_id, opening_id, paper)


@router.post("/meetings/{meeting_id}/openings", status_code=status.HTTP_201_CREATED)
async def begin_opening(
    meeting_id: UUID, given: NewOpening, request: Request, work: Annotated[Work, needs("meeting.list")]
) -> MinutesOpening:
    """Give the reason for taking out minutes; it lasts for half an hour, for the caller alone."""
    made = await proceedings.begin_reading_minutes(work, meeting_id, given.reason)
    minutes = f"{request.url.path.removesuffix('/openings')}/minutes.docx?opening={made.id}"
    return MinutesOpening(id=made.id, expires_at=made.expires_at, minutes=minutes)


@router.get(
    "/meetings/{meeting_id}/minutes.docx",
    responses=sends(documents.MEDIA_TYPE, "The minutes, by GB/T 9704-2012."),
    response_class=Response,
)
async def read_minutes(
    meeting_id: UUID, opening_id: OpeningId, caller: Annotated[Caller, calls("meeting.list")]
) -> Response:
    """Send the minutes of a held meeting to somebody who may read every case that it heard; it is recorded."""
    return await send_minutes(caller, meeting_id, opening_id)


@router.get("/cases/{case_id}/documents")
async def list_taken(case_id: UUID, work: Annotated[Work, needs("case.export", write=False)]) -> list[TakenDocument]:
    """Return which archives and letters were taken out of a case, by whom and when, the latest first."""
    return [TakenDocument.model_validate(each) for each in await documents.taken_from(work, case_id)]


@router.post(
    "/cases/{case_id}/archive",
    responses=sends(ARCHIVE, "The case, sealed to the receiving body: a .zip within age."),
    response_class=Response,
)
async def hand_on(
    case_id: UUID,
    given: NewArchive,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("case.export")],
) -> Response:
    """Send one case for a competent body, with a reason. Asked again under its key, it is sealed and recorded anew."""
    made: list[documents.Archive] = []

    async def act() -> access.Result:
        made.append(await documents.export_case(work, case_id, recipient=given.recipient, reason=given.reason))
        return {"manifest_sha256": made[0].manifest_sha256}

    await do_once(request, work, key, act)
    if not made:
        await act()
    return send_archive(made[0])
