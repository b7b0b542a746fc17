"""Which carded items wait for the person at work: to be proposed, or to be decided about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select

from core import access
from core.cases.cards.tables import Card, Triage
from core.cases.items import Item
from core.work import Work


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item that waits: ``propose`` what becomes of it, ``decide`` about that, or ``open_case``."""

    what: str
    item_id: UUID
    since: datetime


async def waiting(work: Work, *, limit: int = 50) -> Sequence[WaitingItem]:
    """Return what waits for the person, the longest first; nobody decides about their own card or proposal (I3)."""
    me = access.signed_in(work).person_id
    undecided = Triage.approver_id.is_(None)
    mine = or_(Triage.proposed_by == me, Card.clerk_id == me)
    others = exists().where(Card.item_id == Triage.item_id, Card.body.in_(access.bodies(work, "triage.decide")), ~mine)
    to_decide = select(Triage.item_id, Triage.proposed_at).where(undecided, others)
    to_decide = to_decide.order_by(Triage.proposed_at, Triage.item_id)
    carded = (Item.state == "carded", Item.body.in_(access.bodies(work, "triage.propose")))
    to_propose = (
        select(Card.item_id, Card.carded_at)
        .join(Item, Item.id == Card.item_id)
        .where(*carded, ~exists().where(Triage.item_id == Card.item_id, undecided))
        .order_by(Card.carded_at, Card.item_id)
    )
    found = []
    for what, query in (("decide", to_decide), ("propose", to_propose)):
        rows = await work.session.execute(query.limit(limit))
        found += [WaitingItem(what, item_id, since) for item_id, since in rows]
    return found
