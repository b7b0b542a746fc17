"""Whom the department calls about the open rounds, and why; and that somebody called."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, outbox, registry
from core.errors import Conflict
from core.stations.overview.courses import OVER
from core.stations.people.roster import Standing, Station, standings_of, station_view
from core.stations.rounds.register import locked, note
from core.stations.rules.reminders import plan
from core.stations.rules.rounds import ASKED
from core.stations.rules.schedule import known_days
from core.stations.tables import Obligation, ObligationStep, Reminder, Round
from core.work import Work

CALLED: Final = "call"
"""The name under which it is written down that somebody called a station about its record."""

_FAILED: Final = frozenset({"failed", "unreachable", "unknown"})


class Why(StrEnum):
    """Why somebody is called: no chat, an invitation not used, a chat that is gone, a message that failed, no answer.

    `NOBODY` has none of the roles that are asked at the station.
    """

    UNPAIRED = "unpaired"
    INVITED = "invited"
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    SILENT = "silent"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ToCall:
    """Somebody whom the department calls about their station's record, and why; without a person, the station."""

    obligation_id: UUID
    quarter: str
    station: Station
    person_id: UUID | None
    person_name: str
    roles: Sequence[str]
    why: Why
    called: "Called | None"


@dataclass(frozen=True, slots=True)
class Called:
    """When a station was last called about a record, and by whom; what was said is kept nowhere."""

    at: datetime
    person_name: str


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Who of the stations that owe a record is called and why, by station and person, with obligation and roles."""

    owing: Mapping[UUID, UUID]
    roles: Mapping[UUID, Mapping[UUID, Sequence[str]]]
    whys: Mapping[UUID, Mapping[UUID, Why]]

    @property
    def called(self) -> Sequence[UUID]:
        """The stations that are called."""
        return [each for each in self.owing if self.whys[each] or not self.roles[each]]


async def call_list(work: Work) -> Sequence[ToCall]:
    """Return who is called about the open rounds, by round and station; raise `Denied`.

    Whoever the plan has come to and nothing reaches; from its last stage on also whoever did not answer; and each
    station that has nobody to ask.
    """
    found: list[ToCall] = []
    for quarter, reasons in await _open_rounds(work):
        names = await registry.people(work, {person_id for each in reasons.whys.values() for person_id in each})
        called = await _last_calls(work, [reasons.owing[each] for each in reasons.called])
        for unit in (await registry.units_named(work, reasons.called)).values():
            place, obligation_id = station_view(unit), reasons.owing[unit.id]
            last = called.get(obligation_id)
            if not reasons.roles[unit.id]:
                found.append(ToCall(obligation_id, quarter, place, None, "", (), Why.NOBODY, last))
            for person_id, why in sorted(reasons.whys[unit.id].items(), key=lambda each: names[each[0]].name):
                held, name = reasons.roles[unit.id][person_id], names[person_id].name
                found.append(ToCall(obligation_id, quarter, place, person_id, name, held, why, last))
    return found


async def reasons_to_call(work: Work) -> Mapping[str, int]:
    """Return how many people, or stations without any, are called about the open rounds, by why; raise `Denied`."""
    found: Counter[str] = Counter()
    for _, reasons in await _open_rounds(work):
        found.update(str(why) for each in reasons.whys.values() for why in each.values())
        found.update(str(Why.NOBODY) for each in reasons.owing if not reasons.roles[each])
    return found


async def note_call(work: Work, obligation_id: UUID) -> None:
    """Write down that somebody called a station about the record that it owes; what was said is not kept.

    Raises:
        Denied, NotSignedIn: without ``station.round``.
        NotFound: ``obligation_unknown``.
        Conflict: ``step_not_possible`` where nothing is owed any more.
    """
    staff = access.permit(work, "station.round")
    row, _ = await locked(work, obligation_id)
    if row.state not in ASKED:
        raise Conflict("step_not_possible", step=CALLED, state=row.state)
    await note(work, row, CALLED, by=staff.person_id)


async def _open_rounds(work: Work) -> Sequence[tuple[str, _Reasons]]:
    """Return the reasons of each round that the plan has come to, by its quarter."""
    access.permit(work, "station.list")
    query = select(Round.id, Round.quarter).where(Round.locked_at.is_(None)).order_by(Round.quarter)
    found = []
    for round_id, quarter in (await work.session.execute(query)).all():
        stages = plan(known_days(quarter, work.policy), work.policy)
        begun = [each for each in stages if each.at <= work.now()]
        if begun:
            asked = frozenset(role for each in begun for role in each.roles)
            found.append((quarter, await _reasons(work, round_id, asked, is_last=len(begun) == len(stages))))
    return found


async def _reasons(work: Work, round_id: UUID, roles: frozenset[str], *, is_last: bool) -> _Reasons:
    query = select(Obligation.station_id, Obligation.id)
    query = query.where(Obligation.round_id == round_id, Obligation.state.in_(ASKED))
    owing = {row[0]: row[1] for row in await work.connection.execute(query)}
    people: dict[UUID, dict[UUID, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in await registry.holders(work, roles, on=work.clock.today()):
        if each.unit_id in owing:
            people[each.unit_id][each.person_id].append(each.role)
    standings = await standings_of(work, {person_id for held in people.values() for person_id in held})
    failed = await _failed(work, round_id)
    whys: dict[UUID, dict[UUID, Why]] = {}
    for station_id, obligation_id in owing.items():
        found = {
            person_id: _why(standings[person_id][0], has_failed=(obligation_id, person_id) in failed, is_last=is_last)
            for person_id in people[station_id]
        }
        whys[station_id] = {person_id: why for person_id, why in found.items() if why}
    return _Reasons(owing, people, whys)


async def _last_calls(work: Work, obligations: Sequence[UUID]) -> Mapping[UUID, Called]:
    """Return when each of these was last called about, and by whom."""
    own = ObligationStep
    query = select(own.obligation_id, own.at, own.person_id).where(own.name == CALLED).order_by(own.place)
    rows = (await work.session.execute(query.where(own.obligation_id.in_(obligations)))).all()
    names = await registry.people(work, {row.person_id for row in rows})
    return {row.obligation_id: Called(row.at, names[row.person_id].name) for row in rows}


async def _failed(work: Work, round_id: UUID) -> set[tuple[UUID, UUID]]:
    """Return to whom, and about which obligation of a round, the last message that was owed did not go through."""
    query = select(Reminder.obligation_id, Reminder.person_id, Reminder.delivery_id)
    query = query.join(Obligation, Obligation.id == Reminder.obligation_id)
    query = query.where(Obligation.round_id == round_id, Obligation.state.in_(ASKED)).order_by(Reminder.at)
    last = {(row[0], row[1]): row[2] for row in await work.session.execute(query)}
    owed = {whom: delivery_id for whom, delivery_id in last.items() if delivery_id is not None}
    sent = await outbox.states_of(work, list(owed.values()))
    return {whom for whom, delivery_id in owed.items() if sent.get(delivery_id, OVER) in _FAILED}


def _why(standing: Standing, *, has_failed: bool, is_last: bool) -> Why | None:
    if standing is not Standing.PAIRED:
        return Why(standing.value)
    if has_failed:
        return Why.FAILED
    return Why.SILENT if is_last else None
