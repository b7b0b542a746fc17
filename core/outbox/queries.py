"""What may be known of the outbox: how much and since when, and how one message went. Not what, and not to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from core.outbox.tables import STATES, Delivery
from core.work import Work

_IN_A_LIST: Final = 5_000  # ids in one statement


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


async def states_of(work: Work, delivery_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return how messages stand, by id; the ledger has forgotten those that are missing. The caller checks who may."""
    found: dict[UUID, str] = {}
    for start in range(0, len(delivery_ids), _IN_A_LIST):
        some = Delivery.id.in_(delivery_ids[start : start + _IN_A_LIST])
        found |= {row[0]: row[1] for row in await work.session.execute(select(Delivery.id, Delivery.state).where(some))}
    return found
