"""A case for a competent body: sealed to that body's key, with a reason; and what has left the case so far."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, names_of, posts, sees, visit_of
from admin_api.console.pages import case_number
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import send_archive
from core import documents
from core.cases import proceedings
from core.errors import Invalid
from core.work import Work

router = APIRouter(prefix="/console/cases/{case_id}/archive", route_class=GuardedRoute)

UPPER_LEVEL: Final = "upper_level"
OTHER: Final = "other"


@router.get("")
async def show_archive(
    case_id: UUID, visit: Annotated[Visit, sees("case.export")], opening: Annotated[UUID | None, Query()] = None
) -> Response:
    """Show the form, and what was taken out of the case by whom."""
    return await _page(visit, case_id, opening)


@router.post("")
async def hand_on(
    request: Request,
    case_id: UUID,
    caller: Annotated[Caller, posts("case.export")],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Send the archive to be saved; it is recorded with its reason and the SHA-256 of its manifest."""
    fields = await typed(request)
    given = Given(fields)
    made: list[documents.Archive] = []

    async def act(work: Work) -> None:
        case = await proceedings.summary(work, case_id)
        if given.text("typed_number").strip() != case_number(case):
            raise Invalid("typed_number_differs", field="typed_number")
        recipient = _recipient(work, given)
        made.append(await documents.export_case(work, case_id, recipient=recipient, reason=given.text("reason")))

    kept = await attempt(request, caller, "archive", fields, act)
    if kept is None:
        return send_archive(made[0])
    async with caller.begin(write=False) as work:
        return await _page(await visit_of(request, caller, work), case_id, opening, kept)


def _recipient(work: Work, given: Given) -> str:
    if given.text("body") == UPPER_LEVEL and work.keys.upper_level_recipient:
        return work.keys.upper_level_recipient
    return given.text("recipient").strip()


async def _page(visit: Visit, case_id: UUID, opening: UUID | None, kept: Kept | None = None) -> Response:
    taken = await documents.taken_from(visit.work, case_id)
    return visit.page(
        "archive.html",
        here="cases",
        status=kept.problem.status if kept else HTTPStatus.OK,
        case=await proceedings.summary(visit.work, case_id),
        opening=opening,
        upper_level=visit.work.keys.upper_level_recipient,
        taken=taken,
        names=await names_of(visit, {each.person_id for each in taken}),
        kept=kept,
    )
