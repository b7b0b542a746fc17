"""Rows of the case store. What a column holds in clear is listed in ``docs/clear-columns.md`` and tested."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant

# as each of the two databases is asked
_AWAITS_SQLITE, _AWAITS_POSTGRESQL = text("awaits_case = 1"), text("awaits_case")
_UNANSWERED_SQLITE, _UNANSWERED_POSTGRESQL = text("is_answered = 0"), text("NOT is_answered")


class Item(Base):
    """An information item as it came in. Intake inserts it; its text is never updated.

    ``public_key`` is the item's own; the private half lies in seals. The reporter's two keys come from the receipt.
    An item of the upper level keeps no envelope and no seal, nor does one that was withdrawn or destroyed: only that
    there was one. ``awaits_case`` says that it was accepted and is in no case yet.
    """

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint(
            "envelope IS NOT NULL OR body = 'upper_level' OR state NOT IN ('received', 'acknowledged', 'carded')",
            name="envelope",
        ),
        Index("ix_item_inbox", "body", "state", "received_at", "id"),
        Index("ix_item_body", "body", "received_at", "id"),
        Index(
            "ix_item_awaits_case",
            "body",
            "received_at",
            "id",
            sqlite_where=_AWAITS_SQLITE,
            postgresql_where=_AWAITS_POSTGRESQL,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    channel: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(Instant)
    form: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[bytes]
    envelope: Mapped[bytes | None]
    has_identity: Mapped[bool] = mapped_column(default=False)
    receipt_hash: Mapped[bytes] = mapped_column(unique=True)
    reporter_public_key: Mapped[bytes]
    reporter_verify_key: Mapped[bytes]
    wants_questions: Mapped[bool]
    awaits_case: Mapped[bool] = mapped_column(default=False)
    signer: Mapped[str] = mapped_column(String(20))
    signature: Mapped[bytes]


class Identity(Base):
    """The name and contact that a reporter chose to give, sealed to the custodians' key, apart from the item."""

    __tablename__ = "identity"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    envelope: Mapped[bytes]


class Fact(Base):
    """Something the reporter added later, sealed to the item and signed with the receipt.

    ``place`` orders the thread of an item, since times are cut to the hour. ``is_answered`` says that staff replied
    after it.
    """

    __tablename__ = "fact"
    __table_args__ = (
        Index("ix_fact_item", "item_id", "place"),
        Index(
            "ix_fact_unanswered",
            "item_id",
            sqlite_where=_UNANSWERED_SQLITE,
            postgresql_where=_UNANSWERED_POSTGRESQL,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    place: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Instant)
    envelope: Mapped[bytes]
    signature: Mapped[bytes]
    is_answered: Mapped[bool] = mapped_column(default=False)


class Reply(Base):
    """An answer or a question to the reporter, sealed to the reporter and to the item, signed by the desk."""

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint("kind IN ('answer', 'question')", name="kind"),
        Index("ix_reply_item", "item_id", "place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class ItemStage(Base):
    """How far the case that an item belongs to has come, as its reporter is told; intake knows no more of cases."""

    __tablename__ = "item_stage"
    __table_args__ = (CheckConstraint("stage IN ('looked_at', 'concluded', 'put_away')", name="stage"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(Instant)


class Withdrawal(Base):
    """A reporter's signed wish to take an item back; the worker carries it out."""

    __tablename__ = "withdrawal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    signature: Mapped[bytes]
    carried_out_at: Mapped[datetime | None] = mapped_column(Instant)


class Packet(Base):
    """A report for the upper level, sealed to that body's key alone, until it has been exported."""

    __tablename__ = "packet"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), index=True)
    category: Mapped[str] = mapped_column(String(40))
    received_on: Mapped[date]
    sealed: Mapped[bytes | None]
    exported_at: Mapped[datetime | None] = mapped_column(Instant)
    erased_at: Mapped[datetime | None] = mapped_column(Instant)


class Refusal(Base):
    """That something was refused at the gate: the category, the channel and the date, and nothing else (R12)."""

    __tablename__ = "refusal"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    category: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    refused_on: Mapped[date]


class RegisterLine(Base):
    """A line of a register that the rules name (S101): number, date, channel; whom and what it is about is sealed.

    The registers' key is held by intake clerks and auditors.
    """

    __tablename__ = "register_line"
    __table_args__ = (UniqueConstraint("body", "register", "year", "number", name="uq_register_line_number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), unique=True)
    body: Mapped[str] = mapped_column(String(40))
    register: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    number: Mapped[int]
    entered_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(40))
    clerk_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    envelope: Mapped[bytes]
    signature: Mapped[bytes]
