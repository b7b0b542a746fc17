"""The heads of the stations meet once for each round: called, told, attended by every station, recorded and closed."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core import stations
from core.app import App
from core.errors import Conflict, Denied, Invalid, JingshiError, NotFound, TooLarge
from core.outbox.tables import Delivery
from core.sealing import Escrow
from core.stations import Call
from core.stations.tables import HeadsMeeting
from core.work import System
from tests.builders import a_unit, hand_key
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.books.test_judging import Desk, at_desk
from tests.core.stations.network import Network
from tests.core.stations.records.test_filing import Round, round_

__all__ = ["round_"]  # the fixture of a station that has begun

AGENDA = ("听取三季度记录情况", "部署年底调阅")
MINUTES = "各站汇报了三季度情况。\n会议要求按时报送。"
CALL = Call(date(2026, 10, 20), time(9, 30), "区委三楼会议室", AGENDA)


async def round_id(network: Network) -> UUID:
    return (await network.do(stations.rounds))[0].id


async def called(network: Network, call: Call = CALL) -> UUID:
    of_round = await round_id(network)
    return await network.do(lambda work: stations.call_heads_meeting(work, of_round, call))


async def seen(network: Network, meeting_id: UUID) -> stations.HeadsMeetingView:
    return await network.do(lambda work: stations.heads_meeting(work, meeting_id))


async def noted(network: Network, meeting_id: UUID, attended: dict[UUID, str]) -> None:
    await network.do(lambda work: stations.note_attendance(work, meeting_id, attended))


async def closed(network: Network, meeting_id: UUID, minutes: str) -> int:
    return await network.do(lambda work: stations.close_heads_meeting(work, meeting_id, minutes))


async def test_a_meeting_is_called_once_for_a_round_and_its_heads_are_told(round_: Round, worker: App) -> None:
    network = round_.network
    meeting_id = await called(network)
    found = await seen(network, meeting_id)
    assert (found.quarter, found.held_on, found.begins_at, found.venue) == ("2026Q3", *astuple(CALL))
    assert (found.is_late, found.closed_at, found.not_noted) == (False, None, 1)
    assert [(each.heads, each.attended, each.is_told) for each in found.seats] == [(["站长"], None, True)]
    (listed,) = await network.do(stations.heads_meetings)
    assert (listed.meeting_id, listed.held_on, listed.is_closed) == (meeting_id, CALL.held_on, False)
    with pytest.raises(Conflict, match="meeting_called_already"):
        await called(network)
    assert (await round_.told())["heads_meeting"] == 1
    async with worker.work(System("worker"), "worker", write=False) as work:
        about = await work.session.scalar(select(Delivery.obligation_id).where(Delivery.template == "heads_meeting"))
        assert about is not None
        meeting = (await stations.named_of(work, about)).meeting
    assert meeting is not None
    assert (meeting.held_on, meeting.begins_at, meeting.venue) == astuple(CALL)


def astuple(call: Call) -> tuple[date, time, str]:
    return call.held_on, call.begins_at, call.venue


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"held_on": date(2026, 9, 30)}, Invalid, "meeting_before_quarter_end"),
        ({"venue": " \n"}, Invalid, "venue_missing"),
        ({"venue": "区" * 101}, TooLarge, "venue_too_long"),
        ({"agenda": ("", " ")}, Invalid, "no_agenda"),
        ({"agenda": ("议" * 201,)}, TooLarge, "agenda_too_long"),
        ({"agenda": ("议",) * 21}, TooLarge, "agenda_too_long"),
    ],
)
async def test_a_call_says_day_venue_and_agenda(
    round_: Round, changes: dict[str, object], kind: type[JingshiError], code: str
) -> None:
    with pytest.raises(kind, match=code):
        await called(round_.network, replace(CALL, **changes))  # type: ignore[arg-type]


async def test_a_meeting_is_moved_and_its_heads_are_told_again_unless_the_day_is_past(
    round_: Round, clock: FixedClock
) -> None:
    network = round_.network
    meeting_id = await called(network)
    later = Call(date(2026, 10, 28), time(14), "社区服务中心", ("听取汇报",))
    await network.do(lambda work: stations.move_heads_meeting(work, meeting_id, later))
    found = await seen(network, meeting_id)
    assert ((found.held_on, found.begins_at, found.venue), found.is_late) == (astuple(later), True)  # by 27 October
    assert (await round_.told())["heads_meeting"] == 2
    clock.move(timedelta(days=60))
    await network.do(lambda work: stations.move_heads_meeting(work, meeting_id, later))
    assert (await round_.told())["heads_meeting"] == 2


async def at_meeting(round_: Round, escrow: Escrow, worker: App, clock: FixedClock) -> tuple[Desk, UUID]:
    """A locked record, and the day of the meeting."""
    await a_unit(round_.network.desk, "liaison_station")
    books = await at_desk(round_, escrow, worker, clock, "a")
    meeting_id = await called(round_.network)
    clock.move(timedelta(days=6))
    return books, meeting_id


async def test_nobody_is_taken_for_present_unseen_and_a_closed_meeting_hears_every_locked_record(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    network, elsewhere = round_.network, await a_unit(round_.network.desk, "liaison_station")
    books, meeting_id = await at_meeting(round_, escrow, worker, clock)
    with pytest.raises(Conflict, match="attendance_incomplete"):
        await network.do(lambda work: stations.close_heads_meeting(work, meeting_id, MINUTES))
    for attended, kind, code in (
        ({network.station_id: "asleep"}, Invalid, "unknown_attendance"),
        ({elsewhere: "head"}, NotFound, "station_unknown"),  # it came after the round was opened
    ):
        with pytest.raises(kind, match=code):
            await noted(network, meeting_id, attended)
    await network.do(lambda work: stations.note_attendance(work, meeting_id, {network.station_id: "deputy"}))
    await network.do(lambda work: stations.note_attendance(work, meeting_id, {}, rest="head"))
    await network.do(lambda work: stations.note_attendance(work, meeting_id, {network.station_id: "absent"}))
    found = await seen(network, meeting_id)
    assert ([each.attended for each in found.seats], found.not_noted, found.count("absent")) == (["absent"], 0, 1)
    for text, kind, code in ((" ", Invalid, "minutes_missing"), ("议" * 10_001, TooLarge, "minutes_too_long")):
        with pytest.raises(kind, match=code):
            await closed(network, meeting_id, text)
    assert await network.do(lambda work: stations.close_heads_meeting(work, meeting_id, MINUTES)) == 1
    assert await books.state() == "heard"
    for verb in (
        lambda work: stations.close_heads_meeting(work, meeting_id, MINUTES),
        lambda work: stations.note_attendance(work, meeting_id, {}, rest="head"),
        lambda work: stations.move_heads_meeting(work, meeting_id, CALL),
    ):
        with pytest.raises(Conflict, match="meeting_closed"):
            await network.do(verb)


async def test_a_meeting_is_closed_on_its_day_at_the_earliest_and_after_the_lock(
    round_: Round, escrow: Escrow, clock: FixedClock
) -> None:
    network = round_.network
    meeting_id = await called(network, replace(CALL, held_on=date(2026, 10, 9)))
    for verb in (
        lambda work: stations.note_attendance(work, meeting_id, {}, rest="head"),
        lambda work: stations.close_heads_meeting(work, meeting_id, MINUTES),
    ):
        with pytest.raises(Conflict, match="meeting_to_come"):
            await network.do(verb)
    clock.move(timedelta(days=20))  # the calendar locks after 13 October
    await network.do(lambda work: stations.note_attendance(work, meeting_id, {}, rest="head"))
    with pytest.raises(Conflict, match="round_not_locked"):
        await network.do(lambda work: stations.close_heads_meeting(work, meeting_id, MINUTES))


async def test_agenda_and_minutes_open_with_a_reason_and_the_record_key_alone(
    round_: Round, escrow: Escrow, worker: App, clock: FixedClock
) -> None:
    network = round_.network
    books, meeting_id = await at_meeting(round_, escrow, worker, clock)
    await network.do(lambda work: stations.note_attendance(work, meeting_id, {}, rest="head"))
    await network.do(lambda work: stations.close_heads_meeting(work, meeting_id, MINUTES))
    async with network.desk.work(books.first, "console") as work:
        opening = await stations.begin_reading_meeting(work, meeting_id, "核对会议记录")
        await work.session.flush()
        found = await stations.read_heads_meeting(work, meeting_id, opening_id=opening.id)
        row = await work.session.get_one(HeadsMeeting, meeting_id)
        assert row.sealed_minutes is not None
        assert MINUTES[:6].encode() not in row.sealed_minutes + row.sealed_agenda
    assert (tuple(found.agenda), found.minutes) == (AGENDA, MINUTES)
    with pytest.raises(Denied, match="reason_needed"):
        await network.do(
            lambda work: stations.read_heads_meeting(work, meeting_id, opening_id=uuid4()), staff=books.first
        )
    staff = await a_colleague(network.desk, "organisation_staff", "organisation_department")
    await network.do(lambda work: stations.heads_meeting(work, meeting_id), staff=staff)
    with pytest.raises(Denied):
        await network.do(lambda work: stations.begin_reading_meeting(work, meeting_id, "核对会议记录"), staff=staff)


async def test_a_meeting_belongs_to_the_department(round_: Round, escrow: Escrow) -> None:
    network, of_round = round_.network, await round_id(round_.network)
    privacy = await a_colleague(network.desk, "privacy_officer", "leading_group_office")
    await hand_key(network.desk, "record", privacy.person_id, escrow)
    with pytest.raises(Denied):
        await network.do(lambda work: stations.call_heads_meeting(work, of_round, CALL), staff=privacy)
    with pytest.raises(NotFound, match="round_unknown"):
        await network.do(lambda work: stations.call_heads_meeting(work, uuid4(), CALL))
    with pytest.raises(NotFound, match="meeting_unknown"):
        await network.do(lambda work: stations.heads_meeting(work, uuid4()))
