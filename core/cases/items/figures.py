"""Counts of items for publication: no list, no names, and no number small enough to point at somebody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from core.cases.items.tables import Item
from core.work import SHANGHAI, Work

SMALLEST_CELL: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """How many items came in by a channel in a month (``2026-09``); ``count`` is empty when it is smaller than five."""

    month: str
    channel: str
    count: int | None


async def received_by_month(work: Work) -> Sequence[Cell]:
    """Return the items received by month, in Shanghai, and channel; small cells are kept back."""
    query = select(Item.received_at, Item.channel).execution_options(yield_per=1000)
    counts: Counter[tuple[str, str]] = Counter()
    async for at, channel in await work.session.stream(query):
        counts[at.astimezone(SHANGHAI).strftime("%Y-%m"), channel] += 1
    return [
        Cell(month, channel, count if count >= SMALLEST_CELL else None)
        for (month, channel), count in sorted(counts.items())
    ]
