"""Search over the cases that one has been granted: what is looked for, and why, then where it stands."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from admin_api.console.gate import Visit, acts, sees
from admin_api.gate import GuardedRoute
from admin_api.texts import speak
from core.cases import proceedings
from core.errors import Invalid, TooLarge

router = APIRouter(prefix="/console/search", route_class=GuardedRoute)


@router.get("")
async def show_search(visit: Annotated[Visit, sees("case.read")]) -> Response:
    """Ask for the words and the reason."""
    return visit.page("search.html", here="cases", found=None, words="", reason="", problem="")


@router.post("")
async def search(
    visit: Annotated[Visit, acts("case.read")],
    words: Annotated[str, Form(max_length=100)] = "",
    reason: Annotated[str, Form(max_length=600)] = "",
) -> Response:
    """Show in which cases the words stand; what does not fit is told beside the form, with what was typed."""
    found, problem = None, ""
    try:
        found = await proceedings.search(visit.work, words, reason=reason)
    except (Invalid, TooLarge) as error:
        problem = speak(visit.language)(f"error.{error.code}", **error.params)
    status = 422 if problem else 200
    values = {"found": found, "words": words, "reason": reason, "problem": problem}
    return visit.page("search.html", here="cases", status=status, **values)
