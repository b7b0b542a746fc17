"""Which carded items wait for the person at work: to be proposed, or to be decided about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, or_, select

from core import access
from core.cases.cards.tables import Card, Triage
from core.cases.items import Item
from core.work import Work

_UNDECIDED: Final = Triage.approver_id.is_(None)


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item that waits: ``propose`` what becomes of it, ``decide`` about that, or ``open_case``."""

    what: str
    item_id: UUID
    since: datetime


async def waiting(work: Work, *, limit: int = 50) -> Sequence[WaitingItem]:
    """Return what waits for the person, the longest first; nobody decides about their own card or proposal (I3)."""
    me = access.signed_in(work).person_id
    found = []
    for what, query in (("decide", _to_decide), ("propose", _to_propose)):
        bodies = access.bodies(work, f"triage.{what}")
        rows = await work.session.execute(query(bodies, me).limit(limit)) if bodies else ()
        found += [WaitingItem(what, item_id, since) for item_id, since in rows]
    return found


def _to_decide(bodies: Collection[str], me: UUID) -> Select[UUID, datetime]:
    mine = or_(Triage.proposed_by == me, Card.clerk_id == me)
    others = exists().where(Card.item_id == Triage.item_id, Card.body.in_(bodies), ~mine)
    query = select(Triage.item_id, Triage.proposed_at).where(_UNDECIDED, others)
    return query.order_by(Triage.proposed_at, Triage.item_id)


def _to_propose(bodies: Collection[str], _: UUID) -> Select[UUID, datetime]:
    is_proposed = exists().where(Triage.item_id == Card.item_id, _UNDECIDED)
    query = select(Card.item_id, Card.carded_at).join(Item, Item.id == Card.item_id)
    query = query.where(Item.state == "carded", Item.body.in_(bodies), ~is_proposed)
    return query.order_by(Card.carded_at, Card.item_id)
