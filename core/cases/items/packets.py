"""Packets for the upper level: listed, handed on by the discipline commission, and erased (R13; rules.md 4.1).

Nobody here can open one. What is erased opens nowhere any more, since a packet holds the only key of its item.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from core import access, attachments, audit, outbox
from core.cases.items.tables import Fact, Item, Packet
from core.cases.rules.conflicts import DecidingBody
from core.errors import Conflict, Denied, NotFound
from core.policy.calendar import CalendarDataMissing, reply_due
from core.work import Staff, Work

_SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class PacketSummary:
    """What is known here of a packet. ``due_on`` is the last day for handing it on and erasing it.

    It is missing as long as the work calendar lacks a year. ``is_confirmed`` says that the upper level has received it;
    what is left here goes within seconds, and ``erased_at`` follows.
    """

    id: UUID
    category: str
    received_on: date
    due_on: date | None
    exported_at: datetime | None
    is_confirmed: bool
    erased_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SealedFact:
    """Facts that the reporter added, sealed to the item and signed with the receipt."""

    id: UUID
    place: int
    added_at: datetime
    envelope: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Export:
    """A packet as it is handed on, all of it sealed: ``packet`` to the upper level, the rest to the key in there."""

    packet_id: UUID
    item_id: UUID
    category: str
    received_on: date
    packet: bytes = field(repr=False)
    facts: Sequence[SealedFact]
    files: Sequence[attachments.SealedFile]


async def packets(work: Work) -> Sequence[PacketSummary]:
    """Return the packets, those that are still here first, then the latest; raise `Denied` but to the commission."""
    _permit(work, "packet.list")
    query = select(Packet).order_by(Packet.erased_at.is_not(None), Packet.received_on.desc(), Packet.id).limit(_SHOWN)
    return [_summary(work, row) for row in await work.session.scalars(query)]


async def overdue_packets(work: Work) -> int:
    """Return how many packets should have been handed on and erased by now, and nothing else of them."""
    rows = await work.session.scalars(select(Packet).where(Packet.erased_at.is_(None)))
    return sum(_summary(work, row).is_overdue for row in rows)


async def export_packet(work: Work, packet_id: UUID) -> Export:
    """Give out a packet with everything that belongs to it, and note that it was handed on.

    From then on the reporter can add nothing. It can be given out again until it is erased.

    Raises:
        Denied: to all but the intake clerks of the discipline commission.
        NotFound: ``packet_unknown``.
        Conflict: ``packet_erased``.
    """
    _permit(work, "packet.export")
    row = await _load(work, packet_id)
    if row.sealed is None:
        raise Conflict("packet_erased")
    # waits for facts that are being added, and keeps further ones waiting until this is committed
    await work.session.execute(select(Item.id).where(Item.id == row.item_id).with_for_update())
    row.exported_at = row.exported_at or work.now()
    facts = await work.session.scalars(select(Fact).where(Fact.item_id == row.item_id).order_by(Fact.place))
    audit.record(work, "packet", "exported", packet_id, change=row.sealed)
    return Export(
        packet_id=row.id,
        item_id=row.item_id,
        category=row.category,
        received_on=row.received_on,
        packet=row.sealed,
        facts=[SealedFact(fact.id, fact.place, fact.added_at, fact.envelope, fact.signature) for fact in facts],
        files=await attachments.sealed_of_item(work, row.item_id),
    )


async def confirm_handed_over(work: Work, packet_id: UUID) -> None:
    """Note that the upper level has received a packet, and erase it. A second time changes nothing.

    With the sealed packet the key of its facts and files is gone, so that they open nowhere from here on; the worker
    deletes what is left of them. Raises as `export_packet`, and `Conflict` (``packet_not_exported``).
    """
    _permit(work, "packet.export")
    row = await _load(work, packet_id)
    if row.exported_at is None:
        raise Conflict("packet_not_exported")
    if row.sealed is not None:
        row.sealed = None
        audit.record(work, "packet", "confirmed", packet_id)


async def erase_packets(work: Work, *, limit: int = 50) -> tuple[UUID, ...]:
    """Erase what was handed on, once it is confirmed or its last day is over; return the ids of its items.

    What was not handed on is never erased. The worker's verb.
    """
    handed = Packet.exported_at.is_not(None), Packet.erased_at.is_(None)
    rows = (await work.session.scalars(select(Packet).where(*handed).order_by(Packet.received_on))).all()
    gone = [row for row in rows if row.sealed is None or _summary(work, row).is_overdue][:limit]
    for row in gone:
        await _erase(work, row, "erased")
    return tuple(row.item_id for row in gone)


async def erase_again(work: Work, item_id: UUID) -> bool:
    """Erase what a restored backup still holds of a packet that was handed on; return whether it held something."""
    row = await work.session.scalar(select(Packet).where(Packet.item_id == item_id, Packet.erased_at.is_(None)))
    if row is None:
        return False
    row.exported_at = row.exported_at or work.now()
    await _erase(work, row, "erased_again")
    return True


async def _erase(work: Work, row: Packet, action: str) -> None:
    row.sealed, row.erased_at = None, work.now()
    await attachments.destroy_of_item(work, row.item_id)
    await outbox.erase_addresses(work, row.item_id)
    await work.session.execute(delete(Fact).where(Fact.item_id == row.item_id))
    audit.record(work, "packet", action, row.id)


def _permit(work: Work, permission: str) -> Staff:
    """Return the member of staff, who has the permission for the discipline commission.

    Raises `Denied`, as ``not_of_the_commission`` to somebody who has it for another body.
    """
    staff = access.permit(work, permission)
    if DecidingBody.DISCIPLINE_COMMISSION not in access.bodies(work, permission):
        raise Denied("not_of_the_commission")
    return staff


async def _load(work: Work, packet_id: UUID) -> Packet:
    row = await work.session.get(Packet, packet_id, with_for_update=True)
    if row is None:
        raise NotFound("packet_unknown")
    return row


def _summary(work: Work, row: Packet) -> PacketSummary:
    due_on = _due_on(work, row.received_on)
    return PacketSummary(
        id=row.id,
        category=row.category,
        received_on=row.received_on,
        due_on=due_on,
        exported_at=row.exported_at,
        is_confirmed=row.exported_at is not None and row.sealed is None,
        erased_at=row.erased_at,
        is_overdue=row.erased_at is None and due_on is not None and due_on < work.clock.today(),
    )


def _due_on(work: Work, received_on: date) -> date | None:
    try:
        return reply_due(received_on, work.policy.working_days("transfer_higher_level"), work.policy.calendar)
    except CalendarDataMissing:
        return None
