"""What a message about an obligation names, and nothing of the record; and the people of the station who are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from sqlalchemy import select

from core import outbox, registry
from core.errors import NotFound
from core.stations.tables import HeadsMeeting, Obligation, Pairing, Round
from core.work import Work


@dataclass(frozen=True, slots=True)
class HeadsMeet:
    """When and where the heads of the stations meet about a round; the hour is that of Asia/Shanghai."""

    held_on: date
    begins_at: time
    venue: str


@dataclass(frozen=True, slots=True)
class Named:
    """Which obligation it is, in words, and until when it can be met."""

    quarter: str
    station_name: str
    station_name_en: str | None
    due_on: date
    grace_until: date | None
    meeting: HeadsMeet | None = None


async def named_of(work: Work, obligation_id: UUID) -> Named:
    """Return what a message names of an obligation; raise `NotFound` ``obligation_unknown``. The worker's verb."""
    meeting = (HeadsMeeting.held_on, HeadsMeeting.begins_at, HeadsMeeting.venue)
    query = select(Obligation.station_id, Round.quarter, Round.due_on, Round.grace_until, *meeting)
    query = query.join(Round, Round.id == Obligation.round_id).where(Obligation.id == obligation_id)
    query = query.outerjoin(HeadsMeeting, HeadsMeeting.round_id == Round.id)
    row = (await work.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("obligation_unknown")
    station = await registry.unit(work, row.station_id)
    meet = HeadsMeet(row.held_on, row.begins_at, row.venue) if row.held_on is not None else None
    return Named(row.quarter, station.name, station.name_en, row.due_on, row.grace_until, meet)


async def tell(work: Work, row: Obligation, template: str, roles: Sequence[str], *, by: UUID) -> None:
    """Owe a message to whoever of the station holds one of ``roles`` and has a chat, but not to ``by``, who acts."""
    held = await registry.appointments(work, on=work.clock.today(), roles=roles, unit_id=row.station_id)
    people = {each.person_id for each in held} - {by}
    chats = select(Pairing.address_id).where(Pairing.person_id.in_(people), Pairing.ended_at.is_(None))
    for address_id in (await work.session.scalars(chats)).all():
        if address_id is not None:
            await outbox.owe(work, template, row.id, address_id, due_at=work.now())
