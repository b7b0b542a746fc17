"""The stations of a round that answered in one way, a page at a time, and for whom each record waits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from core import registry
from core.errors import Invalid
from core.registry import UnitKind
from core.stations.overview.answers import ANSWER, Answer
from core.stations.overview.reaching import out_of_reach
from core.stations.people.roster import Station, station_view
from core.stations.rounds.running import RoundView, round_of
from core.stations.rules.reminders import FILERS, SIGNERS
from core.stations.tables import Obligation
from core.work import Work

UNREACHABLE: Final = "unreachable"
"""Those which still owe a record and where nobody who fills it in can be reached."""

LISTS: Final = (*(str(each) for each in Answer), UNREACHABLE)

_WAITS_FOR: Final[Mapping[str, Sequence[str]]] = {
    Answer.OWED: FILERS,
    Answer.RETURNED: FILERS,
    Answer.TO_SIGN: SIGNERS,
}


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who could do what a record waits for: fill it in, mend it, or sign it."""

    person_id: UUID
    name: str
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """One station in the round, since when it stands like this, and for whom its record waits, if it does."""

    obligation_id: UUID
    station: Station
    state: str
    answer: str
    is_nil: bool
    is_late: bool
    changed_at: datetime
    waits_for: Sequence[Awaited]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list, by station; ``counts`` are of all lists but `UNREACHABLE`; ``next`` where more follow."""

    round: RoundView
    counts: Mapping[str, int]
    listed: Sequence[Listed]
    next: tuple[int, str] | None


async def listed(
    work: Work,
    quarter: str,
    what: str,
    *,
    under: UUID | None = None,
    after: tuple[int, str] | None = None,
    limit: int = 50,
) -> ListPage:
    """Return the stations of a round that are in one of `LISTS`, at or below a unit where it is given.

    Raises:
        Denied, NotSignedIn: without ``station.list``.
        NotFound: ``round_unknown``.
        Invalid: ``unknown_list``.
    """
    round_ = await round_of(work, quarter)
    if what not in LISTS:
        raise Invalid("unknown_list", field="what")
    own: list[ColumnElement[bool]] = [Obligation.round_id == round_.id]
    if under is not None:
        own.append(Obligation.station_id.in_(registry.units_under(under)))
    counted = await work.connection.execute(select(ANSWER, func.count()).where(*own).group_by(ANSWER))
    counts = {answer: number for answer, number in counted}  # noqa: C416 - a row is no pair to mypy
    among = select(Obligation.station_id).where(*own, _in(work, what))
    kind = UnitKind.LIAISON_STATION
    found = await registry.units_page(work, kind, among=among, after=after, limit=limit + 1)
    places = {each.id: station_view(each) for each in found[:limit]}
    shown = await _shown(work, round_.id, places)
    return ListPage(
        round_, counts, shown, (found[limit - 1].position, found[limit - 1].code) if len(found) > limit else None
    )


def _in(work: Work, what: str) -> ColumnElement[bool]:
    """Return the condition of a list."""
    return out_of_reach(work.clock.today()) if what == UNREACHABLE else ANSWER.in_([what])


async def _shown(work: Work, round_id: UUID, places: Mapping[UUID, Station]) -> Sequence[Listed]:
    columns = (Obligation.station_id, Obligation.id, Obligation.state, ANSWER)
    query = select(*columns, Obligation.is_nil, Obligation.is_late, Obligation.changed_at)
    query = query.where(Obligation.round_id == round_id, Obligation.station_id.in_(places))
    rows = {row[0]: row for row in await work.connection.execute(query)}
    waiting = await _waiting(work, {each: rows[each][3] for each in places})
    return [
        Listed(row[1], place, row[2], row[3], row[4], row[5], row[6], waiting[station_id])
        for station_id, place in places.items()
        for row in [rows[station_id]]
    ]


async def _waiting(work: Work, answers: Mapping[UUID, str]) -> Mapping[UUID, Sequence[Awaited]]:
    """Return for whom the record of each station waits, by name."""
    asked = [each for each, answer in answers.items() if answer in _WAITS_FOR]
    held = await registry.holders(work, (*FILERS, *SIGNERS), on=work.clock.today(), unit_ids=asked)
    roles: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    for each in held:
        if each.role in _WAITS_FOR[answers[each.unit_id]]:
            roles[each.unit_id, each.person_id].append(each.role)
    names = await registry.people(work, {person_id for _, person_id in roles})
    found: dict[UUID, list[Awaited]] = defaultdict(list)
    for (station_id, person_id), of_person in roles.items():
        found[station_id].append(Awaited(person_id, names[person_id].name, of_person))
    return defaultdict(list, {each: sorted(people, key=lambda one: one.name) for each, people in found.items()})
