"""One route for every form of a case; what somebody else did meanwhile is told, and nothing typed is lost."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import attempt, typed
from admin_api.console.case_fields import Given, StepForm
from admin_api.console.case_forms import FORMS
from admin_api.console.cases import Filtered, case_page
from admin_api.console.gate import go, posts, visit_of
from admin_api.console.pages import case_number
from admin_api.gate import Caller, GuardedRoute
from admin_api.revisions import require_case_seen
from core.cases import proceedings
from core.errors import Invalid, NotFound
from core.work import Work

router = APIRouter(prefix="/console/cases/{case_id}", route_class=GuardedRoute)

Endpoint = Callable[..., Awaitable[Response]]


def _endpoint(form: StepForm) -> Endpoint:
    async def take(
        request: Request,
        case_id: UUID,
        caller: Annotated[Caller, posts(form.permission)],
        filters: Filtered,
        opening: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        given = Given(await typed(request))
        kept = await attempt(request, caller, form.name, given.fields, lambda work: _act(work, case_id, form, given))
        if kept is None:
            path = await _onward(caller, case_id)
            onward = filters.address(path, opening=str(opening)) if opening and path != _QUEUE else path
            return go(caller.app, onward, f"said.case.{form.name}")
        async with caller.begin() as work:
            return await case_page(await visit_of(request, caller, work), case_id, filters, opening, kept)

    take.__name__ = form.name
    return take


_QUEUE = "/console/cases"


async def _act(work: Work, case_id: UUID, form: StepForm, given: Given) -> None:
    case = await proceedings.summary(work, case_id)
    require_case_seen(case, given.text("seen"))
    for field in form.fields:
        if field.kind == "confirm" and not given.flag(field.name):
            raise Invalid("not_confirmed", field=field.name)
    if form.grave and given.text("typed_number").strip() != case_number(case):
        raise Invalid("typed_number_differs", field="typed_number")
    await form.act(work, case_id, given)


async def _onward(caller: Caller, case_id: UUID) -> str:
    """Return where to go on: whoever stepped aside may not know of the case any more."""
    async with caller.begin(write=False) as work:
        try:
            await proceedings.summary(work, case_id)
        except NotFound:
            return _QUEUE
    return f"{_QUEUE}/{case_id}"


for _form in FORMS.values():
    router.add_api_route(f"/{_form.name}", _endpoint(_form), methods=["POST"])
