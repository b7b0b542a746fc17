"""Rows of the stations: who is paired, rounds and what they oblige to, reminders, signed records, meetings.

What a record says is sealed: to intake's draft key until the head signs, to the department's record key after. Where an
obligation stands lies here in clear; nobody of a station is a reporter, and everybody answers under their own name.
"""

from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant

_PRESENT = text("ended_at IS NULL")
_LIVING = text("until IS NULL")


class Residence(Base):
    """That an official lives where a station is, as the department itself registered it; whole days, both included."""

    __tablename__ = "residence"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index("ix_residence_station", "station_id", "since"),
        Index("uq_residence_person", "person_id", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    station_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[date]
    until: Mapped[date | None]


class Invitation(Base):
    """A word given once to somebody of a station, by which their chat becomes known: a link, or six digits.

    ``code_hash`` is the hash of the six digits, which are good for a shorter time than the link.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    code_hash: Mapped[bytes] = mapped_column(index=True)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    code_until: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Pairing(Base):
    """A chat that stands for a person of a station. ``chat_hash`` finds it for whoever holds intake's pairing key.

    Without ``address_id`` nothing can be sent there: the platform says that the chat is gone. ``active_at`` is when
    they last did something: who is at it is not interrupted.
    """

    __tablename__ = "pairing"
    __table_args__ = (
        Index("uq_pairing_chat", "chat_hash", unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT),
        Index("uq_pairing_person", "person_id", unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    chat_hash: Mapped[bytes]
    address_id: Mapped[UUID | None] = mapped_column(ForeignKey("address.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(10))
    paired_at: Mapped[datetime] = mapped_column(Instant)
    active_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_why: Mapped[str | None] = mapped_column(String(20))


class PersonalLink(Base):
    """A person's own way to the pages under ``/station``; of its secret the hash is kept."""

    __tablename__ = "personal_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Round(Base):
    """A quarter's round. A day for which a year of the work calendar is missing is empty until it is loaded."""

    __tablename__ = "round"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    quarter: Mapped[str] = mapped_column(String(6), unique=True)
    prompt_on: Mapped[date | None]
    due_on: Mapped[date]
    grace_until: Mapped[date | None]
    meeting_by: Mapped[date | None]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    locked_at: Mapped[datetime | None] = mapped_column(Instant)


class Obligation(Base):
    """What one station owes in one round, and where that stands (rules.md 3.5): `core.stations.rules.rounds`.

    ``sealed_draft`` is the record until it is signed, ``sealed_remark`` why it was sent back; ``version`` counts what
    happened to it. ``is_nil`` says that there was nothing to report, ``is_late`` that it came after the due day.
    ``entered_by`` is who of the department entered what a station told by telephone: then ``submitted_by`` told it,
    and ``signed_by`` confirmed it there.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("round_id", "station_id", name="uq_obligation_station"),
        Index("ix_obligation_state", "round_id", "state"),
        Index("ix_obligation_station", "station_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    station_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=0)
    is_nil: Mapped[bool] = mapped_column(default=False)
    is_late: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    sealed_draft: Mapped[bytes | None]
    sealed_remark: Mapped[bytes | None]


class ObligationStep(Base):
    """One thing that happened to an obligation: what, when, and who did it (nobody: the calendar)."""

    __tablename__ = "obligation_step"
    __table_args__ = (UniqueConstraint("obligation_id", "place", name="uq_obligation_step_place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Reminder(Base):
    """That somebody was to be reminded of an obligation at a stage of the plan: once, whatever happens.

    Without ``delivery_id`` nothing was owed: ``reason`` says why nobody can reach them there.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("obligation_id", "stage", "person_id", name="uq_reminder_once"),
        Index("ix_reminder_person", "person_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"))
    stage: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str | None] = mapped_column(String(20))


class RecordEntry(Base):
    """One entry of a signed record, sealed to the record key, and what the half-year review made of it.

    ``is_held`` keeps it from the readers until the privacy officer releases it (more than two on one person). One
    reader proposes a ``result``, another confirms it; ``item_id`` is the item that became of it. ``urgent_by`` is the
    head by whom it became one at once, before anybody read it here.
    """

    __tablename__ = "record_entry"
    __table_args__ = (
        UniqueConstraint("obligation_id", "place", name="uq_record_entry_place"),
        CheckConstraint(
            "confirmed_by IS NULL OR (read_by IS NOT NULL AND confirmed_by <> read_by)", name="two_readers"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"))
    place: Mapped[int]
    envelope: Mapped[bytes]
    signer: Mapped[str] = mapped_column(String(20))
    signature: Mapped[bytes]
    is_held: Mapped[bool] = mapped_column(default=False)
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    result: Mapped[str | None] = mapped_column(String(20))
    read_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("item.id"))
    urgent_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class HeadsMeeting(Base):
    """The quarterly meeting of the station heads (S84); agenda and minutes are sealed to the record key.

    Day, hour and venue are what the heads are told of it; ``begins_at`` is in Asia/Shanghai.
    """

    __tablename__ = "heads_meeting"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), unique=True)
    held_on: Mapped[date]
    begins_at: Mapped[time]
    venue: Mapped[str] = mapped_column(String(100))
    called_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sealed_agenda: Mapped[bytes]
    sealed_minutes: Mapped[bytes | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class HeadsAttendance(Base):
    """Whether a station was at the meeting: its head, somebody for them, or nobody."""

    __tablename__ = "heads_attendance"
    __table_args__ = (CheckConstraint("attended IN ('head', 'deputy', 'absent')", name="attended"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("heads_meeting.id"), primary_key=True)
    station_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    attended: Mapped[str] = mapped_column(String(10))
