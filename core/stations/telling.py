"""What a message about an obligation names: the station, the quarter and the days, and nothing of the record."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core import registry
from core.errors import NotFound
from core.stations.tables import Obligation, Round
from core.work import Work


@dataclass(frozen=True, slots=True)
class Named:
    """Which obligation it is, in words, and until when it can be met."""

    quarter: str
    station_name: str
    station_name_en: str | None
    due_on: date
    grace_until: date | None


async def named_of(work: Work, obligation_id: UUID) -> Named:
    """Return what a message names of an obligation; raise `NotFound` ``obligation_unknown``. The worker's verb."""
    query = select(Obligation.station_id, Round.quarter, Round.due_on, Round.grace_until)
    query = query.join(Round, Round.id == Obligation.round_id).where(Obligation.id == obligation_id)
    row = (await work.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("obligation_unknown")
    station = await registry.unit(work, row.station_id)
    return Named(row.quarter, station.name, station.name_en, row.due_on, row.grace_until)
