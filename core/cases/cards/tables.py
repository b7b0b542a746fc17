"""Rows of information cards and triage. What a card says is sealed to its item."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant

_OPEN: Final = text("approver_id IS NULL")


class Card(Base):
    """The information card of one item (S99). It is never changed: what was wrong is corrected by an addition (I4).

    ``subject_hash`` finds the cards about one subject; its key lies with the desk alone.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("body", "year", "number", name="uq_card_number"),
        Index("ix_card_subject", "subject_hash", "body"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), unique=True)
    year: Mapped[int]
    number: Mapped[int]
    body: Mapped[str] = mapped_column(String(40))
    clerk_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    carded_at: Mapped[datetime] = mapped_column(Instant)
    subject_hash: Mapped[bytes]
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class CardCorrection(Base):
    """What was added to a card later, and why."""

    __tablename__ = "card_correction"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class Triage(Base):
    """What somebody proposes to do with a carded item, and what a second person decided (T4 to T6).

    What is returned says why: sealed to the item, as the proposal is.
    """

    __tablename__ = "triage"
    __table_args__ = (
        CheckConstraint("approver_id IS NULL OR approver_id <> proposed_by", name="two_people"),
        CheckConstraint("(approver_id IS NULL) = (approved IS NULL)", name="decided"),
        CheckConstraint(
            "(return_envelope IS NOT NULL) = (approved IS NOT NULL AND NOT approved)", name="returned_with_a_reason"
        ),
        Index("ix_triage_item", "item_id", "proposed_at"),
        Index("ix_triage_undecided", "proposed_at", "item_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    envelope: Mapped[bytes]
    signature: Mapped[bytes]
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    approved: Mapped[bool | None]
    return_envelope: Mapped[bytes | None]
    return_signature: Mapped[bytes | None]
