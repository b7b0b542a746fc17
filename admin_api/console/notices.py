"""Important information for the district committee: written beside its case, listed, and read on record."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, go, names_of, posts, sees, visit_of
from admin_api.console.pages import case_number
from admin_api.gate import Caller, GuardedRoute
from admin_api.paging import place_word, read_place
from admin_api.revisions import case_revision, require_case_seen
from core.cases import proceedings
from core.cases.proceedings import Importance, steps
from core.cases.rules.escalation import Proposed, title_is_unverified
from core.errors import Invalid
from core.work import Work

router = APIRouter(prefix="/console", route_class=GuardedRoute)

PAGE: Final = 40
ANSWERED: Final = ("possible_crime", "harm", "retaliation")
"""The criteria that the supervisor answers; the others follow from the register and from what is proposed."""
PROPOSED: Final = tuple(str(each) for each in Proposed if each)


@router.get("/notices")
async def show_notices(
    visit: Annotated[Visit, sees("notice.list")], after: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """Show the notices that the person was told of or that their body sent, with who read them when."""
    found = await proceedings.notices(visit.work, after=read_place(after), limit=PAGE + 1)
    lines = found[:PAGE]
    cases = await proceedings.summaries_of(visit.work, [each.case_id for each in lines])
    readers = {person_id for each in lines for person_id, _ in each.readers}
    word = place_word(lines[-1].sent_at, lines[-1].id) if len(found) > PAGE else None
    return visit.page(
        "notices.html",
        here="notices",
        notices=lines,
        cases={case.id: case for case in cases},
        names=await names_of(visit, readers),
        person_id=visit.staff.person_id,
        after=after,
        more=f"/console/notices?after={word}" if word else None,
    )


@router.get("/notices/{notice_id}")
async def show_notice(notice_id: UUID, visit: Annotated[Visit, sees("notice.read", write=True)]) -> Response:
    """Show what a notice says to somebody who was told; that they read it, and when, is noted."""
    opened = await proceedings.read_notice(visit.work, notice_id)
    names = await names_of(visit, {person_id for person_id, _ in opened.line.readers})
    return visit.page("notice.html", here="notices", notice=opened, line=opened.line, names=names)


@router.get("/cases/{case_id}/notice")
async def write(
    case_id: UUID, visit: Annotated[Visit, sees("case.escalate", write=True)], opening: Annotated[UUID, Query()]
) -> Response:
    """Show the form of a notice, under the reason that was given for the case."""
    return await _form(visit, case_id, opening)


@router.post("/cases/{case_id}/notice")
async def send(
    request: Request,
    case_id: UUID,
    caller: Annotated[Caller, posts("case.escalate")],
    opening: Annotated[UUID, Query()],
) -> Response:
    """Send a notice: it is numbered, sealed to those who are told, and can not be taken back."""
    fields = await typed(request)
    kept = await attempt(request, caller, "notice", fields, lambda work: _escalate(work, case_id, fields))
    if kept is None:
        return go(caller.app, "/console/notices", "said.notice_sent")
    async with caller.begin() as work:
        return await _form(await visit_of(request, caller, work), case_id, opening, kept)


async def _escalate(work: Work, case_id: UUID, fields: Mapping[str, str]) -> None:
    given = Given(fields)
    case = await proceedings.held_still(work, case_id)
    require_case_seen(case, given.text("seen"))
    if given.text("typed_number").strip() != case_number(case):
        raise Invalid("typed_number_differs", field="typed_number")
    ticked = [name.removeprefix("named-") for name in fields if name.startswith("named-")]
    importance = Importance(
        facts=given.text("facts"),
        possible_crime=given.flag("possible_crime"),
        harm=given.flag("harm"),
        retaliation=given.flag("retaliation"),
        proposed=given.text("proposed"),
        named=frozenset(Given({"person": each}).id("person") for each in ticked),
    )
    await proceedings.escalate(work, case_id, importance)


async def _form(visit: Visit, case_id: UUID, opening: UUID, kept: Kept | None = None) -> Response:
    opened = await proceedings.open_file(visit.work, case_id, opening_id=opening)
    return visit.page(
        "notice_form.html",
        here="cases",
        status=kept.problem.status if kept else HTTPStatus.OK,
        case=opened.summary,
        about=next(each.step for each in opened.thread if isinstance(each.step, steps.Opened)),
        opening=opening,
        revision=case_revision(opened.summary.version),
        is_unverified=title_is_unverified(opened.summary.state),
        prospect=await proceedings.before_escalating(visit.work, case_id),
        answered=ANSWERED,
        proposed=PROPOSED,
        kept=kept,
    )
