"""What becomes of a carded item: proposed by one person, decided by another, then a case (T4 to T7)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.gate import Visit, acts, go, names_of, posts, sees, visit_of
from admin_api.console.inbox import Filtered, Filters
from admin_api.console.item import item_page
from admin_api.console.pages import number_of
from admin_api.gate import Caller, GuardedRoute
from admin_api.texts import speak
from core.app import cases
from core.cases import cards, proceedings
from core.cases.proceedings import steps
from core.errors import Invalid, NotFound
from core.work import Work

router = APIRouter(prefix="/console/items/{item_id}", route_class=GuardedRoute)

OpeningId = Annotated[UUID, Query(alias="opening")]


@router.post("/card/corrections")
async def correct(
    request: Request,
    item_id: UUID,
    caller: Annotated[Caller, posts("item.card")],
    filters: Filtered,
    opening: OpeningId,
) -> Response:
    """Add a correction to the card."""
    given = await typed(request)
    kept = await attempt(
        request, caller, "correct", given, lambda work: cards.correct(work, item_id, given.get("text", ""))
    )
    return await _answer(request, caller, item_id, filters, opening, kept, "said.card_corrected")


@router.post("/triage")
async def propose(
    request: Request,
    item_id: UUID,
    caller: Annotated[Caller, posts("triage.propose")],
    filters: Filtered,
    opening: OpeningId,
) -> Response:
    """Propose what becomes of the item."""
    given = await typed(request)

    async def act(work: Work) -> None:
        outcome, reason, receiver = (given.get(name, "") for name in ("outcome", "reason", "receiver"))
        await cards.propose(work, item_id, outcome, reason=reason, receiver=receiver)

    kept = await attempt(request, caller, "propose", given, act)
    return await _answer(request, caller, item_id, filters, opening, kept, "said.proposed")


@router.post("/triage/take-back")
async def take_back(
    item_id: UUID, visit: Annotated[Visit, acts("triage.propose")], filters: Filtered, opening: OpeningId
) -> Response:
    """Take one's own proposal back before it is decided."""
    await cards.take_back(visit.work, item_id)
    return visit.go(_address(filters, item_id, opening), "said.proposal_taken_back")


@router.post("/triage/decision")
async def decide(
    request: Request,
    item_id: UUID,
    caller: Annotated[Caller, posts("triage.decide")],
    filters: Filtered,
    opening: OpeningId,
) -> Response:
    """Approve what was proposed, or return it."""
    given = await typed(request)

    async def act(work: Work) -> None:
        if given.get("decision") not in {"approve", "return"}:
            raise Invalid("unknown_choice", field="decision")
        await cards.decide(work, item_id, approved=given["decision"] == "approve", reason=given.get("reason", ""))

    kept = await attempt(request, caller, "decide", given, act)
    said = "said.approved" if given.get("decision") == "approve" else "said.returned"
    return await _answer(request, caller, item_id, filters, opening, kept, said)


@router.post("/case")
async def open_case(item_id: UUID, visit: Annotated[Visit, acts("case.open")]) -> Response:
    """Open a case on the item, and read it at once: the clerk who opens it has just read the item."""
    case = await proceedings.open_case(visit.work, item_id)
    reason = speak(visit.language)("reason.case_opened")
    opening = await proceedings.begin_reading(visit.work, case.id, reason)
    return visit.go(f"/console/cases/{case.id}?opening={opening.id}", "said.case_opened")


@router.post("/case/{case_id}/compare")
async def compare(
    item_id: UUID, case_id: UUID, visit: Annotated[Visit, acts("case.open")], opening: OpeningId
) -> Response:
    """Give the reason for reading a case beside the item, which the comparison itself is."""
    reason = speak(visit.language)("reason.compare", number=number_of(item_id))
    begun = await proceedings.begin_reading(visit.work, case_id, reason)
    return visit.go(f"/console/items/{item_id}/case/{case_id}?opening={opening}&case_opening={begun.id}")


@router.get("/case/{case_id}")
async def show_merge(
    item_id: UUID,
    case_id: UUID,
    visit: Annotated[Visit, sees("case.open", write=True)],
    opening: OpeningId,
    case_opening: Annotated[UUID, Query()],
) -> Response:
    """Show the card beside the first entry of the case; somebody judges, no machine does."""
    return await _merge_page(visit, item_id, case_id, opening, case_opening)


@router.post("/case/{case_id}")
async def merge(
    request: Request,
    item_id: UUID,
    case_id: UUID,
    caller: Annotated[Caller, posts("case.open")],
    opening: OpeningId,
    case_opening: Annotated[UUID, Query()],
) -> Response:
    """Let the item join the case, with an origin of its own or that of an item that is there."""
    given = await typed(request)

    async def act(work: Work) -> None:
        origin = given.get("origin", "own")
        same = None if origin == "own" else _item_id(origin)
        await proceedings.merge(work, item_id, case_id, reason=given.get("reason", ""), same_origin_as=same)

    kept = await attempt(request, caller, "merge", given, act)
    if kept is None:
        return go(caller.app, f"/console/cases/{case_id}?opening={case_opening}", "said.merged")
    async with caller.begin() as work:
        visit = await visit_of(request, caller, work)
        return await _merge_page(visit, item_id, case_id, opening, case_opening, kept)


async def _merge_page(
    visit: Visit, item_id: UUID, case_id: UUID, opening: UUID, case_opening: UUID, kept: Kept | None = None
) -> Response:
    card = await cards.open_card(visit.work, item_id, opening_id=opening)
    found = await proceedings.open_file(visit.work, case_id, opening_id=case_opening)
    beginning = next((each for each in found.thread if isinstance(each.step, steps.Opened)), None)
    if beginning is None:
        raise NotFound("case_not_found")
    return visit.page(
        "merge.html",
        here="inbox",
        status=kept.problem.status if kept else 200,
        item=await cases.summary(visit.work, item_id),
        card=card.card,
        case=found.summary,
        beginning=beginning,
        joined=[each for each in found.thread if isinstance(each.step, steps.Opened | steps.Merged)],
        names=await names_of(visit, {card.card.clerk_id}),
        opening=opening,
        case_opening=case_opening,
        kept=kept,
    )


async def _answer(
    request: Request, caller: Caller, item_id: UUID, filters: Filters, opening: UUID, kept: Kept | None, said: str
) -> Response:
    if kept is None:
        return go(caller.app, _address(filters, item_id, opening), said)
    async with caller.begin() as work:
        return await item_page(await visit_of(request, caller, work), item_id, filters, opening, kept)


def _address(filters: Filters, item_id: UUID, opening: UUID) -> str:
    return filters.address(f"/console/items/{item_id}", opening=str(opening))


def _item_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("unknown_choice", field="origin") from error
