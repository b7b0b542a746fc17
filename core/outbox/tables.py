"""Rows of the outbox: where somebody wishes to be told, and the ledger of what was sent. Never a text."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant

STATES = ("queued", "sending", "sent", "failed", "unreachable", "unknown")


class Address(Base):
    """Where somebody is told: channel, chat and language, sealed to the notifier.

    With an item it is its reporter's. There is no look-up by chat on purpose: who holds intake's keys and the database
    cannot tell whose item it is. Without one it is that of somebody at a station, and their pairing names it.
    """

    __tablename__ = "address"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("item.id"), index=True)
    sealed: Mapped[bytes]
    added_at: Mapped[datetime] = mapped_column(Instant)


class Forgetting(Base):
    """A wish that nothing be sent to a chat any more, sealed to the notifier; the worker carries it out."""

    __tablename__ = "forgetting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sealed: Mapped[bytes]
    asked_at: Mapped[datetime] = mapped_column(Instant)


class Delivery(Base):
    """One message that is owed. A crash between the effect and its record leaves ``unknown``.

    ``bot`` says which of ours sends it, ``template`` which text it has. It is about an item, or about an obligation of
    a station. ``address_id`` is empty once the address is erased. ``attempt`` counts the times that it was begun;
    ``repeated`` says that it may have been sent before, and is sent once more. ``changed_at`` is when it was queued;
    once it is over, the hour in which that was.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(item_id IS NULL) <> (obligation_id IS NULL)", name="about"),
        Index("ix_delivery_due", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    bot: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("item.id"), index=True)
    obligation_id: Mapped[UUID | None] = mapped_column(ForeignKey("obligation.id"), index=True)
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("address.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    attempt: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
