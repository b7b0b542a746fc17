"""What staff may read of cards and proposals."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import access, audit
from core.cases.cards.content import CardContent, decode
from core.cases.cards.signatures import check_card, check_correction, check_proposal, check_return
from core.cases.cards.tables import Card, CardCorrection, Triage
from core.cases.items import load_genuine, summary
from core.errors import NotFound
from core.sealing import Context, KeyPair, open_envelope
from core.work import Work


@dataclass(frozen=True, slots=True)
class Correction:
    """What was added to a card."""

    author_id: UUID
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardView:
    """A card that was opened."""

    id: UUID
    item_id: UUID
    year: int
    number: int
    clerk_id: UUID
    carded_at: datetime
    content: CardContent
    corrections: Sequence[Correction]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed for an item, and what became of it; undecided as long as ``approved`` is empty.

    ``return_reason`` is why the second person returned it.
    """

    outcome: str
    proposed_by: UUID
    proposed_at: datetime
    approver_id: UUID | None
    decided_at: datetime | None
    approved: bool | None
    reason: str = field(repr=False)
    receiver: str = ""
    return_reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card and its proposals, opened with a reason."""

    card: CardView
    proposals: Sequence[Proposal]


async def open_card(work: Work, item_id: UUID, *, opening_id: UUID) -> OpenedCard:
    """Open the card of an item for the person at work, who gave a reason; the read is recorded (I5).

    Raises `NotFound` (``item_not_found``, ``card_unknown``), `Denied`, `KeyLocked`, `Forged`.
    """
    access.permit(work, "item.open")
    await summary(work, item_id)
    await access.require_opening(work, opening_id, item_id)
    item = await load_genuine(work, item_id)
    key = await access.open_key(work, "item", item_id, item.public_key)
    audit.record(work, "item", "card_read", item_id)
    return OpenedCard(await read_card(work, item_id, key), await _proposals(work, item_id, key))


async def card_of(work: Work, item_id: UUID) -> Card:
    """Return the row of an item's card, checked; raise `NotFound` (``card_unknown``) or `Forged`."""
    row = await work.session.scalar(select(Card).where(Card.item_id == item_id))
    if row is None:
        raise NotFound("card_unknown")
    check_card(work, row)
    return row


async def read_card(work: Work, item_id: UUID, key: KeyPair) -> CardView:
    """Return what a card says, with the item's key; the caller records the read."""
    row = await card_of(work, item_id)
    content = decode(open_envelope(row.envelope, key=key, context=Context("card", "envelope", row.id)))
    corrections = []
    query = select(CardCorrection).where(CardCorrection.card_id == row.id).order_by(CardCorrection.added_at)
    for each in await work.session.scalars(query):
        check_correction(work, each)
        context = Context("card_correction", "envelope", each.id)
        text = open_envelope(each.envelope, key=key, context=context).decode()
        corrections.append(Correction(each.author_id, each.added_at, text))
    return CardView(row.id, row.item_id, row.year, row.number, row.clerk_id, row.carded_at, content, corrections)


async def _proposals(work: Work, item_id: UUID, key: KeyPair) -> Sequence[Proposal]:
    found = []
    for row in await work.session.scalars(select(Triage).where(Triage.item_id == item_id).order_by(Triage.proposed_at)):
        check_proposal(work, row)
        said = json.loads(open_envelope(row.envelope, key=key, context=Context("triage", "envelope", row.id)))
        found.append(
            Proposal(
                outcome=row.outcome,
                proposed_by=row.proposed_by,
                proposed_at=row.proposed_at,
                approver_id=row.approver_id,
                decided_at=row.decided_at,
                approved=row.approved,
                reason=said["reason"],
                receiver=said["receiver"],
                return_reason=_return_reason(work, row, key),
            )
        )
    return found


def _return_reason(work: Work, row: Triage, key: KeyPair) -> str:
    if row.return_envelope is None:
        return ""
    check_return(work, row)
    return open_envelope(row.return_envelope, key=key, context=Context("triage", "return_envelope", row.id)).decode()
