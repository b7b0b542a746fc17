"""What the desk says: that a message is owed. To whom, it does not know."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from core.outbox.tables import Address, Delivery
from core.outbox.templates import TEMPLATES
from core.work import Work


async def owe(work: Work, template: str, obligation_id: UUID, address_id: UUID, *, due_at: datetime) -> UUID:
    """Owe a message about an obligation to one address, from ``due_at`` on; return the id of its line in the ledger.

    Raises `KeyError` for a template that there is not.
    """
    delivery_id = uuid4()
    work.session.add(
        Delivery(
            id=delivery_id,
            bot=TEMPLATES[template].bot,
            template=template,
            obligation_id=obligation_id,
            address_id=address_id,
            state="queued",
            due_at=due_at,
            changed_at=work.now(),
        )
    )
    await work.session.flush()  # rows that name it may follow
    return delivery_id


async def queue(work: Work, template: str, item_id: UUID) -> int:
    """Owe a message to every address of an item; return how many are new.

    Where the same message waits already, one is enough. Raises `KeyError` for a template that there is not.
    """
    bot = TEMPLATES[template].bot
    of_item = select(Address.id).where(Address.item_id == item_id)
    waiting = select(Delivery.address_id).where(
        Delivery.item_id == item_id, Delivery.template == template, Delivery.state == "queued"
    )
    found = set(await work.session.scalars(of_item)) - set(await work.session.scalars(waiting))
    now = work.now()
    for address_id in found:
        work.session.add(
            Delivery(
                bot=bot,
                template=template,
                item_id=item_id,
                address_id=address_id,
                state="queued",
                due_at=now,
                changed_at=now,
            )
        )
    return len(found)
