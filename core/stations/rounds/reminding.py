"""Reminders of a round: who is told, at which stage of the plan, until the station has answered.

A row for each person and stage is written together with the message that is owed, so that after any crash somebody is
told once, and nobody is left out. Who has no chat is written down as well, for the department's call list.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, outbox, registry
from core.stations.people.roster import Standing, standings_of
from core.stations.rounds.register import move
from core.stations.rules.reminders import CALL_LIST, Stage, due_stage, is_quiet, plan
from core.stations.rules.rounds import ASKED
from core.stations.rules.schedule import known_days
from core.stations.tables import Obligation, Pairing, Reminder, Round
from core.work import Work

AT_ONCE: Final = 40
"""Obligations reminded in one transaction: the embedded database lets nobody else write meanwhile."""

_IN_A_LIST: Final = 5_000  # ids in one statement


@dataclass(frozen=True, slots=True)
class Planned:
    """Whom the plan would write to at which moment, as things stand today; nothing was sent."""

    stage: str
    at: datetime
    station_id: UUID
    person_id: UUID
    standing: Standing


@dataclass(frozen=True, slots=True)
class _Chat:
    """Where somebody is told, if anything can be sent there, and when they last did something there."""

    address_id: UUID | None
    active_at: datetime


async def dry_run(work: Work, quarter: str) -> Sequence[Planned]:
    """Return whom the whole plan of a quarter would write to if no station answered; raise `Denied`, `Invalid`."""
    access.permit(work, "station.list")
    held = await registry.appointments(work, on=work.clock.today(), roles=registry.STATION)
    standings = await standings_of(work, {each.person_id for each in held})
    found = {
        (stage.name, each.unit_id, each.person_id): Planned(
            stage.name, stage.at, each.unit_id, each.person_id, standings[each.person_id][0]
        )
        for stage in plan(known_days(quarter, work.policy), work.policy)
        for each in held
        if each.role in stage.roles
    }
    return sorted(found.values(), key=lambda each: (each.at, each.station_id.hex, each.person_id.hex))


async def remind_due(work: Work) -> int:
    """Remind whoever is due of up to `AT_ONCE` obligations; return how many people were written down.

    The worker's verb, called again until it returns 0. It keeps quiet hours, leaves alone who is at work in a form, and
    never writes twice to one person about one obligation at one stage.
    """
    now = work.now()
    if is_quiet(now, work.policy):
        return 0
    count = 0
    for row in (await work.session.scalars(select(Round).where(Round.locked_at.is_(None)))).all():
        stage = due_stage(plan(known_days(row.quarter, work.policy), work.policy), now)
        if stage is not None and stage.name != CALL_LIST:
            count += await _remind(work, row, stage, AT_ONCE)
    return count


async def _remind(work: Work, round_: Round, stage: Stage, limit: int) -> int:
    """Write down and owe the messages of a stage to whoever of the asked stations was not yet written down at it."""
    held = await registry.appointments(work, on=work.clock.today(), roles=stage.roles)
    chats = await _chats(work, {each.person_id for each in held})
    wanted: dict[UUID, set[UUID]] = defaultdict(set)
    for each in held:
        if not _is_busy(work, chats.get(each.person_id)):
            wanted[each.unit_id].add(each.person_id)
    asked = select(Obligation.id, Obligation.station_id).where(
        Obligation.round_id == round_.id, Obligation.state.in_(ASKED)
    )
    stations_of = {row.id: row.station_id for row in await work.session.execute(asked.order_by(Obligation.id))}
    told = await _told(work, stage, list(stations_of))
    owed = [each for each, station_id in stations_of.items() if wanted[station_id] - told[each]][:limit]
    held_still = select(Obligation).where(Obligation.id.in_(owed), Obligation.state.in_(ASKED))
    rows = (await work.session.scalars(held_still.order_by(Obligation.id).with_for_update(skip_locked=True))).all()
    told = await _told(work, stage, [row.id for row in rows])  # anew: another worker may have been here first
    count = 0
    for row in rows:
        people = sorted(wanted[row.station_id] - told[row.id])
        for person_id in people:
            await _owe(work, row.id, stage, person_id, chats.get(person_id))
        if people and row.state == "scheduled":
            await move(work, row, "prompt")
        count += len(people)
    return count


async def _told(work: Work, stage: Stage, obligations: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return who was written down at a stage, by obligation."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    query = select(Reminder.obligation_id, Reminder.person_id).where(Reminder.stage == stage.name)
    for start in range(0, len(obligations), _IN_A_LIST):
        some = query.where(Reminder.obligation_id.in_(obligations[start : start + _IN_A_LIST]))
        for obligation_id, person_id in await work.session.execute(some):
            found[obligation_id].add(person_id)
    return found


async def _owe(work: Work, obligation_id: UUID, stage: Stage, person_id: UUID, chat: _Chat | None) -> None:
    delivery_id, reason = None, None
    if chat is None:
        reason = str(Standing.UNPAIRED)
    elif chat.address_id is None:
        reason = str(Standing.UNREACHABLE)
    else:
        due_at = work.now() + _jitter(work, obligation_id, person_id)
        delivery_id = await outbox.owe(work, stage.template, obligation_id, chat.address_id, due_at=due_at)
    row = Reminder(id=uuid4(), obligation_id=obligation_id, stage=stage.name, person_id=person_id, at=work.now())
    row.delivery_id, row.reason = delivery_id, reason
    work.session.add(row)


async def _chats(work: Work, people: set[UUID]) -> Mapping[UUID, _Chat]:
    query = select(Pairing.person_id, Pairing.address_id, Pairing.active_at)
    rows = await work.session.execute(query.where(Pairing.person_id.in_(people), Pairing.ended_at.is_(None)))
    return {row.person_id: _Chat(row.address_id, row.active_at) for row in rows}


def _is_busy(work: Work, chat: _Chat | None) -> bool:
    """Tell whether somebody is at work in their chat at this moment: they are not interrupted."""
    pause = timedelta(minutes=work.policy.minutes("reminder_pause"))
    return chat is not None and timedelta(0) <= work.now() - chat.active_at < pause


def _jitter(work: Work, obligation_id: UUID, person_id: UUID) -> timedelta:
    """Return how long a message waits so that not all leave at once: the same for the same one."""
    span = work.policy.minutes("reminder_spread") * 60
    number = int.from_bytes(blake2b(obligation_id.bytes + person_id.bytes, digest_size=8).digest())
    return timedelta(seconds=number % max(span, 1))
