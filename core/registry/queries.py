"""What can be asked of the registry. Dates are civil; on its first and on its last day a period holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.errors import Misconfigured, NotFound
from core.registry import tables
from core.registry.checks import during
from core.registry.kinds import BODIES
from core.registry.reading import appointment_view, official_view, person_view, unit_view
from core.registry.tables import Installation
from core.registry.views import Appointment, Branch, Official, Person, Unit
from core.work import Held, Work


async def installation(session: AsyncSession) -> Installation:
    """Return the installation's one row; raise `Misconfigured` when it was never made."""
    row: Installation | None = await session.scalar(select(Installation))
    if row is None:
        raise Misconfigured("the home is not set up; run: jingshi init")
    return row


async def unit(work: Work, unit_id: UUID) -> Unit:
    """Return a unit; raise `NotFound` ``unit_unknown``."""
    row = await work.session.get(tables.Unit, unit_id)
    if row is None:
        raise NotFound("unit_unknown")
    return unit_view(row)


async def unit_by_code(work: Work, code: str) -> Unit:
    """Return the unit with this code; raise `NotFound` ``unit_unknown``."""
    row = await work.session.scalar(select(tables.Unit).where(tables.Unit.code == code))
    if row is None:
        raise NotFound("unit_unknown")
    return unit_view(row)


async def units(work: Work, *, kinds: Collection[str] | None = None, parent_id: UUID | None = None) -> tuple[Unit, ...]:
    """Return units by position and code: those of ``kinds`` and directly under ``parent_id``, where these are given."""
    query = select(tables.Unit).order_by(tables.Unit.position, tables.Unit.code)
    if kinds is not None:
        query = query.where(tables.Unit.kind.in_([str(kind) for kind in kinds]))
    if parent_id is not None:
        query = query.where(tables.Unit.parent_id == parent_id)
    return tuple(unit_view(row) for row in await work.session.scalars(query))


async def unit_tree(work: Work) -> tuple[Branch, ...]:
    """Return all units as trees, neighbours by position and code."""
    under: dict[UUID | None, list[Unit]] = defaultdict(list)
    for found in await units(work):
        under[found.parent_id].append(found)

    def branches(parent_id: UUID | None) -> tuple[Branch, ...]:
        return tuple(Branch(child, branches(child.id)) for child in under[parent_id])

    return branches(None)


async def bodies_of(work: Work, unit_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return, for each unit that is or lies under a deciding body, that body's kind; the nearest one counts."""
    rows = await work.connection.execute(_BODIES_ABOVE, {"origins": list(set(unit_ids))})
    return {row.origin: row.kind for row in rows}


def _way_up(begun: ColumnElement[bool]) -> CTE:
    """Return the way up from each of the units where ``begun``, which ends at a body."""
    own = tables.Unit
    way = select(own.id.label("origin"), own.id, own.parent_id, own.kind).where(begun).cte(recursive=True)
    parent = aliased(own)
    above = select(way.c.origin, parent.id, parent.parent_id, parent.kind).where(
        parent.id == way.c.parent_id, way.c.kind.not_in(BODIES)
    )
    return way.union(above)


def _bodies_above() -> Select[UUID, str]:
    way = _way_up(tables.Unit.id.in_(bindparam("origins", expanding=True)))
    return select(way.c.origin, way.c.kind).where(way.c.kind.in_(BODIES))


def _held(of_these: ColumnElement[bool]) -> Select[UUID, str, UUID, str | None]:
    """Return the appointments of these that hold ``on`` a day, each with the body that is or lies above its unit."""
    own = tables.Appointment
    ends_later = or_(own.until.is_(None), own.until >= bindparam("on"))
    holds = and_(of_these, own.since <= bindparam("on"), ends_later)
    way = _way_up(tables.Unit.id.in_(select(own.unit_id).where(holds)))
    is_its_body = and_(way.c.origin == own.unit_id, way.c.kind.in_(BODIES))
    query = select(own.person_id, own.role, own.unit_id, way.c.kind).outerjoin(way, is_its_body)
    return query.where(holds).order_by(own.since, own.id)


# Every request of staff asks the second of these, and to put them together costs more than to run them.
_BODIES_ABOVE: Final = _bodies_above()
_HELD_BY: Final = _held(tables.Appointment.person_id == bindparam("person"))
_HELD_IN_ROLES: Final = _held(tables.Appointment.role.in_(bindparam("roles", expanding=True)))


async def body_of(work: Work, unit_id: UUID) -> str | None:
    """Return ``leading_group_office`` or ``discipline_commission``, if the unit is or lies under one; else nothing."""
    return (await bodies_of(work, [unit_id])).get(unit_id)


async def person(work: Work, person_id: UUID) -> Person:
    """Return a person; raise `NotFound` ``person_unknown``."""
    row = await work.session.get(tables.Person, person_id)
    if row is None:
        raise NotFound("person_unknown")
    return person_view(row)


async def appointments(
    work: Work, *, on: date, roles: Collection[str] | None = None, unit_id: UUID | None = None
) -> tuple[Appointment, ...]:
    """Return the appointments that hold on a day, by first day; of ``roles`` and in ``unit_id`` where given."""
    query = _holding(on)
    if roles is not None:
        query = query.where(tables.Appointment.role.in_([str(role) for role in roles]))
    if unit_id is not None:
        query = query.where(tables.Appointment.unit_id == unit_id)
    return tuple(appointment_view(row) for row in await work.session.scalars(query))


async def appointments_of(work: Work, person_id: UUID, *, on: date) -> tuple[Appointment, ...]:
    """Return what a person is appointed to on a day, by first day."""
    query = _holding(on).where(tables.Appointment.person_id == person_id)
    return tuple(appointment_view(row) for row in await work.session.scalars(query))


async def held_by(work: Work, person_id: UUID, *, on: date) -> tuple[Held, ...]:
    """Return the roles a person holds on a day, each with its unit and the deciding body that the unit belongs to."""
    await work.transaction.flush()
    rows = await work.connection.execute(_HELD_BY, {"person": person_id, "on": on})
    return tuple(Held(role, unit_id, body) for _, role, unit_id, body in rows)


async def held_in_roles(work: Work, roles: Collection[str], *, on: date) -> Mapping[UUID, Sequence[Held]]:
    """Return who holds one of these roles on a day, and which of them, as `held_by` tells it."""
    await work.transaction.flush()
    found: dict[UUID, list[Held]] = defaultdict(list)
    given = {"roles": [str(role) for role in roles], "on": on}
    for person_id, role, unit_id, body in await work.connection.execute(_HELD_IN_ROLES, given):
        found[person_id].append(Held(role, unit_id, body))
    return found


async def people_with_role(
    work: Work, role: str, *, on: date, unit_id: UUID | None = None, body: str | None = None
) -> tuple[Person, ...]:
    """Return who holds a role on a day, each once, by name; in ``unit_id`` or for the deciding ``body`` where given."""
    held = await held_in_roles(work, [role], on=on)
    ids = {
        person_id
        for person_id, roles in held.items()
        if any(unit_id in {None, one.unit_id} and body in {None, one.body} for one in roles)
    }
    query = select(tables.Person).where(tables.Person.id.in_(ids)).order_by(tables.Person.name, tables.Person.id)
    return tuple(person_view(row) for row in await work.session.scalars(query))


async def official(work: Work, official_id: UUID) -> Official:
    """Return an entry of the register; raise `NotFound` ``official_unknown``."""
    found = (await work.session.execute(_OFFICIAL, {"official": official_id})).one_or_none()
    if found is None:
        raise NotFound("official_unknown")
    return official_view(*found)


async def officials(
    work: Work,
    *,
    unit_id: UUID | None = None,
    on: date | None = None,
    name: str = "",
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> tuple[Official, ...]:
    """Return up to ``limit`` officials by name and id, beyond ``after`` (name and id of the last one seen).

    Only those of ``unit_id``, in their post ``on`` a day, and whose name begins with ``name``, where these are given.
    """
    query = _officials().order_by(tables.Person.name, tables.Official.id).limit(limit)
    if unit_id is not None:
        query = query.where(tables.Official.unit_id == unit_id)
    if on is not None:
        query = query.where(during(tables.Official, on, on))
    if name:
        query = query.where(tables.Person.name.startswith(name, autoescape=True))
    if after is not None:
        query = query.where(tuple_(tables.Person.name, tables.Official.id) > after)
    return tuple(official_view(*found) for found in await work.session.execute(query))


def _holding(on: date) -> Select[tables.Appointment]:
    query = select(tables.Appointment).where(during(tables.Appointment, on, on))
    return query.order_by(tables.Appointment.since, tables.Appointment.id)


def _officials() -> Select[tables.Official, tables.Person]:
    return select(tables.Official, tables.Person).join(tables.Person, tables.Person.id == tables.Official.person_id)


_OFFICIAL: Final = _officials().where(tables.Official.id == bindparam("official"))
