"""Rows of the registry: units, people, their appointments in time, and the officials who may be reported on."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Installation(Base):
    """The one row that says whose home this is; ``is_demo`` lets a clock be moved and marks every page."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    district: Mapped[str] = mapped_column(String(100))
    profile: Mapped[str] = mapped_column(String(20), default="seed")
    is_demo: Mapped[bool] = mapped_column(default=False)


class Unit(Base):
    """A body, township, department, residents' committee or station, in a tree of any depth."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)


class Person(Base):
    """A natural person; four eyes compares these."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(100), index=True)
    is_fictional: Mapped[bool] = mapped_column(default=False)


class Appointment(Base):
    """A role held in a unit from the first day to the last, both included."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index("ix_appointment_person", "person_id", "since"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]


class Official(Base):
    """A section-level official in the register, the closed list of those who may be a subject."""

    __tablename__ = "official"
    __table_args__ = (
        CheckConstraint("rank IN ('full_section', 'deputy_section')", name="rank"),
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index("uq_official_post", "person_id", "unit_id", "post", "since", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    post: Mapped[str] = mapped_column(String(100))
    rank: Mapped[str] = mapped_column(String(20))
    is_principal: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date | None]


class ChannelAcceptance(Base):
    """Who accepted that a channel is served whose machines stand abroad, when, and on what assessment (PIPL 36, 55).

    A row is never changed but for its end; a channel is accepted as long as one of its rows has none.
    """

    __tablename__ = "channel_acceptance"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    channel: Mapped[str] = mapped_column(String(40))
    accepted_by: Mapped[str] = mapped_column(String(100))
    accepted_on: Mapped[date]
    assessment: Mapped[str] = mapped_column(String(200))
    ended_on: Mapped[date | None]
