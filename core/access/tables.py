"""Rows of access: accounts, people's and bodies' keys, seals, sessions, openings, tries and repeats."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant


def _one_present(table: str, column: str) -> Index:
    """An index that allows one row that is not retired for each value of the column."""
    present = text("retired_at IS NULL")
    return Index(f"uq_{table}_present", column, unique=True, sqlite_where=present, postgresql_where=present)


class Account(Base):
    """How one person signs in. The TOTP secret is sealed with the desk's key; its last step may not be used again."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(10), default="zh_CN")
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class Tries(Base):
    """How often somebody tried a secret in vain, and until when they wait.

    ``handle`` is a keyed hash of what was tried on, so that unknown user names slow down like known ones and a
    password typed into the wrong field is not kept.
    """

    __tablename__ = "tries"

    handle: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime] = mapped_column(Instant, index=True)
    wait_until: Mapped[datetime] = mapped_column(Instant)


class PersonKey(Base):
    """A person's key pair; the private half is locked by their passphrase, the desk's signature vouches for the other.

    A person has one present key.
    """

    __tablename__ = "person_key"
    __table_args__ = (_one_present("person_key", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    public_key: Mapped[bytes]
    signature: Mapped[bytes]
    locked_private_key: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class SharedKeyRow(Base):
    """A key pair held by several people for one purpose; the desk's signature vouches for the public half.

    A purpose has one present key. It is due for rotation once somebody who held it no longer may.
    """

    __tablename__ = "shared_key"
    __table_args__ = (_one_present("shared_key", "purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    purpose: Mapped[str] = mapped_column(String(64), index=True)
    public_key: Mapped[bytes]
    signature: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(Instant)
    rotation_due_at: Mapped[datetime | None] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class Seal(Base):
    """The private key of a target (an item, a case, a shared key), sealed to a holder.

    A holder is a person, a shared key, escrow, or, of an item, the case that it belongs to.
    """

    __tablename__ = "seal"
    __table_args__ = (
        CheckConstraint("target_kind IN ('item', 'case', 'shared_key')", name="target"),
        CheckConstraint("holder_kind IN ('person', 'shared_key', 'case', 'escrow')", name="holder"),
        UniqueConstraint("target_kind", "target_id", "holder_kind", "holder_id"),
        Index("ix_seal_holder", "holder_kind", "holder_id", "target_kind", "target_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    target_kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[UUID]
    holder_kind: Mapped[str] = mapped_column(String(20))
    holder_id: Mapped[UUID]
    sealed_key: Mapped[bytes]
    granted_at: Mapped[datetime] = mapped_column(Instant)


class Session(Base):
    """A sign-in or a machine's token. The secret lives in the cookie or with the machine; here is only its hash.

    ``wrapped_key`` is the person's private key, wrapped by a key that derives from that secret.
    """

    __tablename__ = "session"
    __table_args__ = (CheckConstraint("kind IN ('sign_in', 'token')", name="kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100), default="")
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    wrapped_key: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Opening(Base):
    """A reason given for reading sealed content; it carries the reads of one person for a short while."""

    __tablename__ = "opening"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    target_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sealed_reason: Mapped[bytes]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Repeat(Base):
    """The answer once given to a request with an idempotency key, so that a repeat gets the same and does nothing.

    Results hold ids and states only, never text; the two hashes are keyed, so that no request can be guessed from them.
    """

    __tablename__ = "repeat"

    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    result: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


class CustodyShare(Base):
    """Half of a key for one pair of custodians: neither half says anything, both together are the key.

    It is sealed to its holder; ``partner_id`` is who holds the other half.
    """

    __tablename__ = "custody_share"
    __table_args__ = (CheckConstraint("holder_id <> partner_id", name="two_people"),)

    key_id: Mapped[UUID] = mapped_column(ForeignKey("shared_key.id"), primary_key=True)
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes]
