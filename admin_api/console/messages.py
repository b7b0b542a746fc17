"""What the person concerned sent with their code: taken into the file, and answered; and the letter that asks them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.cases import CaseFilters, Filtered, case_page
from admin_api.console.gate import Visit, acts, posts, visit_of
from admin_api.gate import Caller, GuardedRoute
from core import warnings
from core.cases import proceedings
from core.sealing import Receipt
from core.work import Work

router = APIRouter(prefix="/console/cases/{case_id}", route_class=GuardedRoute)


class Place(NamedTuple):
    """The page of a case from which something was sent."""

    request: Request
    caller: Caller
    case_id: UUID
    filters: CaseFilters
    opening: UUID | None


@router.post("/messages/{message_id}")
async def take(
    case_id: UUID,
    message_id: UUID,
    visit: Annotated[Visit, acts("subject.hear")],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Take a message into the file; the thread shows what it says."""
    await proceedings.summary(visit.work, case_id)
    await warnings.require_in_case(visit.work, message_id, case_id)
    await warnings.take_message(visit.work, message_id)
    return visit.go(_back(case_id, opening), "said.message.taken")


@router.post("/messages/{message_id}/answer")
async def answer(
    case_id: UUID,
    message_id: UUID,
    visit: Annotated[Visit, acts("subject.hear")],
    text: Annotated[str, Form(max_length=10_000)],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Answer under the code with which the message came."""
    await proceedings.summary(visit.work, case_id)
    await warnings.require_in_case(visit.work, message_id, case_id)
    await warnings.answer_person(visit.work, message_id, text=text)
    return visit.go(_back(case_id, opening), "said.message.answered")


@router.post("/inquiry-service/{entry_id}")
async def serve_inquiry(
    request: Request,
    case_id: UUID,
    entry_id: UUID,
    caller: Annotated[Caller, posts("case.verify")],
    filters: Filtered,
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Record that a letter of inquiry was served, and show its code: this once."""
    given = Given(await typed(request))

    async def make(work: Work) -> Receipt:
        day = given.day("served_on")
        return await warnings.serve_inquiry(work, case_id, entry_id, served_on=day, proof=given.text("proof"))

    return await _show_once(Place(request, caller, case_id, filters, opening), "inquiry-service", given, make)


@router.post("/inquiry-code/{entry_id}")
async def renew_inquiry_code(
    request: Request,
    case_id: UUID,
    entry_id: UUID,
    caller: Annotated[Caller, posts("case.verify")],
    filters: Filtered,
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Make another code for a letter whose code was lost, and show it: this once."""
    given = Given(await typed(request))

    async def make(work: Work) -> Receipt:
        return await warnings.renew_inquiry_code(work, case_id, entry_id, reason=given.text("reason"))

    return await _show_once(Place(request, caller, case_id, filters, opening), "inquiry-code", given, make)


async def _show_once(place: Place, form: str, given: Given, make: Callable[[Work], Awaitable[Receipt]]) -> Response:
    """Make a code and show it on a page that nothing keeps; what fails comes back with what was typed."""
    request, caller, case_id, filters, opening = place
    made: list[Receipt] = []

    async def act(work: Work) -> None:
        made.append(await make(work))

    kept = await attempt(request, caller, form, given.fields, act)
    async with caller.begin() as work:
        visit = await visit_of(request, caller, work)
        if kept is not None:
            return await case_page(visit, case_id, filters, opening, kept)
        page = visit.page(
            "inquiry_served.html",
            here="cases",
            case=await proceedings.summary(work, case_id),
            code=made[0].text,
            renewed=form == "inquiry-code",
            back=_back(case_id, opening),
        )
        page.headers["cache-control"] = "no-store"
        return page


def _back(case_id: UUID, opening: UUID | None) -> str:
    return f"/console/cases/{case_id}?opening={opening}" if opening else f"/console/cases/{case_id}"
