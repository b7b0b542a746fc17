"""Files as evidence: sealed as they arrive, sent with their digest."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, status
from starlette.responses import StreamingResponse

from admin_api.api.case_shapes import Added
from admin_api.api.gate import calls
from admin_api.files import send_clean_evidence, send_evidence, take_evidence
from admin_api.gate import Caller, GuardedRoute

router = APIRouter(prefix="/cases/{case_id}/files", tags=["verification"], route_class=GuardedRoute)

_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file, to be saved and not shown."}
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"format": "binary"}}}}
}


@router.post("", status_code=status.HTTP_201_CREATED, openapi_extra=_BODY)
async def add_file(
    case_id: UUID,
    request: Request,
    caller: Annotated[Caller, calls("case.verify")],
    name: Annotated[str, Query(min_length=1, max_length=200, examples=["值班登记表.pdf"])],
    exculpatory: Annotated[bool, Query(description="Whether it speaks for the person.")] = False,  # noqa: FBT002 - a query parameter
    media_type: Annotated[str, Header(alias="Content-Type")] = "",
) -> Added:
    """Take a file into the evidence, byte for byte; the same one again is refused (``file_there_already``)."""
    made = await take_evidence(
        caller, case_id, request.stream(), name=name, media_type=media_type, exculpatory=exculpatory
    )
    return Added.model_validate(made)


@router.get("/{file_id}", responses=_FILE, response_class=StreamingResponse)
async def read_file(
    case_id: UUID,
    file_id: UUID,
    opening_id: Annotated[UUID, Query(alias="opening", description="The id of the reason given.")],
    caller: Annotated[Caller, calls("case.read")],
) -> StreamingResponse:
    """Send a file of the evidence; ``X-Content-SHA256`` is the digest that was taken when it came."""
    return await send_evidence(caller, case_id, file_id, opening_id)


@router.get("/{file_id}/clean", responses=_FILE, response_class=StreamingResponse)
async def read_clean_copy(
    case_id: UUID,
    file_id: UUID,
    opening_id: Annotated[UUID, Query(alias="opening", description="The id of the reason given.")],
    caller: Annotated[Caller, calls("case.read")],
) -> StreamingResponse:
    """Send a copy made for reading: pictures and pages without anything else in them (``no_clean_copy`` of others)."""
    return await send_clean_evidence(caller, case_id, file_id, opening_id)
