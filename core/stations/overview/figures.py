"""Three questions about the rounds: how records came in over time, how in time they were, and who is out of reach."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from core.policy.calendar import civil_date
from core.stations.overview.answers import ANSWER, OWING
from core.stations.overview.calls import Why, reasons_to_call
from core.stations.rounds.running import RoundView, round_of, rounds
from core.stations.rules.reminders import plan
from core.stations.rules.schedule import known_days
from core.stations.tables import Obligation
from core.work import Work


@dataclass(frozen=True, slots=True)
class Filed:
    """How many records had been filed by the end of a day."""

    on: date
    filed: int


@dataclass(frozen=True, slots=True)
class AtStage:
    """A stage of the plan of reminders, and how many records had been filed before it."""

    name: str
    at: datetime
    filed: int


@dataclass(frozen=True, slots=True)
class OverTime:
    """How the records of a round came in: ``obliged`` stations, the days on which something came, and the stages."""

    round: RoundView
    obliged: int
    days: Sequence[Filed]
    stages: Sequence[AtStage]

    @property
    def filed(self) -> int:
        """How many have been filed until now."""
        return self.days[-1].filed if self.days else 0


@dataclass(frozen=True, slots=True)
class OfRound:
    """How the stations answered in one round, by the values of `core.stations.overview.answers.Answer`."""

    round: RoundView
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the charts show; ``unreachable`` are the people of the open rounds whom nothing reaches, by why."""

    over_time: OverTime
    by_quarter: Sequence[OfRound]
    unreachable: Mapping[str, int]


async def figures(work: Work, quarter: str, *, limit: int = 8) -> Figures:
    """Return the figures of a round, and those of the newest ``limit`` rounds, the oldest of them first.

    Raises `Denied`, or `NotFound` (``round_unknown``).
    """
    round_ = await round_of(work, quarter)
    calls = {why: number for why, number in (await reasons_to_call(work)).items() if why != Why.SILENT}
    return Figures(await _over_time(work, round_), await _by_quarter(work, limit), calls)


async def _over_time(work: Work, round_: RoundView) -> OverTime:
    came = func.coalesce(Obligation.submitted_at, Obligation.signed_at)
    query = select(came, func.count()).where(Obligation.round_id == round_.id)
    obliged = await work.session.scalar(query.with_only_columns(func.count())) or 0
    filed = query.where(came.is_not(None), ANSWER.not_in(sorted(OWING)), Obligation.state != "missing").group_by(came)
    moments = sorted((row[0], row[1]) for row in await work.connection.execute(filed))
    by_day: dict[date, int] = defaultdict(int)
    for at, number in moments:
        by_day[civil_date(at)] += number
    days, total = [], 0
    for day in sorted(by_day):
        total += by_day[day]
        days.append(Filed(day, total))
    stages = [
        AtStage(each.name, each.at, sum(number for at, number in moments if at < each.at))
        for each in plan(known_days(round_.quarter, work.policy), work.policy)
    ]
    return OverTime(round_, obliged, days, stages)


async def _by_quarter(work: Work, limit: int) -> Sequence[OfRound]:
    shown = sorted(await rounds(work, limit=limit), key=lambda each: each.quarter)
    query = select(Obligation.round_id, ANSWER, func.count()).group_by(Obligation.round_id, ANSWER)
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for row in await work.connection.execute(query.where(Obligation.round_id.in_([each.id for each in shown]))):
        counts[row[0]][row[1]] = row[2]
    return [OfRound(each, counts[each.id]) for each in shown]
