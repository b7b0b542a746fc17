"""Where somebody wishes to be told: put in by intake, which cannot read it again, and opened by the worker alone.

Nothing tells by itself to which chat an address leads, or which addresses lead to the same one. So a chat is forgotten
by opening them all, and two addresses of one chat are found to be the same only when a message is due.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select, update

from core import audit
from core.errors import Forged
from core.outbox.outcomes import ChatAddress
from core.outbox.tables import Address, Delivery, Forgetting
from core.sealing import Context, KeyPair, open_envelope, seal_envelope
from core.work import Work

_AT_ONCE: Final = 1_000  # addresses opened between two looks at the database


async def tell_here(work: Work, item_id: UUID, address: ChatAddress) -> None:
    """Note where the reporter of an item wishes to be told of answers; intake's verb, and it cannot be asked again.

    A second time from the same chat leads to no second message.
    """
    address_id = uuid4()
    sealed = _seal(work, address, "address", address_id)
    work.session.add(Address(id=address_id, item_id=item_id, sealed=sealed, added_at=work.hour()))
    audit.record(work, "item", "told_here", item_id, change=sealed)


async def keep(work: Work, address: ChatAddress) -> UUID:
    """Keep the address of somebody who is no reporter, and return its id for whoever names it; intake's verb."""
    address_id = uuid4()
    sealed = _seal(work, address, "address", address_id)
    work.session.add(Address(id=address_id, sealed=sealed, added_at=work.now()))
    await work.session.flush()  # rows that name it may follow
    return address_id


async def forget(work: Work, bot: str, chat: str) -> None:
    """Note that nothing shall be sent to a chat any more, whatever it was about; intake's verb."""
    wish_id = uuid4()
    sealed = _seal(work, ChatAddress(bot, chat, ""), "forgetting", wish_id)
    work.session.add(Forgetting(id=wish_id, sealed=sealed, asked_at=work.hour()))
    audit.record(work, "forgetting", "asked", wish_id, change=sealed)


async def erase_addresses(work: Work, item_id: UUID) -> None:
    """Forget where the reporter of an item wished to be told, and what is owed there."""
    await _erase(work, (await work.session.scalars(select(Address.id).where(Address.item_id == item_id))).all())


async def carry_out_forgettings(work: Work) -> int:
    """Erase the addresses of the chats that wish to be forgotten; return how many there were. The worker's verb.

    The trail holds each wish and not the items: one that named them would say which belong to one person.
    """
    wishes = (await work.session.scalars(select(Forgetting))).all()
    if not wishes:
        return 0
    keys = _notifier(work)
    asked: dict[tuple[str, str], datetime] = {}
    for wish in wishes:
        address = _open(wish.sealed, keys, "forgetting", wish.id)
        if address is not None:
            chat = (address.bot, address.chat)
            asked[chat] = max(wish.asked_at, asked.get(chat, wish.asked_at))
        audit.record(work, "forgetting", "carried_out" if address else "does_not_open", wish.id)
        await work.session.delete(wish)
    return await _erase_chats(work, keys, asked)


async def open_merged(work: Work, item_ids: Collection[UUID]) -> Mapping[UUID, ChatAddress]:
    """Open the addresses of items, those that open, and make one of those that lead to the same chat."""
    query = select(Address).where(Address.item_id.in_(item_ids)).order_by(Address.added_at.desc(), Address.id)
    keys, kept = _notifier(work), dict[tuple[UUID | None, str, str], UUID]()
    opened: dict[UUID, ChatAddress] = {}
    for row in await work.session.scalars(query):
        address = _open(row.sealed, keys, "address", row.id)
        if address is None:
            continue
        first = kept.setdefault((row.item_id, address.bot, address.chat), row.id)
        if first == row.id:
            opened[row.id] = address
            continue
        owed = update(Delivery).where(Delivery.address_id == row.id)
        await work.session.execute(owed.values(address_id=first))
        await work.session.execute(delete(Address).where(Address.id == row.id))
    return opened


async def open_kept(work: Work, address_ids: Collection[UUID]) -> Mapping[UUID, ChatAddress]:
    """Open addresses that were kept for nobody's item, those that open."""
    query = select(Address).where(Address.id.in_(address_ids), Address.item_id.is_(None))
    keys = _notifier(work)
    opened = [(row.id, _open(row.sealed, keys, "address", row.id)) for row in await work.session.scalars(query)]
    return {address_id: address for address_id, address in opened if address is not None}


async def move(work: Work, address_id: UUID, chat: str) -> None:
    """Note that a chat has a new id."""
    row = await work.session.get_one(Address, address_id)
    address = _open(row.sealed, _notifier(work), "address", row.id)
    if address is not None:
        row.sealed = _seal(work, ChatAddress(address.bot, chat, address.language), "address", row.id)


async def erase_one(work: Work, address_id: UUID) -> None:
    """Erase an address that leads nowhere any more, and what is owed there."""
    await _erase(work, [address_id])


async def erase_kept(work: Work, address_ids: Sequence[UUID]) -> int:
    """Erase addresses of people who are no reporters, and what is owed there; return how many there were."""
    kept = select(Address.id).where(Address.id.in_(address_ids), Address.item_id.is_(None))
    found = (await work.session.scalars(kept)).all()
    await _erase(work, found)
    return len(found)


async def erase_unnamed(work: Work, named: Select[UUID | None]) -> int:
    """Erase kept addresses that are not among ``named`` and to which nothing is on its way; return how many."""
    owed = select(Delivery.address_id).where(
        Delivery.address_id.is_not(None), Delivery.state.in_(("queued", "sending"))
    )
    unnamed = select(Address.id).where(Address.item_id.is_(None), Address.id.not_in(named), Address.id.not_in(owed))
    found = (await work.session.scalars(unnamed)).all()
    await _erase(work, found)
    return len(found)


async def _erase_chats(work: Work, keys: Sequence[KeyPair], asked: Mapping[tuple[str, str], datetime]) -> int:
    count, last = 0, UUID(int=0)
    while True:
        of_items = (Address.item_id.is_not(None), Address.id > last)
        query = select(Address.id, Address.sealed, Address.added_at).where(*of_items).order_by(Address.id)
        rows = (await work.session.execute(query.limit(_AT_ONCE))).all()
        if not rows:
            return count
        last = rows[-1].id
        opened = await asyncio.to_thread(lambda: [_open(row.sealed, keys, "address", row.id) for row in rows])  # noqa: B023 - awaited at once
        found = [
            row.id
            for row, address in zip(rows, opened, strict=True)
            if address is not None
            and (asked_at := asked.get((address.bot, address.chat))) is not None
            and row.added_at <= asked_at  # who opted in again in a later hour wishes to be told
        ]
        await _erase(work, found)
        count += len(found)


async def _erase(work: Work, address_ids: Sequence[UUID]) -> None:
    """Delete addresses and what was to be sent there; a message on its way stays in the ledger, without one."""
    if address_ids:
        owed = (Delivery.address_id.in_(address_ids), Delivery.state == "queued")
        await work.session.execute(delete(Delivery).where(*owed))
        await work.session.execute(delete(Address).where(Address.id.in_(address_ids)))


def _seal(work: Work, address: ChatAddress, table: str, row_id: UUID) -> bytes:
    text = json.dumps(asdict(address)).encode()
    return seal_envelope(text, to=[work.keys.notifier_public], context=Context(table, "sealed", row_id))


def _notifier(work: Work) -> Sequence[KeyPair]:
    return [KeyPair.from_private(secret) for secret in work.keys.all("notifier")]


def _open(sealed: bytes, keys: Sequence[KeyPair], table: str, row_id: UUID) -> ChatAddress | None:
    """Return the address; ``None`` when it was sealed to none of the keys, was changed or moved, or is none."""
    for key in keys:
        try:
            return ChatAddress(**json.loads(open_envelope(sealed, key=key, context=Context(table, "sealed", row_id))))
        except (Forged, ValueError, TypeError):  # anybody can seal to the notifier
            continue
    return None
