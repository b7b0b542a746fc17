"""The quarterly meeting of the station heads (S84): called for a round, attended by every station, recorded, closed.

Day, hour, venue and who came lie in clear: all who take part know them. What is said there is sealed to the record key.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit, outbox
from core.access.rows import add_if_new
from core.cases.items.fitting import clean
from core.errors import Conflict, Invalid, NotFound, TooLarge
from core.outbox.templates import HEADS_MEETING
from core.sealing import Context, canonical, seal_envelope
from core.stations.books.attending import HeadsMeetingView, chats_of, heads_meeting, obliged_stations
from core.stations.records.entries import RECORD
from core.stations.rounds.register import move
from core.stations.tables import HeadsAttendance, HeadsMeeting, Obligation, Round
from core.work import Work

LONGEST_VENUE: Final = 100
MOST_LINES: Final = 20
LONGEST_LINE: Final = 200
LONGEST_MINUTES: Final = 10_000


class Attended(StrEnum):
    """Who was there for a station: its head, somebody for them, or nobody."""

    HEAD = "head"
    DEPUTY = "deputy"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Call:
    """What a meeting is called with: the day, the hour in Asia/Shanghai, the venue, and the agenda line by line."""

    held_on: date
    begins_at: time
    venue: str
    agenda: Sequence[str] = field(repr=False)


async def call_heads_meeting(work: Work, round_id: UUID, call: Call) -> UUID:
    """Call the meeting of a round, and owe the heads a notice of it; return its id.

    A day after the last one for it is taken, and shows. Of a meeting that was held already nobody is told.

    Raises:
        Denied: without ``station.meet``.
        NotFound: ``round_unknown``.
        Invalid: ``venue_missing``, ``no_agenda``, ``meeting_before_quarter_end``.
        TooLarge: ``venue_too_long``, ``agenda_too_long``.
        Conflict: ``meeting_called_already``, ``no_shared_key``.
    """
    staff = access.permit(work, "station.meet")
    of_round = await work.session.get(Round, round_id)
    if of_round is None:
        raise NotFound("round_unknown")
    venue, agenda = _fit(call, of_round)
    meeting_id = uuid4()
    row = HeadsMeeting(
        id=meeting_id,
        round_id=round_id,
        held_on=call.held_on,
        begins_at=call.begins_at,
        venue=venue,
        called_by=staff.person_id,
        sealed_agenda=_sealed(work, meeting_id, "sealed_agenda", json.dumps(agenda, ensure_ascii=False)),
        sealed_minutes=None,
        closed_at=None,
    )
    if not await add_if_new(work.session, row):
        raise Conflict("meeting_called_already", quarter=of_round.quarter)
    audit.record(work, "heads_meeting", "called", meeting_id, change=canonical("heads_meeting", _facts(row)))
    await _tell(work, row)
    return meeting_id


async def hold_heads_meeting(work: Work, meeting_id: UUID) -> HeadsMeetingView:
    """Return a meeting that is not closed, held still until the work is done; raises as `note_attendance`."""
    access.permit(work, "station.meet")
    await _open(work, meeting_id)
    return await heads_meeting(work, meeting_id)


async def move_heads_meeting(work: Work, meeting_id: UUID, call: Call) -> None:
    """Call a meeting for another day, hour, venue or agenda, and owe the heads the notice once more.

    Raises as `call_heads_meeting`, with `NotFound` (``meeting_unknown``) and `Conflict` (``meeting_closed``).
    """
    access.permit(work, "station.meet")
    row = await _open(work, meeting_id)
    venue, agenda = _fit(call, await work.session.get_one(Round, row.round_id))
    row.held_on, row.begins_at, row.venue = call.held_on, call.begins_at, venue
    row.sealed_agenda = _sealed(work, row.id, "sealed_agenda", json.dumps(agenda, ensure_ascii=False))
    audit.record(work, "heads_meeting", "moved", row.id, change=canonical("heads_meeting", _facts(row)))
    await _tell(work, row)


async def note_attendance(
    work: Work, meeting_id: UUID, attended: Mapping[UUID, str], *, rest: str | None = None
) -> None:
    """Note who came for which station; of those that nothing is noted of, ``rest``, if that is said.

    Raises:
        Denied: without ``station.meet``.
        NotFound: ``meeting_unknown``; ``station_unknown`` for one that the round does not oblige.
        Invalid: ``unknown_attendance``.
        Conflict: ``meeting_closed``; ``meeting_to_come`` before its day.
    """
    access.permit(work, "station.meet")
    if not {*attended.values(), *([rest] if rest is not None else [])} <= set(Attended):
        raise Invalid("unknown_attendance", field="attended")
    row = await _open(work, meeting_id)
    if row.held_on > work.clock.today():
        raise Conflict("meeting_to_come", held_on=row.held_on.isoformat())
    obliged = await obliged_stations(work, row.round_id)
    if not set(attended) <= obliged:
        raise NotFound("station_unknown")
    query = select(HeadsAttendance).where(HeadsAttendance.meeting_id == meeting_id)
    noted = {each.station_id: each for each in await work.session.scalars(query)}
    left = dict.fromkeys(obliged - set(noted), rest) if rest is not None else {}
    for station_id, said in {**left, **attended}.items():
        if station_id in noted:
            noted[station_id].attended = str(said)
        else:
            work.session.add(HeadsAttendance(meeting_id=meeting_id, station_id=station_id, attended=str(said)))
    await work.session.flush()
    audit.record(work, "heads_meeting", "attended", row.id)


async def close_heads_meeting(work: Work, meeting_id: UUID, minutes: str) -> int:
    """Record what the meeting was told and close it: every locked record of the round is heard. Return how many are.

    Raises:
        Denied: without ``station.meet``.
        NotFound: ``meeting_unknown``.
        Invalid: ``minutes_missing``. TooLarge: ``minutes_too_long``.
        Conflict: ``meeting_closed``, ``meeting_to_come``, ``round_not_locked``, ``attendance_incomplete``,
            ``no_shared_key``.
    """
    staff = access.permit(work, "station.meet")
    text = _fit_minutes(minutes)
    row = await _open(work, meeting_id)
    seen = await heads_meeting(work, meeting_id)
    if row.held_on > work.clock.today():
        raise Conflict("meeting_to_come", held_on=row.held_on.isoformat())
    if not seen.is_locked:
        raise Conflict("round_not_locked")
    if seen.not_noted:
        raise Conflict("attendance_incomplete", count=seen.not_noted)
    row.sealed_minutes = _sealed(work, row.id, "sealed_minutes", text)
    row.closed_at = work.now()
    audit.record(work, "heads_meeting", "closed", row.id, change=text.encode())
    locked = select(Obligation).where(Obligation.round_id == row.round_id, Obligation.state == "locked")
    heard = (await work.session.scalars(locked.order_by(Obligation.id).with_for_update())).all()
    for obligation in heard:
        await move(work, obligation, "hear", by=staff.person_id)
    return len(heard)


def _fit(call: Call, of_round: Round) -> tuple[str, Sequence[str]]:
    """Return venue and agenda as they are kept."""
    if call.held_on <= of_round.due_on:
        raise Invalid("meeting_before_quarter_end", field="held_on")
    venue = clean(call.venue, lines=False)
    if not venue:
        raise Invalid("venue_missing", field="venue")
    if len(venue) > LONGEST_VENUE:
        raise TooLarge("venue_too_long", field="venue", limit=LONGEST_VENUE)
    agenda = [line for each in call.agenda if (line := clean(each, lines=False))]
    if not agenda:
        raise Invalid("no_agenda", field="agenda")
    if len(agenda) > MOST_LINES or max(map(len, agenda)) > LONGEST_LINE:
        raise TooLarge("agenda_too_long", field="agenda", lines=MOST_LINES, limit=LONGEST_LINE)
    return venue, agenda


def _fit_minutes(minutes: str) -> str:
    text = clean(minutes, lines=True)
    if not text:
        raise Invalid("minutes_missing", field="minutes")
    if len(text) > LONGEST_MINUTES:
        raise TooLarge("minutes_too_long", field="minutes", limit=LONGEST_MINUTES)
    return text


async def _open(work: Work, meeting_id: UUID) -> HeadsMeeting:
    """Return a meeting that is not closed, held still until the work is done."""
    row = await work.session.get(HeadsMeeting, meeting_id, with_for_update=True, populate_existing=True)
    if row is None and await work.session.get(HeadsMeeting, meeting_id) is None:
        raise NotFound("meeting_unknown")
    if row is None or row.closed_at is not None:  # one that is closed, nobody may lock
        raise Conflict("meeting_closed")
    return row


async def _tell(work: Work, row: HeadsMeeting) -> None:
    """Owe the heads and deputies of every station a notice of day, hour and venue, unless the day is past."""
    if row.held_on < work.clock.today():
        return
    query = select(Obligation.station_id, Obligation.id).where(Obligation.round_id == row.round_id)
    obligations = {each.station_id: each.id for each in await work.session.execute(query)}
    for station_id, chats in sorted((await chats_of(work, set(obligations))).items()):
        for address_id in sorted(chats):
            await outbox.owe(work, HEADS_MEETING, obligations[station_id], address_id, due_at=work.now())


def _facts(row: HeadsMeeting) -> dict[str, str]:
    return {"held_on": row.held_on.isoformat(), "begins_at": row.begins_at.isoformat(), "venue": row.venue}


def _sealed(work: Work, meeting_id: UUID, column: str, text: str) -> bytes:
    shared = work.shared.get(RECORD)
    if shared is None:
        raise Conflict("no_shared_key", purpose=RECORD)
    return seal_envelope(text.encode(), to=[shared.public], context=Context("heads_meeting", column, meeting_id))
