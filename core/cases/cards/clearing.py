"""Items that triage turned away are deleted by the clock, as long after it as the policy says (I2; rules.md 4.6)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from core import deadlines
from core.cases.cards.tables import Card, CardCorrection, Triage
from core.cases.items import Item, erase
from core.errors import Conflict
from core.policy.calendar import reply_due
from core.work import SHANGHAI, Work

_KEPT: Final = {"insufficient": "insufficient_kept", "out_of_scope": "out_of_scope_kept"}
_AT_ONCE: Final = 50


async def clear_turned_away(work: Work) -> Sequence[UUID]:
    """Erase what was minimised out a working day ago, and what was insufficient or out of scope; return which items.

    The working day leaves time for the privacy officer to look at a sample (T6). The worker's verb.
    """
    today = work.clock.today()
    erased: list[UUID] = []
    for outcome, days in _KEPT.items():
        erased += await _clear(work, outcome, before=today - timedelta(days=work.policy.days(days)))
    return [*erased, *await _clear_minimised(work, today)]


async def _clear_minimised(work: Work, today: date) -> Sequence[UUID]:
    """Where the work calendar lacks a year, a day of any kind stands for the working day: what is private must go."""
    day = yesterday = today - timedelta(days=1)
    while True:
        try:
            if reply_due(day, work.policy.working_days("minimising"), work.policy.calendar) <= today:
                return await _clear(work, "minimised_out", before=day)
        except Conflict:
            return await _clear(work, "minimised_out", before=yesterday)
        day -= timedelta(days=1)


async def _clear(work: Work, outcome: str, *, before: date) -> Sequence[UUID]:
    """Erase the items that were turned away so on ``before`` or earlier."""
    until = datetime.combine(before + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
    query = select(Triage.item_id).join(Item, Item.id == Triage.item_id)
    query = query.where(Item.state == outcome, Item.envelope.is_not(None), Triage.approved.is_(True))
    items = (await work.session.scalars(query.where(Triage.decided_at < until).limit(_AT_ONCE))).all()
    for item_id in items:
        await erase(work, item_id)
        await deadlines.destroy_of(work, item_id)
        cards = select(Card.id).where(Card.item_id == item_id)
        await work.session.execute(delete(CardCorrection).where(CardCorrection.card_id.in_(cards)))
    return items
