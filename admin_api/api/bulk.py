"""Triage of many items at once: what would come of each, then the step itself, item by item."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request

from admin_api import bulk, several
from admin_api.api.bulk_shapes import DecisionAboutSeveral, Outcomes, ProposalForSeveral, Several, outcomes
from admin_api.api.gate import IdempotencyKey, calls
from admin_api.bulk import Row
from admin_api.gate import Caller, GuardedRoute
from admin_api.several import Act
from admin_api.texts import language_of
from core.app import access

router = APIRouter(prefix="/triage", tags=["triage"], route_class=GuardedRoute)


@router.post("/proposals/preview")
async def preview_proposals(
    given: ProposalForSeveral, request: Request, caller: Annotated[Caller, calls("triage.propose")]
) -> Outcomes:
    """Tell for which items this could be proposed now, and why not for the others; nothing is changed."""
    act = several.could_propose(given.outcome, reason=given.reason, receiver=given.receiver)
    return outcomes(await bulk.each(caller, given.items, language_of(request), act))


@router.post("/proposals")
async def propose(
    given: ProposalForSeveral,
    request: Request,
    key: IdempotencyKey,
    caller: Annotated[Caller, calls("triage.propose")],
) -> Outcomes:
    """Propose the same for several carded items; each is one proposal, which a second person decides about."""
    act = several.proposing(given.outcome, reason=given.reason, receiver=given.receiver)
    return outcomes(await _once(request, caller, key, given, act))


@router.post("/take-backs/preview")
async def preview_take_backs(
    given: Several, request: Request, caller: Annotated[Caller, calls("triage.propose")]
) -> Outcomes:
    """Tell which proposals the caller could take back now; nothing is changed."""
    return outcomes(await bulk.each(caller, given.items, language_of(request), several.could_take_back))


@router.post("/take-backs")
async def take_back(
    given: Several, request: Request, key: IdempotencyKey, caller: Annotated[Caller, calls("triage.propose")]
) -> Outcomes:
    """Take several of one's own proposals back, as far as nobody has decided about them."""
    return outcomes(await _once(request, caller, key, given, several.take_back))


@router.post("/decisions/preview")
async def preview_decisions(
    given: Several, request: Request, caller: Annotated[Caller, calls("triage.decide")]
) -> Outcomes:
    """Tell about which proposals the caller could decide now, and why not about the others; nothing is changed."""
    return outcomes(await bulk.each(caller, given.items, language_of(request), several.could_decide))


@router.post("/decisions")
async def decide(
    given: DecisionAboutSeveral,
    request: Request,
    key: IdempotencyKey,
    caller: Annotated[Caller, calls("triage.decide")],
) -> Outcomes:
    """Approve what was proposed for several items, or return it; nobody decides about a proposal or card of theirs."""
    act = several.deciding(approved=given.approved, reason=given.reason)
    return outcomes(await _once(request, caller, key, given, act))


async def _once(
    request: Request, caller: Caller, key: str, given: Several | ProposalForSeveral | DecisionAboutSeveral, act: Act
) -> Sequence[Row[access.Result]]:
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return await bulk.each_once(caller, given.items, language_of(request), act, key=key, request=asked)
