"""What can be done about many carded items at once: propose, take back, decide; and whether it could be."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from core.app import access
from core.cases import cards
from core.work import Work

Act = Callable[[Work, UUID], Awaitable[access.Result]]


def proposing(outcome: str, *, reason: str, receiver: str) -> Act:
    """Return what proposes this for an item."""

    async def act(work: Work, item_id: UUID) -> access.Result:
        made = await cards.propose(work, item_id, outcome, reason=reason, receiver=receiver)
        return {"outcome": made.outcome}

    return act


def could_propose(outcome: str, *, reason: str, receiver: str) -> Act:
    """Return what tells whether this could be proposed for an item, and changes nothing."""

    async def act(work: Work, item_id: UUID) -> access.Result:
        await cards.could_propose(work, item_id, outcome, reason=reason, receiver=receiver)
        return {"outcome": outcome}

    return act


async def take_back(work: Work, item_id: UUID) -> access.Result:
    """Take one's own proposal for an item back."""
    pending = await cards.could_take_back(work, item_id)
    await cards.take_back(work, item_id)
    return {"outcome": pending.outcome}


async def could_take_back(work: Work, item_id: UUID) -> access.Result:
    """Tell what could be taken back, and change nothing."""
    return {"outcome": (await cards.could_take_back(work, item_id)).outcome}


def deciding(*, approved: bool, reason: str) -> Act:
    """Return what decides so about what was proposed for an item."""

    async def act(work: Work, item_id: UUID) -> access.Result:
        pending = await cards.could_decide(work, item_id)
        await cards.decide(work, item_id, approved=approved, reason=reason)
        return {"outcome": pending.outcome}

    return act


async def could_decide(work: Work, item_id: UUID) -> access.Result:
    """Tell about what the person could decide, and change nothing."""
    return {"outcome": (await cards.could_decide(work, item_id)).outcome}
