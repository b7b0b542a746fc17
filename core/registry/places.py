"""Units where there are thousands: in pages, by their ids, the way down from one, and the bare outline of the tree."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import aliased

from core.registry import tables
from core.registry.reading import unit_view
from core.registry.views import Unit
from core.work import Work


class Outline(NamedTuple):
    """Where a unit hangs in the tree, without its name."""

    id: UUID
    parent_id: UUID | None


async def units_page(
    work: Work,
    kind: str,
    *,
    among: Select[UUID] | None = None,
    after: tuple[int, str] | None = None,
    limit: int,
) -> tuple[Unit, ...]:
    """Return up to ``limit`` units of a kind by position and code, behind ``after`` (the last one seen).

    Only those whose id ``among`` selects, where it is given: it may come from another package, or from `units_under`.
    """
    own = tables.Unit
    query = select(own).where(own.kind == str(kind)).order_by(own.position, own.code).limit(limit)
    if among is not None:
        query = query.where(own.id.in_(among))
    if after is not None:
        query = query.where(tuple_(own.position, own.code) > after)
    return tuple(unit_view(row) for row in await work.session.scalars(query))


async def units_named(work: Work, unit_ids: Collection[UUID]) -> Mapping[UUID, Unit]:
    """Return those of these units that there are, by id, in the order of their position and code."""
    query = select(tables.Unit).where(tables.Unit.id.in_(unit_ids)).order_by(tables.Unit.position, tables.Unit.code)
    return {row.id: unit_view(row) for row in await work.session.scalars(query)}


def units_under(unit_id: UUID) -> Select[UUID]:
    """Return the query for the ids of a unit and of everything below it, to any depth."""
    way = select(tables.Unit.id).where(tables.Unit.id == unit_id).cte(recursive=True)
    child = aliased(tables.Unit)
    way = way.union(select(child.id).where(child.parent_id == way.c.id))
    return select(way.c.id)


async def outline(work: Work) -> Sequence[Outline]:
    """Return every unit with the one above it, by position and code."""
    own = tables.Unit
    rows = await work.connection.execute(select(own.id, own.parent_id).order_by(own.position, own.code))
    return [Outline(*row) for row in rows]


async def path_of(work: Work, unit_id: UUID) -> Sequence[Unit]:
    """Return the units above one, the topmost first, and itself at the end; nothing when it is unknown."""
    found: list[Unit] = []
    next_id: UUID | None = unit_id
    while next_id is not None and (row := await work.session.get(tables.Unit, next_id)) is not None:
        found.insert(0, unit_view(row))
        next_id = row.parent_id
    return found
