"""Information cards: written once, corrected by what is added, read behind a reason."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.card_shapes import Card, CardSubject, Correction, MadeCard, NewCard, NewCorrection, Proposal
from admin_api.api.gate import needs
from admin_api.api.items import OpeningId
from admin_api.api.steps import ItemStep, item_step
from admin_api.gate import GuardedRoute
from core.app import access
from core.cases import cards
from core.work import Work

router = APIRouter(prefix="/items/{item_id}/card", tags=["cards"], route_class=GuardedRoute)


@router.post("", status_code=status.HTTP_201_CREATED)
async def write_card(item_id: UUID, given: NewCard, step: Annotated[ItemStep, item_step("item.card")]) -> MadeCard:
    """Write the information card of an item: the subject matched to the register, what is alleged, how it is known."""

    async def act() -> access.Result:
        made = await cards.card(step.work, item_id, cards.NewCard(**given.model_dump()))
        return {"id": str(made.id), "item_id": str(item_id), "year": made.year, "number": made.number}

    return MadeCard.model_validate(await step.take(act))


@router.post("/corrections", status_code=status.HTTP_204_NO_CONTENT)
async def correct_card(item_id: UUID, given: NewCorrection, step: Annotated[ItemStep, item_step("item.card")]) -> None:
    """Add a correction to a card; what stands on it is never changed."""

    async def act() -> access.Result:
        await cards.correct(step.work, item_id, given.text)
        return {}

    await step.take(act)


@router.get("")
async def read_card(item_id: UUID, opening_id: OpeningId, work: Annotated[Work, needs("item.open")]) -> Card:
    """Return what the card says and what was proposed for its item; every read is recorded."""
    opened = await cards.open_card(work, item_id, opening_id=opening_id)
    card, content = opened.card, opened.card.content
    return Card(
        id=card.id,
        item_id=card.item_id,
        year=card.year,
        number=card.number,
        clerk_id=card.clerk_id,
        carded_at=card.carded_at,
        subject=CardSubject.model_validate(content.subject),
        setting=content.setting,
        category=content.category,
        manifestation=content.manifestation,
        evidence=content.evidence,
        detriment=content.detriment,
        few_knew=content.few_knew,
        conduct_on=content.conduct_on,
        substance=content.substance,
        corrections=[Correction.model_validate(each) for each in card.corrections],
        proposals=[Proposal.model_validate(each) for each in opened.proposals],
    )
