"""Who else is here: which colleagues have an item or a case before them at this moment.

It keeps two people from doing the same thing. It is no record of who read what: a row is of the present alone, is
deleted minutes later, and nothing of it enters the audit trail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, ForeignKey, Result, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core import access, cases, registry
from core.cases import proceedings
from core.db import Base, Instant
from core.work import Work

STAYS: Final = timedelta(minutes=2)
"""So long somebody counts as here after they were last seen; an open page says so more often."""


class Presence(Base):
    """One person before one item or case."""

    __tablename__ = "presence"

    target_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


_TABLE = Base.metadata.tables[Presence.__tablename__]
_NOTE: Final = {
    name: made.on_conflict_do_update(
        index_elements=[_TABLE.c.target_id, _TABLE.c.person_id], set_={"seen_at": made.excluded.seen_at}
    )
    for name, made in (("postgresql", postgresql.insert(_TABLE)), ("sqlite", sqlite.insert(_TABLE)))
}


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague who is here, and when they were last seen."""

    person_id: UUID
    name: str
    seen_at: datetime


async def at_item(work: Work, item_id: UUID) -> Sequence[Present]:
    """Note that the person at work has an item before them; return who else has, by name.

    Raises `Denied`, and `NotFound` (``item_not_found``) for one that they may not know of.
    """
    access.permit(work, "item.read_metadata")
    await cases.summary(work, item_id)
    return await _at(work, item_id)


async def at_case(work: Work, case_id: UUID) -> Sequence[Present]:
    """Note that the person at work has a case before them; return who else has, by name.

    Raises `Denied`, and `NotFound` (``case_not_found``) for one that they may not know of.
    """
    access.permit(work, "case.read")
    await proceedings.summary(work, case_id)
    return await _at(work, case_id)


async def expire(work: Work) -> int:
    """Forget who is no longer here; return how many rows went. The worker's verb."""
    return _count(await work.session.execute(delete(Presence).where(Presence.seen_at <= work.now() - STAYS)))


async def _at(work: Work, target_id: UUID) -> Sequence[Present]:
    me, now = access.signed_in(work).person_id, work.now()
    note = _NOTE[work.connection.dialect.name]
    await work.connection.execute(note, {"target_id": target_id, "person_id": me, "seen_at": now})
    others = select(Presence.person_id, Presence.seen_at).where(Presence.target_id == target_id)
    rows = await work.session.execute(others.where(Presence.person_id != me, Presence.seen_at > now - STAYS))
    found = [Present(person, (await registry.person(work, person)).name, seen_at) for person, seen_at in rows]
    return sorted(found, key=lambda each: (each.name, each.person_id.hex))


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
