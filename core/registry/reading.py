"""From rows to views."""

from core.registry import tables
from core.registry.kinds import Rank, UnitKind
from core.registry.roles import Role
from core.registry.views import Appointment, Official, Person, Unit


def unit_view(row: tables.Unit) -> Unit:
    """Return the view of a unit."""
    return Unit(row.id, row.parent_id, row.code, UnitKind(row.kind), row.name, row.name_en, row.position)


def person_view(row: tables.Person) -> Person:
    """Return the view of a person."""
    return Person(row.id, row.name, row.is_fictional)


def appointment_view(row: tables.Appointment) -> Appointment:
    """Return the view of an appointment."""
    return Appointment(row.id, row.person_id, Role(row.role), row.unit_id, row.since, row.until)


def official_view(row: tables.Official, person: tables.Person) -> Official:
    """Return the view of an official, given the rows of the post and of the person."""
    return Official(
        row.id, person_view(person), row.unit_id, row.post, Rank(row.rank), row.is_principal, row.since, row.until
    )
