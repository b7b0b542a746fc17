"""What an operator may know of the outbox: how much, and since when. Not about what, and not to whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from core.outbox.tables import STATES, Delivery
from core.work import Work


@dataclass(frozen=True, slots=True)
class Figures:
    """How many deliveries there are in each state, and how long the oldest one that is owed has waited."""

    by_state: Mapping[str, int]
    oldest_queued: timedelta | None


async def figures(work: Work) -> Figures:
    """Return the figures of the ledger."""
    counted = await work.session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    by_state = dict.fromkeys(STATES, 0) | {state: number for state, number in counted}  # noqa: C416 - a row is no pair to mypy
    oldest = await work.session.scalar(select(func.min(Delivery.changed_at)).where(Delivery.state == "queued"))
    return Figures(by_state, None if oldest is None else work.now() - oldest)
