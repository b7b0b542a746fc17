"""Who reported: asked for in a case with a reason, opened by two custodians one after the other, read by who asked."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, acts, go, names_of, posts, sees, visit_of
from admin_api.console.pages import number_of
from admin_api.gate import Caller, GuardedRoute
from core.cases import proceedings
from core.cases.proceedings import Wish
from core.errors import Invalid, NotFound
from core.work import Work

router = APIRouter(prefix="/console", route_class=GuardedRoute)

_WISHES: Final = "/console/identities"
_OF_CASE: Final = "/console/cases/{case_id}/identities"


@router.get("/cases/{case_id}/identities")
async def show_of_case(
    case_id: UUID, visit: Annotated[Visit, sees("identity.ask")], opening: Annotated[UUID | None, Query()] = None
) -> Response:
    """Show which reports of a case have a name to ask for, what was asked, and how far each wish is."""
    return await _case_page(visit, case_id, opening)


@router.post("/cases/{case_id}/identities")
async def ask(
    request: Request,
    case_id: UUID,
    caller: Annotated[Caller, posts("identity.ask")],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Ask the custodians."""
    fields = await typed(request)
    given = Given(fields)

    async def act(work: Work) -> None:
        await proceedings.ask_for_identity(work, case_id, given.id("item_id"), reason=given.text("reason"))

    kept = await attempt(request, caller, "ask", fields, act)
    if kept is None:
        back = f"?opening={opening}" if opening else ""
        return go(caller.app, f"{_OF_CASE.format(case_id=case_id)}{back}", "said.identity_asked")
    async with caller.begin(write=False) as work:
        return await _case_page(await visit_of(request, caller, work), case_id, opening, kept)


@router.post("/cases/{case_id}/identities/{wish_id}")
async def read(
    case_id: UUID,
    wish_id: UUID,
    visit: Annotated[Visit, acts("identity.ask")],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show name and contact to who asked; it is recorded, and only this answer has them."""
    identity = await proceedings.read_identity(visit.work, wish_id)
    return await _case_page(visit, case_id, opening, shown={wish_id: identity})


@router.get("/identities")
async def show_asked(visit: Annotated[Visit, sees("identity.release")]) -> Response:
    """Show a custodian the wishes that wait for them, and those that wait for another one."""
    return await _custodians_page(visit)


@router.post("/identities/{wish_id}/release")
async def release(request: Request, wish_id: UUID, caller: Annotated[Caller, posts("identity.release")]) -> Response:
    """Agree as the first custodian; nothing is opened by that."""
    given = Given(await typed(request))
    return await _agree(
        request, caller, given, "said.identity_released", lambda work: proceedings.release_identity(work, wish_id)
    )


@router.post("/identities/{wish_id}/open")
async def open_(request: Request, wish_id: UUID, caller: Annotated[Caller, posts("identity.release")]) -> Response:
    """Agree as the second custodian: the identity is opened for who asked, and for nobody else."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        wishes = {each.wish.id: each.wish for each in await proceedings.identities_asked(work)}
        if wish_id not in wishes:
            raise NotFound("identity_not_asked")
        if given.text("typed_number").strip().upper() != number_of(wishes[wish_id].item_id):
            raise Invalid("typed_number_differs", field="typed_number")
        await proceedings.open_identity(work, wish_id)

    return await _agree(request, caller, given, "said.identity_opened", act)


async def _agree(
    request: Request, caller: Caller, given: Given, said: str, act: Callable[[Work], Awaitable[None]]
) -> Response:
    async def confirmed(work: Work) -> None:
        if not given.flag("outside"):
            raise Invalid("not_confirmed", field="outside")
        await act(work)

    kept = await attempt(request, caller, request.url.path, given.fields, confirmed)
    if kept is None:
        return go(caller.app, _WISHES, said)
    async with caller.begin(write=False) as work:
        return await _custodians_page(await visit_of(request, caller, work), kept)


async def _custodians_page(visit: Visit, kept: Kept | None = None) -> Response:
    asked = await proceedings.identities_asked(visit.work)
    mine = visit.staff.person_id
    return visit.page(
        "identities.html",
        here="identities",
        status=kept.problem.status if kept else HTTPStatus.OK,
        waiting=[each for each in asked if each.wish.first_id != mine],
        agreed=[each for each in asked if each.wish.first_id == mine],
        names=await _names(visit, [each.wish for each in asked]),
        kept=kept,
    )


async def _case_page(
    visit: Visit,
    case_id: UUID,
    opening: UUID | None,
    kept: Kept | None = None,
    shown: Mapping[UUID, Mapping[str, str]] | None = None,
) -> Response:
    found = await proceedings.identities_of(visit.work, case_id)
    return visit.page(
        "case_identities.html",
        here="cases",
        status=kept.problem.status if kept else HTTPStatus.OK,
        case=await proceedings.summary(visit.work, case_id),
        opening=opening,
        found=found,
        names=await _names(visit, found.wishes),
        person_id=visit.staff.person_id,
        shown=shown or {},
        kept=kept,
    )


async def _names(visit: Visit, wishes: Sequence[Wish]) -> Mapping[UUID, str]:
    people = {one for each in wishes for one in (each.asked_by, each.first_id, each.second_id) if one is not None}
    return await names_of(visit, people)
