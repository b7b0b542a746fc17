"""The round as rows to be taken out: one for each obligation, without the name of a person or a word of a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core import access, audit, registry
from core.registry import Unit
from core.sealing.signing import canonical
from core.stations.overview.answers import ANSWER
from core.stations.people.roster import Station, station_view
from core.stations.rounds.running import RoundView, round_of
from core.stations.tables import Obligation, Reminder
from core.work import Work


@dataclass(frozen=True, slots=True)
class Row:
    """What is taken out of one obligation; ``reminders`` are the people and stages that were written down for it."""

    obligation_id: UUID
    station: Station
    under: Unit | None
    state: str
    answer: str
    is_nil: bool
    is_late: bool
    submitted_at: datetime | None
    signed_at: datetime | None
    by_telephone: bool
    reminders: int


@dataclass(frozen=True, slots=True)
class Export:
    """A round, with a row for each station that it obliges."""

    round: RoundView
    rows: Sequence[Row]


async def export_round(work: Work, quarter: str, *, reason: str) -> Export:
    """Return one row for each obligation of a round, by station. That it was taken out, and why, is recorded.

    Raises:
        Denied, NotSignedIn: without ``station.list``.
        NotFound: ``round_unknown``.
        Invalid: as `access.fit_reason`.
    """
    access.permit(work, "station.list")
    kept = access.fit_reason(reason)
    round_ = await round_of(work, quarter)
    columns = (Obligation.id, Obligation.state, ANSWER, Obligation.is_nil, Obligation.is_late)
    when = (Obligation.submitted_at, Obligation.signed_at, Obligation.entered_by.is_not(None))
    query = select(Obligation.station_id, *columns, *when).where(Obligation.round_id == round_.id)
    found = {row[0]: row for row in await work.connection.execute(query)}
    reminded = await _reminded(work, round_.id)
    units = {each.id: each for each in await registry.units(work)}
    rows = [
        Row(
            found[each.id][1],
            station_view(each),
            units[each.parent_id] if each.parent_id else None,
            *found[each.id][2:],
            reminded.get(found[each.id][1], 0),
        )
        for each in units.values()
        if each.id in found
    ]
    audit.record(work, "round", "exported", round_.id, reason=kept, change=canonical("round", {"rows": len(rows)}))
    return Export(round_, rows)


async def _reminded(work: Work, round_id: UUID) -> dict[UUID, int]:
    query = select(Reminder.obligation_id, func.count()).join(Obligation, Obligation.id == Reminder.obligation_id)
    rows = await work.connection.execute(query.where(Obligation.round_id == round_id).group_by(Reminder.obligation_id))
    return {row[0]: row[1] for row in rows}
