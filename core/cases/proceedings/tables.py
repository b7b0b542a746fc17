"""Rows of cases. A case is one thread in time: what each step says is an entry, sealed to the case."""

from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant

SUPERVISED: Final = text("state IN ('opened', 'classified', 'analysed', 'department_meeting_done')")
"""A case is in a state in which the next step is a supervisor's."""


class CaseFile(Base):
    """A case: where it stands, and its public key; the private half lies in seals.

    ``version`` counts its steps. Whom it is about is sealed in its first entry; ``subject_hash`` finds it for whoever
    holds the desk's key. ``unit_id`` and ``manifestation`` are in clear from classification on.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("body", "year", "number", name="uq_case_file_number"),
        Index("ix_case_file_queue", "body", "state", "opened_at", "id"),
        Index("ix_case_file_opened", "body", "opened_at", "id"),
        Index("ix_case_file_subject", "subject_hash", "body"),
        Index("ix_case_file_supervised", "changed_at", "id", sqlite_where=SUPERVISED, postgresql_where=SUPERVISED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    year: Mapped[int]
    number: Mapped[int]
    body: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    public_key: Mapped[bytes]
    signature: Mapped[bytes]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    subject_hash: Mapped[bytes]
    is_important: Mapped[bool] = mapped_column(default=False)
    finding: Mapped[str | None] = mapped_column(String(20))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    manifestation: Mapped[str | None] = mapped_column(String(4))


class CaseItem(Base):
    """An item that belongs to a case. Items with one ``origin`` count once, as the clerk judged (T7)."""

    __tablename__ = "case_item"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    origin: Mapped[int]
    joined_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    joined_at: Mapped[datetime] = mapped_column(Instant)


class CaseMember(Base):
    """Somebody's part in a case, from when to when. What an officer declared of relations is only its answer (R13).

    ``body`` and ``case_opened_at`` are the case's, so that one's own queue is read from an index.
    """

    __tablename__ = "case_member"
    __table_args__ = (
        Index("ix_case_member_declared", "person_id", "declared", "case_id"),
        Index("ix_case_member_part", "person_id", "part", "case_id"),
        Index("ix_case_member_queue", "person_id", "body", "case_opened_at", "case_id"),
        Index("ix_case_member_case", "case_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    part: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(40))
    case_opened_at: Mapped[datetime] = mapped_column(Instant)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    declared: Mapped[str | None] = mapped_column(String(20))


class CaseEntry(Base):
    """One step of a case, or one thing noted in it; ``envelope`` is sealed to the case, the desk signs the whole."""

    __tablename__ = "case_entry"
    __table_args__ = (UniqueConstraint("case_id", "place", name="uq_case_entry_place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class CaseSearch(Base):
    """What the entries of a case say up to ``place``, folded for a search, under a key that the case's own yields."""

    __tablename__ = "case_search"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    place: Mapped[int]
    sealed_text: Mapped[bytes]


class Meeting(Base):
    """A department meeting or a meeting of the leading group, at which cases are heard (S103, S104)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("kind IN ('department_meeting', 'leading_group_meeting')", name="kind"),
        CheckConstraint("state IN ('called', 'held', 'called_off')", name="state"),
        Index("ix_meeting_body", "body", "held_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    number: Mapped[int]
    held_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    called_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(Instant)


class MeetingSeat(Base):
    """A member of a meeting, and whether they came."""

    __tablename__ = "meeting_seat"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    is_present: Mapped[bool | None]


class MeetingMatter(Base):
    """A case on the agenda; ``entry_id`` is the entry of the case that holds votes, recusals and the result."""

    __tablename__ = "meeting_matter"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    place: Mapped[int]
    entry_id: Mapped[UUID | None]


class MeetingRecusal(Base):
    """A member who stepped aside in one matter; they are not counted in its quorum."""

    __tablename__ = "meeting_recusal"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Notice(Base):
    """Important information for the district committee (S105): sealed to those who are told, and to the case."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("body", "year", "number", name="uq_notice_number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    body: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    number: Mapped[int]
    sent_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    is_unverified: Mapped[bool]
    is_routed_up: Mapped[bool]
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class NoticeReader(Base):
    """Somebody who is told, and when they first read it."""

    __tablename__ = "notice_reader"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class IdentityOpening(Base):
    """A wish to learn who reported, and the two custodians who opened it; the result is sealed to who asked."""

    __tablename__ = "identity_opening"
    __table_args__ = (
        CheckConstraint("first_id IS NULL OR first_id <> asked_by", name="first_is_another"),
        CheckConstraint(
            "second_id IS NULL OR (second_id <> asked_by AND second_id <> first_id)", name="second_is_another"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    sealed_reason: Mapped[bytes]
    first_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    first_at: Mapped[datetime | None] = mapped_column(Instant)
    second_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_at: Mapped[datetime | None] = mapped_column(Instant)
    sealed_result: Mapped[bytes | None]


class IdentityRelease(Base):
    """The half that the first custodian hands to one who may be the second, sealed to them."""

    __tablename__ = "identity_release"

    opening_id: Mapped[UUID] = mapped_column(ForeignKey("identity_opening.id"), primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes]
