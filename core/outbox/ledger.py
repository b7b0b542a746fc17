"""The ledger of deliveries: claimed before anything leaves, recorded after. The worker's verbs.

Who claims holds the bot's turn (`core.outbox.turns`). So a row that is ``sending`` when a turn begins was left behind
by somebody who died: whether it was sent, nobody can tell.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Result, and_, delete, false, or_, select, update

from core.outbox import addresses
from core.outbox.outcomes import ChatAddress, Halted, Moved, Outcome, Uncertain, Unreachable, settled
from core.outbox.tables import Delivery
from core.outbox.templates import TEMPLATES, is_repeatable
from core.work import Work

_Same = tuple[UUID, str, UUID]
"""Address, template and what it is about: what is alike in these is one message."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is about to be sent, what it is about, and where to."""

    id: UUID
    template: str
    about: UUID
    address: ChatAddress = field(repr=False)


async def first_due(work: Work, bot: str) -> tuple[UUID, int] | None:
    """Return id and attempt of the delivery that has been due for longest, if any is due."""
    query = select(Delivery.id, Delivery.attempt).where(*_due(work, bot)).order_by(Delivery.due_at, Delivery.id)
    row = (await work.session.execute(query.limit(1))).one_or_none()
    return None if row is None else (row.id, row.attempt)


async def claim(work: Work, bot: str, limit: int) -> Sequence[Claimed]:
    """Take up to ``limit`` deliveries that are due; commit before anything leaves.

    Of several that would bring the same message to the same chat, about the same item, one is kept.
    """
    query = select(Delivery).where(*_due(work, bot)).order_by(Delivery.due_at, Delivery.id).limit(limit)
    rows = (await work.session.scalars(query.with_for_update(skip_locked=True))).all()
    opened = {
        **await addresses.open_merged(work, {row.item_id for row in rows if row.item_id is not None}),
        **await addresses.open_kept(work, {row.address_id for row in rows if row.address_id and row.obligation_id}),
    }
    claimed: dict[_Same, Claimed] = {}
    for row in rows:
        await _take(work, row, opened, claimed)
    await work.session.flush()
    same = or_(false(), *(_alike(*each) for each in claimed))
    await work.session.execute(delete(Delivery).where(same, Delivery.state == "queued"))
    return tuple(claimed.values())


async def release(work: Work, ids: Collection[UUID]) -> None:
    """Put back what was claimed and has not left."""
    unsent = update(Delivery).where(Delivery.id.in_(ids), Delivery.state == "sending")
    await work.session.execute(unsent.values(state="queued", attempt=Delivery.attempt - 1))


async def record(work: Work, delivery_id: UUID, outcome: Outcome) -> None:
    """Note what came of a delivery that was claimed; a second time changes nothing."""
    query = select(Delivery).where(Delivery.id == delivery_id, Delivery.state == "sending").with_for_update()
    row = await work.session.scalar(query)
    if row is None:
        return
    await _settle(work, row, outcome)
    if isinstance(outcome, Halted):
        until = work.now() + timedelta(seconds=outcome.seconds)
        earlier = (Delivery.bot == row.bot, Delivery.state == "queued", Delivery.due_at < until)
        await work.session.execute(update(Delivery).where(*earlier).values(due_at=until))


async def settle_abandoned(work: Work, bot: str) -> int:
    """Settle what somebody who died had begun to send; return how much there was. Called as a turn begins."""
    rows = (await work.session.scalars(select(Delivery).where(Delivery.bot == bot, Delivery.state == "sending"))).all()
    for row in rows:
        await _settle(work, row, Uncertain())
    return len(rows)


async def doubt_all(work: Work) -> None:
    """Settle what is owed after a restore: any of it may have been sent since the backup was made."""
    owed = select(Delivery).where(Delivery.state.in_(("queued", "sending")))
    for row in (await work.session.scalars(owed)).all():
        await _settle(work, row, Uncertain())


async def drop_over(work: Work) -> int:
    """Delete the rows that have been over for as long as the policy keeps them; return how many there were.

    What was about an obligation stays as long as that does: it tells who was reminded.
    A message that must not be repeated without a person stays as long as nobody knows whether it was sent.
    """
    repeatable = [name for name, template in TEMPLATES.items() if template.is_repeatable]
    over = Delivery.state.in_(("sent", "unreachable", "failed")) | (
        (Delivery.state == "unknown") & Delivery.template.in_(repeatable)
    )
    of_items = Delivery.item_id.is_not(None)
    before = work.now() - timedelta(days=work.policy.days("ledger_kept"))
    return _count(await work.session.execute(delete(Delivery).where(of_items, over, Delivery.changed_at <= before)))


async def _take(work: Work, row: Delivery, opened: Mapping[UUID, ChatAddress], claimed: dict[_Same, Claimed]) -> None:
    about = row.item_id or row.obligation_id
    if row.address_id is None or about is None or (row.address_id, row.template, about) in claimed:
        await work.session.delete(row)
        return
    address = opened.get(row.address_id)
    if address is None or address.bot != row.bot:  # it does not open, and never will
        _end(row, "failed", work.hour())
        return
    row.state, row.attempt = "sending", row.attempt + 1
    claimed[row.address_id, row.template, about] = Claimed(row.id, row.template, about, address)


async def _settle(work: Work, row: Delivery, outcome: Outcome) -> None:
    standing = settled(outcome, attempt=row.attempt, repeated=row.repeated, repeatable=is_repeatable(row.template))
    row.attempt, row.repeated = standing.attempt, standing.repeated
    if standing.state != "queued":
        _end(row, standing.state, work.hour())
    elif row.address_id is None:  # erased meanwhile
        await work.session.delete(row)
    else:
        row.state, row.due_at = "queued", work.now() + standing.pause
    await work.session.flush()
    if row.address_id is not None and isinstance(outcome, Unreachable):
        await addresses.erase_one(work, row.address_id)
    if row.address_id is not None and isinstance(outcome, Moved):
        await addresses.move(work, row.address_id, outcome.chat)


def _alike(address_id: UUID, template: str, about: UUID) -> ColumnElement[bool]:
    is_about = or_(Delivery.item_id == about, Delivery.obligation_id == about)
    return and_(Delivery.address_id == address_id, Delivery.template == template, is_about)


def _end(row: Delivery, state: str, hour: datetime) -> None:
    """It is over; of the moment the hour is kept, since a chat's platform knows the second."""
    row.state, row.due_at, row.changed_at = state, hour, hour


def _due(work: Work, bot: str) -> tuple[ColumnElement[bool], ...]:
    return Delivery.bot == bot, Delivery.state == "queued", Delivery.due_at <= work.now()


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
