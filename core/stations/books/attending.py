"""The meetings of the station heads as the department sees them: where each stands, who came, what was said (S84)."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select

from core import access, audit, registry
from core.errors import Forged, NotFound
from core.registry import Role
from core.sealing import Context, KeyPair, open_envelope
from core.stations.people.roster import Station, stations
from core.stations.records.entries import RECORD
from core.stations.rounds.running import RoundView, rounds
from core.stations.rules.reminders import SIGNERS
from core.stations.tables import HeadsAttendance, HeadsMeeting, Obligation, Pairing, Round
from core.work import Work


@dataclass(frozen=True, slots=True)
class Seat:
    """A station at the meeting: its heads of that day, who came (nothing: not noted yet), whether a chat is told."""

    station: Station
    heads: Sequence[str]
    attended: str | None
    is_told: bool


@dataclass(frozen=True, slots=True)
class HeadsMeetingView:
    """The meeting of a quarter as it stands, without agenda and minutes; ``is_locked`` is said of the round."""

    id: UUID
    quarter: str
    meeting_by: date | None
    is_locked: bool
    held_on: date
    begins_at: time
    venue: str
    closed_at: datetime | None
    seats: Sequence[Seat]

    @property
    def is_late(self) -> bool:
        """Whether it is held after the last day for it; unknown as long as the work calendar is."""
        return self.meeting_by is not None and self.held_on > self.meeting_by

    @property
    def not_noted(self) -> int:
        """How many stations are left of which nobody noted who came."""
        return sum(1 for seat in self.seats if seat.attended is None)

    def count(self, attended: str) -> int:
        """Return for how many stations it was noted so."""
        return sum(1 for seat in self.seats if seat.attended == attended)


@dataclass(frozen=True, slots=True)
class RoundMeeting:
    """A round, and its meeting if one was called."""

    round: RoundView
    meeting_id: UUID | None
    held_on: date | None
    is_closed: bool


@dataclass(frozen=True, slots=True)
class MeetingTexts:
    """What is sealed of a meeting; there are no minutes before it is closed."""

    agenda: Sequence[str] = field(repr=False)
    minutes: str = field(repr=False)


async def heads_meetings(work: Work) -> Sequence[RoundMeeting]:
    """Return the newest rounds, each with its meeting if one was called; raise `Denied`."""
    shown = await rounds(work)
    query = select(HeadsMeeting.round_id, HeadsMeeting.id, HeadsMeeting.held_on, HeadsMeeting.closed_at)
    rows = await work.session.execute(query.where(HeadsMeeting.round_id.in_([each.id for each in shown])))
    called = {row.round_id: row for row in rows}
    found = []
    for each in shown:
        row = called.get(each.id)
        is_closed = row is not None and row.closed_at is not None
        found.append(RoundMeeting(each, row.id if row else None, row.held_on if row else None, is_closed))
    return found


async def heads_meeting(work: Work, meeting_id: UUID) -> HeadsMeetingView:
    """Return a meeting as it stands; raise `Denied`, or `NotFound` (``meeting_unknown``)."""
    access.permit(work, "station.list")
    row = await work.session.get(HeadsMeeting, meeting_id)
    if row is None:
        raise NotFound("meeting_unknown")
    of_round = await work.session.get_one(Round, row.round_id)
    days = (of_round.quarter, of_round.meeting_by, of_round.locked_at is not None)
    seats = await _seats(work, row)
    return HeadsMeetingView(row.id, *days, row.held_on, row.begins_at, row.venue, row.closed_at, seats)


async def begin_reading_meeting(work: Work, meeting_id: UUID, reason: str) -> access.Opening:
    """Give the reason for which agenda and minutes are read; raises as `access.begin_opening`."""
    permission = "station.read_records"
    return await access.begin_opening(work, meeting_id, reason, permission=permission, subject="heads_meeting")


async def read_heads_meeting(work: Work, meeting_id: UUID, *, opening_id: UUID) -> MeetingTexts:
    """Open agenda and minutes for whoever gave a reason; the read is recorded.

    Raises `NotFound` (``meeting_unknown``), and as `stations.read_book`.
    """
    access.permit(work, "station.read_records")
    await access.require_opening(work, opening_id, meeting_id)
    row = await work.session.get(HeadsMeeting, meeting_id)
    if row is None:
        raise NotFound("meeting_unknown")
    keys = await access.open_shared_keys(work, RECORD)
    agenda = json.loads(_opened(row.id, "sealed_agenda", row.sealed_agenda, keys))
    minutes = _opened(row.id, "sealed_minutes", row.sealed_minutes, keys) if row.sealed_minutes else ""
    audit.record(work, "heads_meeting", "read", meeting_id)
    return MeetingTexts(agenda, minutes)


async def _seats(work: Work, row: HeadsMeeting) -> Sequence[Seat]:
    obliged = await obliged_stations(work, row.round_id)
    query = select(HeadsAttendance).where(HeadsAttendance.meeting_id == row.id)
    noted = {each.station_id: each.attended for each in await work.session.scalars(query)}
    heads: dict[UUID, list[UUID]] = {}
    for held in await registry.appointments(work, on=row.held_on, roles=[Role.STATION_HEAD]):
        heads.setdefault(held.unit_id, []).append(held.person_id)
    names = await registry.people(work, {person_id for each in heads.values() for person_id in each})
    told = set(await chats_of(work, obliged))
    return [
        Seat(each, [names[one].name for one in heads.get(each.id, ())], noted.get(each.id), each.id in told)
        for each in await stations(work)
        if each.id in obliged
    ]


async def obliged_stations(work: Work, round_id: UUID) -> set[UUID]:
    """Return the stations that a round obliges."""
    return set(await work.session.scalars(select(Obligation.station_id).where(Obligation.round_id == round_id)))


async def chats_of(work: Work, station_ids: Collection[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return the chats of the heads and deputies of stations, by station; one without a chat is missing."""
    people: dict[UUID, set[UUID]] = {}
    for held in await registry.appointments(work, on=work.clock.today(), roles=SIGNERS):
        if held.unit_id in station_ids:
            people.setdefault(held.person_id, set()).add(held.unit_id)
    query = select(Pairing.person_id, Pairing.address_id).where(Pairing.person_id.in_(people))
    found: dict[UUID, set[UUID]] = {}
    for person_id, address_id in await work.session.execute(query.where(Pairing.ended_at.is_(None))):
        if address_id is not None:
            for station_id in people[person_id]:
                found.setdefault(station_id, set()).add(address_id)
    return found


def _opened(meeting_id: UUID, column: str, sealed: bytes, keys: Sequence[KeyPair]) -> str:
    for key in keys:
        try:
            return open_envelope(sealed, key=key, context=Context("heads_meeting", column, meeting_id)).decode()
        except Forged:
            continue
    raise Forged("meeting_does_not_open")
