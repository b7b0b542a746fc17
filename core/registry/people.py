"""People by their ids, and the posts they are in: one query for many."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from core.registry import tables
from core.registry.checks import during
from core.registry.reading import appointment_view, official_view, person_view
from core.registry.views import Appointment, Official, Person
from core.work import Work


class Holder(NamedTuple):
    """That somebody holds a role in a unit."""

    unit_id: UUID
    person_id: UUID
    role: str


async def people(work: Work, person_ids: Collection[UUID]) -> Mapping[UUID, Person]:
    """Return those of these people that there are, by id."""
    query = select(tables.Person).where(tables.Person.id.in_(person_ids))
    return {row.id: person_view(row) for row in await work.session.scalars(query)}


async def posts(work: Work, *, on: date, person_ids: Collection[UUID] | None = None) -> Sequence[Official]:
    """Return the entries of the register that hold on a day, by first day; those of ``person_ids`` where given."""
    own = tables.Official
    query = select(own, tables.Person).join(tables.Person, tables.Person.id == own.person_id)
    query = query.where(during(own, on, on)).order_by(own.since, own.id)
    if person_ids is not None:
        query = query.where(own.person_id.in_(person_ids))
    return [official_view(*found) for found in await work.session.execute(query)]


async def ever_appointed(work: Work, roles: Collection[str]) -> Sequence[Appointment]:
    """Return the appointments to ``roles`` that there are or were, by first day."""
    own = tables.Appointment
    query = select(own).where(own.role.in_([str(role) for role in roles])).order_by(own.since, own.id)
    return [appointment_view(row) for row in await work.session.scalars(query)]


async def holders(
    work: Work, roles: Collection[str], *, on: date, unit_ids: Collection[UUID] | None = None
) -> Sequence[Holder]:
    """Return who holds one of ``roles`` where on a day, in ``unit_ids`` where given: bare rows for thousands."""
    own = tables.Appointment
    query = select(own.unit_id, own.person_id, own.role).where(
        during(own, on, on), own.role.in_([str(r) for r in roles])
    )
    if unit_ids is not None:
        query = query.where(own.unit_id.in_(unit_ids))
    rows = await work.connection.execute(query.order_by(own.since, own.id))
    return [Holder(*row) for row in rows]


def units_held(roles: Collection[str], *, on: date, among: Select[UUID]) -> Select[UUID]:
    """Return the query for the units in which one of the people that ``among`` selects holds one of ``roles``."""
    own = tables.Appointment
    held = (during(own, on, on), own.role.in_([str(role) for role in roles]), own.person_id.in_(among))
    return select(own.unit_id).where(*held)


async def take_turns(work: Work) -> None:
    """Let a second import wait for this one. SQLite has one writer, and needs no lock."""
    await work.session.execute(select(tables.Installation.id).with_for_update())
