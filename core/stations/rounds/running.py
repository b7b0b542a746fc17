"""Rounds: one is opened for each quarter, obliges every station, is locked after its grace, and tells where it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, select

from core import access, audit, registry
from core.access.rows import add_if_new
from core.errors import Conflict, Invalid, NotFound
from core.policy.calendar import quarter as quarter_at
from core.registry import UnitKind
from core.sealing.signing import canonical
from core.stations.people.roster import Station, station_view
from core.stations.rounds.register import locked, move
from core.stations.rules.rounds import ASKED
from core.stations.rules.schedule import Schedule, known_days, last_month, open_quarters
from core.stations.tables import Obligation, Round
from core.work import Work


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round and its days; one that needs a year of the work calendar that is not loaded is missing."""

    id: UUID
    quarter: str
    prompt_on: date | None
    due_on: date
    grace_until: date | None
    meeting_by: date | None
    is_locked: bool


class Cell(NamedTuple):
    """Where one station stands in one round; of these a page has thousands."""

    obligation_id: UUID
    state: str
    is_nil: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Stations by rounds, for who filed, had nothing to report, is late or missing; ``next`` where more follow."""

    rounds: Sequence[RoundView]
    stations: Sequence[Station]
    cells: Mapping[tuple[UUID, UUID], Cell]
    totals: Mapping[UUID, Mapping[str, int]]
    next: tuple[int, str] | None = None

    def counts(self, round_id: UUID) -> Mapping[str, int]:
        """Return how many obligations of a round stand in each state, those of stations that are not shown as well."""
        return self.totals.get(round_id, {})


async def open_round(work: Work, quarter: str) -> RoundView:
    """Open a quarter's round, such as ``2026Q3``: every station owes a record (S85).

    Raises:
        Denied, NotSignedIn: without ``station.round``.
        Invalid: ``quarter_malformed``, or ``quarter_too_far`` for any but `open_quarters`.
        Conflict: ``round_open_already``.
    """
    staff = access.permit(work, "station.round")
    last_month(quarter)
    if quarter not in open_quarters(work.now()):
        raise Invalid("quarter_too_far", field="quarter")
    if await _round_of(work, quarter) is not None:
        raise Conflict("round_open_already", quarter=quarter)
    return await _open(work, known_days(quarter, work.policy), staff.person_id)


async def open_present_round(work: Work) -> bool:
    """Open the round of the present quarter unless it is; return whether that was done. The worker's verb."""
    quarter = quarter_at(work.now())
    if await _round_of(work, quarter) is not None:
        return False
    await _open(work, known_days(quarter, work.policy), None)
    return True


async def lock_due(work: Work) -> int:
    """Lock the rounds whose grace is over: what is signed is kept, who filed nothing is missing. The worker's verb.

    A record that was submitted in time and waits for its signature stays open to that signature. Days for which a year
    of the work calendar was missing are looked for again. Returns how many rounds were locked.
    """
    count = 0
    for row in (await work.session.scalars(select(Round).where(Round.locked_at.is_(None)))).all():
        days = known_days(row.quarter, work.policy)
        row.prompt_on, row.grace_until, row.meeting_by = days.prompt_on, days.grace_until, days.meeting_by
        if row.grace_until is not None and work.clock.today() > row.grace_until:
            await _hold_all(work, row.id)
            row.locked_at = work.now()
            audit.record(work, "round", "locked", row.id)
            count += 1
    await work.session.flush()
    await _close(work)
    return count


async def see_to_rounds(work: Work) -> None:
    """Open the round of the present quarter, and lock those whose grace is over. The worker's verb."""
    await open_present_round(work)
    await lock_due(work)


async def excuse(work: Work, obligation_id: UUID, *, reason: str) -> None:
    """Excuse a station from a round, for a reason that is recorded; raise `Denied`, `NotFound` or `Conflict`."""
    staff = access.permit(work, "station.round")
    row, _ = await locked(work, obligation_id)
    await move(work, row, "excuse", by=staff.person_id, reason=access.fit_reason(reason))


async def held_still(work: Work, obligation_id: UUID) -> int:
    """Return the version of an obligation, which nobody else changes until the work is done; raises as `excuse`."""
    access.permit(work, "station.list")
    row, _ = await locked(work, obligation_id)
    return row.version


async def rounds(work: Work, *, limit: int = 8) -> Sequence[RoundView]:
    """Return the newest rounds, the newest first."""
    access.permit(work, "station.list")
    found = await work.session.scalars(select(Round).order_by(Round.quarter.desc()).limit(limit))
    return [_view(row) for row in found]


async def round_of(work: Work, quarter: str) -> RoundView:
    """Return the round of a quarter; raise `Denied`, or `NotFound` (``round_unknown``)."""
    access.permit(work, "station.list")
    row = await _round_of(work, quarter)
    if row is None:
        raise NotFound("round_unknown")
    return _view(row)


async def matrix(
    work: Work,
    *,
    limit: int = 8,
    under: UUID | None = None,
    after: tuple[int, str] | None = None,
    most: int = 1_000,
) -> Matrix:
    """Return where up to ``most`` stations stand in the newest rounds, the oldest of them first; raise `Denied`.

    Those at or below a unit, and behind ``after`` (the ``next`` of the page before), where these are given.
    """
    shown = sorted(await rounds(work, limit=limit), key=lambda each: each.quarter)
    among = registry.units_under(under) if under is not None else None
    kind = UnitKind.LIAISON_STATION
    found = await registry.units_page(work, kind, among=among, after=after, limit=most + 1)
    listed = found[:most]
    of_these = Obligation.round_id.in_([each.id for each in shown])
    query = select(
        Obligation.station_id,
        Obligation.round_id,
        Obligation.id,
        Obligation.state,
        Obligation.is_nil,
        Obligation.is_late,
    ).where(of_these, Obligation.station_id.in_([each.id for each in listed]))
    rows = await work.connection.execute(query)
    cells = {(row[0], row[1]): Cell(*row[2:]) for row in rows}
    counted = select(Obligation.round_id, Obligation.state, func.count()).where(of_these)
    if among is not None:
        counted = counted.where(Obligation.station_id.in_(among))
    totals: dict[UUID, dict[str, int]] = defaultdict(dict)
    for row in await work.connection.execute(counted.group_by(Obligation.round_id, Obligation.state)):
        totals[row[0]][row[1]] = row[2]
    next_ = (listed[-1].position, listed[-1].code) if len(found) > most else None
    return Matrix(shown, [station_view(each) for each in listed], cells, totals, next_)


async def _open(work: Work, days: Schedule, opened_by: UUID | None) -> RoundView:
    row = Round(
        id=uuid4(),
        quarter=days.quarter,
        prompt_on=days.prompt_on,
        due_on=days.due_on,
        grace_until=days.grace_until,
        meeting_by=days.meeting_by,
        opened_by=opened_by,
        opened_at=work.now(),
        locked_at=None,
    )
    if not await add_if_new(work.session, row):  # somebody else opened it at the same moment
        raise Conflict("round_open_already", quarter=days.quarter)
    obliged = await registry.units(work, kinds=[UnitKind.LIAISON_STATION])
    work.session.add_all(_obligation(work, row.id, each.id) for each in obliged)
    audit.record(work, "round", "opened", row.id, change=canonical("round", {"quarter": row.quarter}))
    await work.session.flush()
    return _view(row)


def _obligation(work: Work, round_id: UUID, station_id: UUID) -> Obligation:
    return Obligation(id=uuid4(), round_id=round_id, station_id=station_id, state="scheduled", changed_at=work.now())


async def _hold_all(work: Work, round_id: UUID) -> None:
    """Wait for whoever is at a record of the round; whoever comes after us sees that it is locked."""
    query = select(Obligation.id).where(Obligation.round_id == round_id)
    await work.session.execute(query.order_by(Obligation.id).with_for_update())


async def _close(work: Work) -> None:
    """Lock what is signed, in rounds that are locked, and call missing what nobody filed."""
    over = select(Round.id).where(Round.locked_at.is_not(None))
    query = select(Obligation).where(Obligation.round_id.in_(over), Obligation.state.in_({"signed", *ASKED}))
    held = query.order_by(Obligation.id).with_for_update().execution_options(populate_existing=True)
    for row in (await work.session.scalars(held)).all():
        if row.state == "signed":
            await move(work, row, "lock")
        else:
            row.sealed_draft = row.sealed_remark = None
            await move(work, row, "miss")


async def _round_of(work: Work, quarter: str) -> Round | None:
    row: Round | None = await work.session.scalar(select(Round).where(Round.quarter == quarter))
    return row


def _view(row: Round) -> RoundView:
    days = (row.prompt_on, row.due_on, row.grace_until, row.meeting_by)
    return RoundView(row.id, row.quarter, *days, is_locked=row.locked_at is not None)
