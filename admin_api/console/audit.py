"""The audit trail for those who check."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from admin_api.console.gate import Visit, names_of, sees
from admin_api.gate import GuardedRoute
from admin_api.paging import place_word, read_place
from admin_api.trail import read_trail
from core.app import access

router = APIRouter(prefix="/console/audit", route_class=GuardedRoute)

PAGE = 50


@router.get("")
async def show_audit(
    visit: Annotated[Visit, sees("audit.read", write=True)],
    subject: Annotated[str, Query(max_length=80)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Show the trail, newest first, with the reasons that the reader's key opens."""
    wanted = subject.strip()
    found = await read_trail(visit.work, after=read_place(after), subject_id=wanted or None, limit=PAGE + 1)
    lines = found[:PAGE]
    more = None
    if len(found) > PAGE:
        query = {"subject": wanted, "after": place_word(lines[-1].entry.at, lines[-1].entry.id)}
        more = "/console/audit?" + urlencode({key: value for key, value in query.items() if value})
    staff = {line.entry.actor.removeprefix("staff:") for line in lines if line.entry.actor.startswith("staff:")}
    names = {f"staff:{person}": name for person, name in (await names_of(visit, {UUID(one) for one in staff})).items()}
    holds = bool(await access.holds_shared(visit.work, visit.staff.person_id))
    return visit.page("audit.html", here="audit", lines=lines, names=names, subject=wanted, more=more, holds=holds)
