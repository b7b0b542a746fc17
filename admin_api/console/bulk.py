"""Triage of many items at once: chosen in the inbox, looked at before anything is done, then done item by item."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from admin_api import bulk, several
from admin_api.bulk import Chosen, Row
from admin_api.console.attempts import typed
from admin_api.console.gate import names_of, posts, sees, visit_of
from admin_api.console.inbox import Filtered, Filters
from admin_api.gate import Caller, GuardedRoute
from admin_api.texts import language_of
from core.app import access
from core.cases import cards
from core.errors import Invalid
from core.work import Work

router = APIRouter(prefix="/console/triage", route_class=GuardedRoute)

Items = Annotated[list[UUID], Form(alias="item", default_factory=list)]
All = Annotated[str, Form(alias="all", max_length=1)]
Once = Annotated[str, Form(max_length=64)]


@router.get("", dependencies=[sees("item.read_metadata")])
@router.get("/{step:path}", dependencies=[sees("item.read_metadata")])
async def go_back() -> Response:
    """Lead to the inbox: the pages of these steps stand under no address, since they answer forms."""
    return RedirectResponse("/console/items", 303)


@router.post("/propose")
async def choose(
    request: Request,
    caller: Annotated[Caller, posts("triage.propose")],
    filters: Filtered,
    items: Items,
    every: All = "",
) -> Response:
    """Show what was chosen, and ask what is to be proposed for it."""
    chosen = await _chosen(caller, filters, items, every=bool(every))
    given = await typed(request)
    return await _page(request, caller, filters, "propose", "choose", chosen, given=given)


@router.post("/propose/preview")
async def preview_proposals(
    request: Request, caller: Annotated[Caller, posts("triage.propose")], filters: Filtered, items: Items
) -> Response:
    """Show for which items this could be proposed, and why not for the others."""
    given = await typed(request)
    act = several.could_propose(given["outcome"], reason=given["reason"], receiver=given["receiver"])
    rows = await bulk.each(caller, items, language_of(request), act)
    return await _page(request, caller, filters, "propose", "preview", Chosen(items), rows, given=given)


@router.post("/propose/confirm")
async def propose(
    request: Request, caller: Annotated[Caller, posts("triage.propose")], filters: Filtered, items: Items, once: Once
) -> Response:
    """Propose it, and show what came of each item."""
    given = await typed(request)
    act = several.proposing(given["outcome"], reason=given["reason"], receiver=given["receiver"])
    rows = await _each_once(request, caller, items, act, once, given["outcome"], given["reason"], given["receiver"])
    return await _page(request, caller, filters, "propose", "done", Chosen(items), rows, given=given)


@router.post("/take-back")
async def preview_take_backs(
    request: Request,
    caller: Annotated[Caller, posts("triage.propose")],
    filters: Filtered,
    items: Items,
    every: All = "",
) -> Response:
    """Show which proposals could be taken back."""
    chosen = await _chosen(caller, filters, items, every=bool(every))
    rows = await bulk.each(caller, chosen.ids, language_of(request), several.could_take_back)
    return await _page(request, caller, filters, "take-back", "preview", chosen, rows)


@router.post("/take-back/confirm")
async def take_back(
    request: Request, caller: Annotated[Caller, posts("triage.propose")], filters: Filtered, items: Items, once: Once
) -> Response:
    """Take the proposals back, and show what came of each item."""
    rows = await _each_once(request, caller, items, several.take_back, once)
    return await _page(request, caller, filters, "take-back", "done", Chosen(items), rows)


@router.post("/decide")
async def preview_decisions(
    request: Request,
    caller: Annotated[Caller, posts("triage.decide")],
    filters: Filtered,
    items: Items,
    every: All = "",
) -> Response:
    """Show about which proposals the person could decide, and ask for the reason to read them."""
    chosen = await _chosen(caller, filters, items, every=bool(every))
    rows = await bulk.each(caller, chosen.ids, language_of(request), several.could_decide)
    return await _page(request, caller, filters, "decide", "preview", chosen, rows)


@router.post("/decide/read")
async def read_proposals(
    request: Request,
    caller: Annotated[Caller, posts("triage.decide")],
    filters: Filtered,
    items: Items,
    note: Annotated[str, Form(max_length=400)],
) -> Response:
    """Show cards and proposals, each read with the reason given and recorded, to be decided about."""

    async def read(work: Work, item_id: UUID) -> cards.OpenedCard:
        await cards.could_decide(work, item_id)
        opening = await access.begin_opening(work, item_id, note)
        return await cards.open_card(work, item_id, opening_id=opening.id)

    rows = await bulk.each(caller, items, language_of(request), read)
    return await _page(request, caller, filters, "decide", "read", Chosen(items), rows)


@router.post("/decide/confirm")
async def decide(
    request: Request, caller: Annotated[Caller, posts("triage.decide")], filters: Filtered, items: Items, once: Once
) -> Response:
    """Approve or return, and show what came of each item."""
    given = await typed(request)
    if given["decision"] not in {"approve", "return"}:
        raise Invalid("unknown_choice", field="decision")
    act = several.deciding(approved=given["decision"] == "approve", reason=given["reason"])
    rows = await _each_once(request, caller, items, act, once, given["decision"], given["reason"])
    return await _page(request, caller, filters, "decide", "done", Chosen(items), rows, given=given)


async def _chosen(caller: Caller, filters: Filters, items: Sequence[UUID], *, every: bool) -> Chosen:
    """Return what was ticked, or all that the filters find; raises `Invalid` (``nothing_chosen``)."""
    if not every:
        return Chosen(bulk.fit(items))
    found = await bulk.all_that_match(caller, channel=filters.channel, state=filters.state, waiting=filters.waiting)
    return Chosen(bulk.fit(found.ids), found.has_more)


async def _each_once(
    request: Request, caller: Caller, items: Sequence[UUID], act: several.Act, once: str, *said: str
) -> Sequence[Row[access.Result]]:
    """Do it for each item once, however often and in however many parts the form is sent."""
    asked = "\0".join([request.url.path, *said]).encode()
    return await bulk.each_once(caller, items, language_of(request), act, key=once, request=asked)


async def _page(
    request: Request,
    caller: Caller,
    filters: Filters,
    action: str,
    stage: str,
    chosen: Chosen,
    rows: Sequence[Row[Any]] = (),
    **values: Any,  # noqa: ANN401 - what the template asks for
) -> Response:
    """Return the page of one stage: ``choose``, ``preview``, ``read`` or ``done``."""
    async with caller.begin(write=False) as work:
        visit = await visit_of(request, caller, work)
        plain = await bulk.described(work, chosen.ids) if stage == "choose" else ()
        return visit.page(
            "bulk.html",
            here="inbox",
            action=action,
            stage=stage,
            chosen=chosen,
            most=bulk.MOST,
            rows=rows or plain,
            possible=[row for row in rows if row.problem is None],
            names=await names_of(visit, _people(rows)),
            outcomes=tuple(cards.Outcome),
            filters=filters,
            once=uuid4().hex,
            **{"given": {}, **values},
        )


def _people(rows: Sequence[Row[Any]]) -> set[UUID]:
    opened = [row.made for row in rows if isinstance(row.made, cards.OpenedCard)]
    return {one.card.clerk_id for one in opened} | {each.proposed_by for one in opened for each in one.proposals}
