"""Triage: the clerk proposes what becomes of a carded item, a second person decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.card_shapes import DecidedItem, MadeProposal, NewDecision, NewProposal
from admin_api.api.steps import ItemStep, item_step
from admin_api.gate import GuardedRoute
from core.app import access
from core.cases import cards

router = APIRouter(prefix="/items/{item_id}/triage", tags=["triage"], route_class=GuardedRoute)


@router.post("", status_code=status.HTTP_201_CREATED)
async def propose(
    item_id: UUID, given: NewProposal, step: Annotated[ItemStep, item_step("triage.propose")]
) -> MadeProposal:
    """Propose what becomes of a carded item; those who may decide can read it from then on."""

    async def act() -> access.Result:
        made = await cards.propose(step.work, item_id, given.outcome, reason=given.reason, receiver=given.receiver)
        return {"id": str(made.id), "item_id": str(item_id), "outcome": made.outcome}

    return MadeProposal.model_validate(await step.take(act))


@router.post("/decision")
async def decide(
    item_id: UUID, given: NewDecision, step: Annotated[ItemStep, item_step("triage.decide")]
) -> DecidedItem:
    """Decide about what was proposed; neither who proposed it nor who wrote the card may."""

    async def act() -> access.Result:
        state = await cards.decide(step.work, item_id, approved=given.approved, reason=given.reason)
        return {"item_id": str(item_id), "state": state}

    return DecidedItem.model_validate(await step.take(act))


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def take_back(item_id: UUID, step: Annotated[ItemStep, item_step("triage.propose")]) -> None:
    """Take a proposal back before it is decided; only who made it may."""

    async def act() -> access.Result:
        await cards.take_back(step.work, item_id)
        return {}

    await step.take(act)
