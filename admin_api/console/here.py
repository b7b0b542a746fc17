"""Who else is here, as an open page asks again and again; a page that is loaded asks by itself."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from admin_api.console.gate import Visit, acts
from admin_api.gate import GuardedRoute
from admin_api.texts import speak
from core.app import presence
from core.presence import Present

router = APIRouter(prefix="/console", route_class=GuardedRoute)


@router.post("/items/{item_id}/here")
async def at_item(item_id: UUID, visit: Annotated[Visit, acts("item.read_metadata")]) -> Response:
    """Say that the person has the item before them; the text that names who else has comes back."""
    return PlainTextResponse(in_words(await presence.at_item(visit.work, item_id), visit.language))


@router.post("/cases/{case_id}/here")
async def at_case(case_id: UUID, visit: Annotated[Visit, acts("case.read")]) -> Response:
    """Say that the person has the case before them; the text that names who else has comes back."""
    return PlainTextResponse(in_words(await presence.at_case(visit.work, case_id), visit.language))


def in_words(found: Sequence[Present], language: str) -> str:
    """Return the line that names colleagues; empty when there is nobody else."""
    comma = "、" if language == "zh_CN" else ", "
    return speak(language)("here.others", names=comma.join(each.name for each in found)) if found else ""
