"""Rows of the audit trail: entries are only ever inserted, links chain them, heads sign the chain day by day."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant


class Entry(Base):
    """Who did what to what. ``sealed_reason`` is sealed to the auditors; ``change_hash`` is of what changed."""

    __tablename__ = "audit_entry"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's way; row numbers would tell the order

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    action: Mapped[str] = mapped_column(String(100))
    subject_id: Mapped[str] = mapped_column(String(80), index=True)
    change_hash: Mapped[bytes | None]
    sealed_reason: Mapped[bytes | None]


class Link(Base):
    """An entry's place in the chain. A fork is impossible: number and predecessor are unique."""

    __tablename__ = "audit_link"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    prev_hash: Mapped[bytes] = mapped_column(unique=True)
    hash: Mapped[bytes]


class Head(Base):
    """The chain's end on a day, signed by the worker for an outside keeper."""

    __tablename__ = "audit_head"

    day: Mapped[date] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes]
    signature: Mapped[bytes]
