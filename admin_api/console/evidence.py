"""Files of the evidence at the console: taken in part by part, sealed as they arrive, and taken out under a reason."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from admin_api.console.attempts import Kept, empty_where_missing
from admin_api.console.cases import Filtered, case_page
from admin_api.console.gate import calls, csrf_token, go, visit_of
from admin_api.files import send_clean_evidence, send_evidence, take_evidence
from admin_api.gate import Caller, GuardedRoute
from admin_api.headers import require_same_origin
from admin_api.problems import Problem, describe
from admin_api.texts import language_of
from core.app import attachments
from core.attachments import Part
from core.errors import Denied, Invalid, JingshiError, NotSignedIn, TooLarge

router = APIRouter(prefix="/console/cases/{case_id}/files", route_class=GuardedRoute)

MOST: Final = 10
"""Files that are taken at once."""
_LONGEST: Final = 1000  # bytes of a field that is no file


@router.post("")
async def add_files(
    request: Request,
    case_id: UUID,
    caller: Annotated[Caller, calls("case.verify")],
    filters: Filtered,
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Take files into the evidence; one that cannot be taken is told, and does not stop the others.

    The form is not read as forms are: no plain byte of a file may touch the disk.
    """
    require_same_origin(request.headers)
    taken, refused = await _take_all(request, caller, case_id)
    if not refused:
        path = filters.address(f"/console/cases/{case_id}", opening=str(opening) if opening else "")
        return go(caller.app, path, "said.files_taken", count=taken)
    problem, code = refused[0]
    told = replace(problem, detail=" ".join(each.detail for each, _ in refused))
    async with caller.begin() as work:
        kept = Kept("files", empty_where_missing({}), told, code)
        return await case_page(await visit_of(request, caller, work), case_id, filters, opening, kept)


@router.get("/{file_id}", response_class=StreamingResponse)
async def send_original(
    case_id: UUID, file_id: UUID, caller: Annotated[Caller, calls("case.read")], opening: Annotated[UUID, Query()]
) -> StreamingResponse:
    """Send a file of the evidence under the reason that was given for the case."""
    return await send_evidence(caller, case_id, file_id, opening)


@router.get("/{file_id}/clean", response_class=StreamingResponse)
async def send_clean(
    case_id: UUID, file_id: UUID, caller: Annotated[Caller, calls("case.read")], opening: Annotated[UUID, Query()]
) -> StreamingResponse:
    """Send a copy made for reading of a file of the evidence, as `send_original`."""
    return await send_clean_evidence(caller, case_id, file_id, opening)


async def _take_all(request: Request, caller: Caller, case_id: UUID) -> tuple[int, list[tuple[Problem, str]]]:
    """Return how many files were taken, and why others were not; raise `Denied` before the first, if at all."""
    texts: dict[str, str] = {}
    taken = 0
    refused: list[tuple[Problem, str]] = []
    async for part in attachments.parts(request.stream(), request.headers.get("content-type", "")):
        if part.filename is None:
            texts[part.name] = await _text(part)
        elif part.filename:
            _require_ours(caller, texts)
            try:
                if taken + len(refused) >= MOST:
                    raise TooLarge("too_many_files", limit=MOST)
                await _take(caller, case_id, part, texts)
                taken += 1
            except NotSignedIn:
                raise
            except JingshiError as error:
                problem = describe(error, language_of(request))
                refused.append((replace(problem, detail=f"{part.filename} – {problem.detail}"), error.code))
    if not taken and not refused:
        refused.append((describe(Invalid("no_file_chosen", field="files"), language_of(request)), "no_file_chosen"))
    return taken, refused


async def _take(caller: Caller, case_id: UUID, part: Part, texts: Mapping[str, str]) -> None:
    if texts.get("speaks") not in {"for", "against"}:
        raise Invalid("unknown_choice", field="speaks")
    await take_evidence(
        caller,
        case_id,
        part.chunks(),
        name=part.filename or "",
        media_type=part.media_type,
        exculpatory=texts["speaks"] == "for",
    )


def _require_ours(caller: Caller, texts: Mapping[str, str]) -> None:
    if not hmac.compare_digest(texts.get("csrf", "").encode(), csrf_token(caller.secret).encode()):
        raise Denied("form_token_wrong")


async def _text(part: Part) -> str:
    content = bytearray()
    async for piece in part.chunks():
        content += piece
        if len(content) > _LONGEST:
            raise TooLarge("body_too_large", limit=_LONGEST)
    return content.decode(errors="replace")
