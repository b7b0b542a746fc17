"""A measure is drafted beside the finding that it rests on."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.case_words import lines, people_in
from admin_api.console.gate import Visit, go, names_of, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from core import warnings
from core.cases import proceedings
from core.warnings import NewMeasure
from core.warnings.rules.forms import Ancillary
from core.work import Work

router = APIRouter(prefix="/console/cases/{case_id}/measure", route_class=GuardedRoute)

_ANCILLARY: Final = tuple(str(each) for each in Ancillary)


@router.get("")
async def show_draft(
    case_id: UUID,
    visit: Annotated[Visit, sees("measure.draft", write=True)],
    opening: Annotated[UUID, Query()],
    follows: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show the form, beside the finding."""
    return await _page(visit, case_id, opening, follows)


@router.post("")
async def draft(
    request: Request,
    case_id: UUID,
    caller: Annotated[Caller, posts("measure.draft")],
    opening: Annotated[UUID, Query()],
    follows: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Draft the measure; it waits for an officer, and then for whoever decides it."""
    given = Given(await typed(request))
    made: list[UUID] = []

    async def act(work: Work) -> None:
        new = NewMeasure(
            form=given.text("form"),
            facts=given.text("facts"),
            reasons=given.text("reasons"),
            requirements=given.text("requirements"),
            ancillary=tuple(sorted(given.chosen("ancillary", _ANCILLARY))),
        )
        made.append((await warnings.draft(work, case_id, new, follows=follows)).id)

    kept = await attempt(request, caller, "draft", given.fields, act)
    if kept is None:
        return go(caller.app, f"/console/measures/{made[0]}?opening={opening}", "said.measure.draft")
    async with caller.begin() as work:
        return await _page(await visit_of(request, caller, work), case_id, opening, follows, kept)


async def _page(visit: Visit, case_id: UUID, opening: UUID, follows: UUID | None, kept: Kept | None = None) -> Response:
    """Return the page on which a measure is drafted, beside the finding that it rests on."""
    opened = await proceedings.open_file(visit.work, case_id, opening_id=opening)
    shown = ("finding", "classified", "heard", "measure_assessed", "outcome_decided")
    beside = [each for each in opened.thread if each.step.kind in shown]
    heard = [getattr(each.step, "form", "") for each in opened.thread if each.step.kind == "heard"]
    form = (heard[-1] if heard else "") if follows is None else (await warnings.measure(visit.work, follows)).outcome
    names = await names_of(visit, {one for each in beside for one in people_in(each.step)})
    return visit.page(
        "measure_draft.html",
        here="measures",
        status=kept.problem.status if kept else HTTPStatus.OK,
        case=opened.summary,
        opening=opening,
        follows=follows,
        beside=beside,
        form=form or "",
        ancillary=_ANCILLARY,
        names={str(person): name for person, name in names.items()},
        lines=lines,
        kept=kept,
    )
