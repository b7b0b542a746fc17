"""What the registry hands out: immutable views of its rows. Periods include their first and their last day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.registry.kinds import Rank, UnitKind
from core.registry.roles import Role


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; ``position`` orders it among its neighbours."""

    id: UUID
    parent_id: UUID | None
    code: str
    kind: UnitKind
    name: str
    name_en: str | None
    position: int

    def label(self, language: str) -> str:
        """Return the name in ``language``; Chinese stands in where there is no English one."""
        return self.name_en or self.name if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit and what lies under it, in order."""

    unit: Unit
    children: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person."""

    id: UUID
    name: str
    is_fictional: bool


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role that a person holds in a unit; ``until`` is empty while no end is set."""

    id: UUID
    person_id: UUID
    role: Role
    unit_id: UUID
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Official:
    """A post of section level and who holds it."""

    id: UUID
    person: Person
    unit_id: UUID
    post: str
    rank: Rank
    is_principal: bool
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who (name and post) accepted a channel abroad, when, on what assessment; ``ended_on`` is empty while it holds."""

    channel: str
    accepted_by: str
    accepted_on: date
    assessment: str
    ended_on: date | None
