"""What destroys an item: its text, its files and every seal on it go; that there was one stays."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update

from core import access, attachments, audit, deadlines, outbox
from core.cases.items.packets import erase_again
from core.cases.items.queries import load_genuine
from core.cases.items.signatures import is_wish_of
from core.cases.items.tables import Fact, Identity, Item, RegisterLine, Reply, Withdrawal
from core.cases.rules.lifecycle import may, transition
from core.errors import Forged
from core.work import Work


async def carry_out_withdrawals(work: Work, *, limit: int = 50) -> tuple[UUID, ...]:
    """Destroy the items whose reporters withdrew them (T26); return which. The worker's verb."""
    waiting = select(Withdrawal).where(Withdrawal.carried_out_at.is_(None)).limit(limit)
    rows = (await work.session.scalars(waiting)).all()
    return tuple([row.item_id for row in rows if await _carry_out(work, row)])


async def destroy(work: Work, item_ids: Collection[UUID]) -> int:
    """Destroy again what a restored backup still holds of these items; return of how many it held something."""
    found = 0
    for item_id in item_ids:
        item = await work.session.get(Item, item_id)
        if item is not None and item.state == "routed_up":
            found += await erase_again(work, item_id)
            continue
        if item is None or item.state == "withdrawn":
            continue
        item.state = "withdrawn"
        await _erase(work, item)
        audit.record(work, "item", "destroyed_again", item_id)
        found += 1
    return found


async def _carry_out(work: Work, row: Withdrawal) -> bool:
    row.carried_out_at = work.hour()
    try:
        item = await load_genuine(work, row.item_id)
    except Forged:
        item = None
    if item is None or not is_wish_of(item, row):
        audit.record(work, "item", "withdrawal_forged", row.item_id)
        return False
    if not may(item.state, "T26"):
        audit.record(work, "item", "withdrawal_too_late", row.item_id)
        return False
    item.state = transition(item.state, "T26")
    await _erase(work, item)
    await deadlines.destroy_of(work, item.id)
    audit.record(work, "item", "withdrawn", item.id)
    return True


async def erase(work: Work, item_id: UUID) -> None:
    """Erase what an item says, its files and every seal on it; where it ended stays. The caller says that it may be."""
    await _erase(work, await work.session.get_one(Item, item_id))
    audit.record(work, "item", "erased", item_id)


async def _erase(work: Work, item: Item) -> None:
    item.envelope, item.has_identity = None, False
    await access.destroy_seals(work, "item", item.id)
    await attachments.destroy_of_item(work, item.id)
    await outbox.erase_addresses(work, item.id)
    # the line in the book keeps its number and says nothing any more
    await work.session.execute(update(RegisterLine).where(RegisterLine.item_id == item.id).values(envelope=b""))
    for table in (Fact, Reply):
        await work.session.execute(delete(table).where(table.item_id == item.id))
    await work.session.execute(delete(Identity).where(Identity.item_id == item.id))
