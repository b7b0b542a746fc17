"""Rows of measures. What a measure says are entries in the thread of its case; here is where it stands, in clear."""

from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant

_RUNNING = text("ended_at IS NULL AND last_day IS NOT NULL")
_LIVING = text("ended_at IS NULL")
_UNRULED = text("ruling IS NULL")
_UNTAKEN = text("taken_at IS NULL")
WAITING: Final = text(
    "(coalesce(state, '') IN ('drafted', 'checked', 'approved', 'assessed', 'outcome_decided')"
    " OR coalesce(state, '') = 'served' AND form = 'letter'"
    " OR coalesce(state, '') IN ('active', 'term_ended') AND assessment_opened_on IS NOT NULL)"
)
"""Somebody's next step is awaited in a measure, beside a ruling on a review or an appeal.

A state is never missing: so written, SQLite does not take the index of the lists, in which most measures are, for it.
"""


class Measure(Base):
    """A form of warning, or a decision that followed the assessment of one, from its draft to its end.

    Whom it is about is sealed in the thread of the case; ``person_hash`` finds it for whoever holds the desk's key.
    ``version`` counts its steps; whoever makes one signs where the measure stands then. ``follows_id`` is the measure
    after whose assessment this one was decided. The number of its document is taken when it is approved.
    """

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint("(served_on IS NULL) = (service_signature IS NULL)", name="served"),
        CheckConstraint("last_day IS NULL OR served_on IS NOT NULL", name="term"),
        UniqueConstraint("series", "year", "number", name="uq_measure_number"),
        Index("ix_measure_case", "case_id", "drafted_at"),
        Index("ix_measure_drafted", "drafted_at", "id"),
        Index("ix_measure_list", "state", "drafted_at", "id"),
        Index("ix_measure_waiting", "changed_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_measure_running", "last_day", "id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_measure_calendar", "last_day", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"))
    body: Mapped[str] = mapped_column(String(40))
    form: Mapped[str] = mapped_column(String(40))
    profile: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    state_signature: Mapped[bytes]
    person_hash: Mapped[bytes]
    drafted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    signature: Mapped[bytes]
    series: Mapped[str | None] = mapped_column(String(60))
    year: Mapped[int | None]
    number: Mapped[int | None]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    served_on: Mapped[date | None]
    last_day: Mapped[date | None]
    service_signature: Mapped[bytes | None]
    reminded: Mapped[int] = mapped_column(default=0)
    assessment_opened_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(String(40))


class MeasureEffect(Base):
    """What a served measure blocks, for whoever asks about one person on one day; nothing leads from it to a case.

    Without ``last_day`` it blocks nothing. Once it is revoked it never blocked anything.
    """

    __tablename__ = "measure_effect"
    __table_args__ = (Index("ix_measure_effect_person", "person_hash", "served_on"),)

    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    person_hash: Mapped[bytes]
    form: Mapped[str] = mapped_column(String(40))
    profile: Mapped[str] = mapped_column(String(20))
    months: Mapped[int]
    served_on: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    signature: Mapped[bytes]


class Remedy(Base):
    """A wish for review, or an appeal: when it came, whether late, who decided, and what became of it."""

    __tablename__ = "remedy"
    __table_args__ = (
        CheckConstraint("kind IN ('review', 'appeal')", name="kind"),
        CheckConstraint("ruling IS NULL OR ruling IN ('upheld', 'dismissed', 'corrected')", name="ruling"),
        CheckConstraint("(ruling IS NULL) = (decided_by IS NULL)", name="decided"),
        Index("ix_remedy_measure", "measure_id", "received_on"),
        Index("ix_remedy_open", "measure_id", sqlite_where=_UNRULED, postgresql_where=_UNRULED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"))
    kind: Mapped[str] = mapped_column(String(20))
    received_on: Mapped[date]
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    is_late: Mapped[bool]
    admitted: Mapped[bool | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    ruling: Mapped[str | None] = mapped_column(String(20))
    signature: Mapped[bytes]


class ServedCode(Base):
    """The code that goes with a served document: with it the person concerned reads, explains, objects and appeals.

    As with a receipt, only a hash of it is kept. ``envelope`` says what the document says, sealed to the code and to
    the case; ``case_public_key`` is what the person's answers are sealed to. ``document_id`` is the measure, or the
    entry that numbered a letter of inquiry: a code that was lost is followed by another one of the same document.
    """

    __tablename__ = "served_code"
    __table_args__ = (
        Index("ix_served_code_case", "case_id", "made_at"),
        Index("uq_served_code_living", "document_id", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
        Index("ix_served_code_document", "document_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"), index=True)
    document_id: Mapped[UUID]
    lookup_hash: Mapped[bytes] = mapped_column(unique=True)
    box_public_key: Mapped[bytes]
    verify_key: Mapped[bytes]
    case_public_key: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class SubjectMessage(Base):
    """What the person concerned sent with a code: sealed to the case and signed with the code; never changed.

    ``taken_at`` is when it was read and taken into the thread.
    """

    __tablename__ = "subject_message"
    __table_args__ = (
        CheckConstraint("kind IN ('explanation', 'objection', 'review', 'appeal', 'report', 'consent')", name="kind"),
        Index("ix_subject_message_code", "code_id", "place"),
        Index("ix_subject_message_waiting", "case_id", "taken_at"),
        Index("ix_subject_message_untaken", "received_at", "id", sqlite_where=_UNTAKEN, postgresql_where=_UNTAKEN),
        UniqueConstraint("code_id", "place", name="uq_subject_message_place"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code_id: Mapped[UUID] = mapped_column(ForeignKey("served_code.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(Instant)
    envelope: Mapped[bytes]
    signature: Mapped[bytes]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(Instant)


class CodeWord(Base):
    """Something told to the person concerned under their code later on: a decision on a remedy, or an answer."""

    __tablename__ = "code_word"
    __table_args__ = (UniqueConstraint("code_id", "place", name="uq_code_word_place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    code_id: Mapped[UUID] = mapped_column(ForeignKey("served_code.id"))
    place: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    told_on: Mapped[date]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    envelope: Mapped[bytes]
    signature: Mapped[bytes]


class ToldOf(Base):
    """Somebody outside the case who was told of a measure, and is told when it is revoked (safeguards 5.2).

    ``delivery`` is how that notice stands: it is handed over by a person, and is never repeated without one.
    """

    __tablename__ = "told_of"
    __table_args__ = (
        CheckConstraint("delivery IN ('none', 'due', 'delivered', 'unknown')", name="delivery"),
        Index("ix_told_of_delivery", "delivery", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    told_on: Mapped[date]
    delivery: Mapped[str] = mapped_column(String(20), default="none")
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
