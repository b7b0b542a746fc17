"""What the desk says: that a message is owed. To whom, it does not know."""

from uuid import UUID

from sqlalchemy import select

from core.outbox.tables import Address, Delivery
from core.outbox.templates import TEMPLATES
from core.work import Work


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
