"""What the department reads of one obligation: how it went on, and who was reminded of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, outbox, registry
from core.errors import NotFound
from core.stations.people.roster import Station, station
from core.stations.rules.rounds import may
from core.stations.tables import Obligation, ObligationStep, Reminder, Round
from core.work import Work

OVER: Final = "over"
"""How a message went of which the ledger has nothing any more."""


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


def _outcome(row: Reminder, sent: Mapping[UUID, str]) -> str:
    if row.delivery_id is not None:
        return sent.get(row.delivery_id, OVER)
    return row.reason or OVER
