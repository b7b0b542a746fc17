"""What the department reads of the stations: how one obligation went on, and whom somebody has to call."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, outbox, registry
from core.errors import NotFound
from core.stations.people import Standing, Station, standings_of, station, station_view
from core.stations.rules.reminders import plan
from core.stations.rules.rounds import ASKED, may
from core.stations.rules.schedule import known_days
from core.stations.tables import Obligation, ObligationStep, Reminder, Round
from core.work import Work

OVER: Final = "over"
"""How a message went of which the ledger has nothing any more."""

_FAILED: Final = frozenset({"failed", "unreachable", "unknown"})


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of an obligation, and the name of who made it; the calendar has none."""

    name: str
    at: datetime
    person_name: str | None


@dataclass(frozen=True, slots=True)
class Reminded:
    """Who was to be reminded at a stage. ``outcome`` is the state of the message, or why there was none, or `OVER`."""

    stage: str
    at: datetime
    person_name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Course:
    """What one station owes in one round and what happened to that, without a word of its record.

    Of what staff entered as it was told by telephone, ``told_by`` and ``confirmed_by`` name who did.
    """

    obligation_id: UUID
    station: Station
    quarter: str
    due_on: date
    grace_until: date | None
    state: str
    is_nil: bool
    is_late: bool
    may_excuse: bool
    may_enter: bool
    told_by: str | None
    confirmed_by: str | None
    version: int
    steps: Sequence[Happened]
    reminders: Sequence[Reminded]


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


async def course(work: Work, obligation_id: UUID) -> Course:
    """Return how an obligation went on; raise `Denied`, or `NotFound` (``obligation_unknown``)."""
    access.permit(work, "station.list")
    query = select(Obligation, Round).join(Round, Round.id == Obligation.round_id)
    found = (await work.session.execute(query.where(Obligation.id == obligation_id))).one_or_none()
    if found is None:
        raise NotFound("obligation_unknown")
    row, round_ = found
    steps = select(ObligationStep).where(ObligationStep.obligation_id == obligation_id).order_by(ObligationStep.place)
    made = (await work.session.scalars(steps)).all()
    owed = select(Reminder).where(Reminder.obligation_id == obligation_id).order_by(Reminder.at, Reminder.person_id)
    told = (await work.session.scalars(owed)).all()
    ids = {each.person_id for each in made if each.person_id is not None} | {each.person_id for each in told}
    by_telephone = (row.submitted_by, row.signed_by) if row.entered_by is not None else (None, None)
    ids |= {each for each in by_telephone if each is not None}
    names = {each.id: each.name for each in (await registry.people(work, ids)).values()}
    sent = await outbox.states_of(work, [each.delivery_id for each in told if each.delivery_id is not None])
    return Course(
        obligation_id=obligation_id,
        station=await station(work, row.station_id),
        quarter=round_.quarter,
        due_on=round_.due_on,
        grace_until=round_.grace_until,
        state=row.state,
        is_nil=row.is_nil,
        is_late=row.is_late,
        may_excuse=may(row.state, "excuse"),
        may_enter=may(row.state, "enter") and round_.locked_at is None,
        told_by=names[by_telephone[0]] if by_telephone[0] else None,
        confirmed_by=names[by_telephone[1]] if by_telephone[1] else None,
        version=row.version,
        steps=[Happened(each.name, each.at, names[each.person_id] if each.person_id else None) for each in made],
        reminders=[Reminded(each.stage, each.at, names[each.person_id], _outcome(each, sent)) for each in told],
    )


async def call_list(work: Work) -> Sequence[ToCall]:
    """Return who is called about the open rounds, by round and station; raise `Denied`.

    Whoever the plan has come to and nothing reaches; from its last stage on also whoever did not answer; and each
    station that has nobody to ask.
    """
    access.permit(work, "station.list")
    query = select(Round.id, Round.quarter).where(Round.locked_at.is_(None)).order_by(Round.quarter)
    found: list[ToCall] = []
    for round_id, quarter in (await work.session.execute(query)).all():
        stages = plan(known_days(quarter, work.policy), work.policy)
        begun = [each for each in stages if each.at <= work.now()]
        if begun:
            asked = frozenset(role for each in begun for role in each.roles)
            found += await _of_round(work, round_id, quarter, asked, is_last=len(begun) == len(stages))
    return found


async def _of_round(work: Work, round_id: UUID, quarter: str, roles: frozenset[str], *, is_last: bool) -> list[ToCall]:
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
    called = [each for each in owing if whys[each] or not people[each]]
    names = await registry.people(work, {person_id for each in called for person_id in whys[each]})
    calls: list[ToCall] = []
    for unit in sorted(
        (await registry.units_named(work, called)).values(), key=lambda each: (each.position, each.code)
    ):
        place, obligation_id = station_view(unit), owing[unit.id]
        if not people[unit.id]:
            calls.append(ToCall(obligation_id, quarter, place, None, "", (), Why.NOBODY))
        for person_id, why in sorted(whys[unit.id].items(), key=lambda each: names[each[0]].name):
            held = people[unit.id][person_id]
            calls.append(ToCall(obligation_id, quarter, place, person_id, names[person_id].name, held, why))
    return calls


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


def _outcome(row: Reminder, sent: Mapping[UUID, str]) -> str:
    if row.delivery_id is not None:
        return sent.get(row.delivery_id, OVER)
    return row.reason or OVER
