"""On PostgreSQL people come and go at a station, and a round runs, by three processes, each with its own role."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from core import outbox, stations
from core.app import App
from core.errors import Conflict, Invalid
from core.outbox import ledger
from core.sealing import PROCESSES, Escrow, load_process_keys
from core.settings import Settings
from core.work import Liaison, Staff, System, Work
from tests.builders import a_unit, hand_key
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import CHAT, Network, a_network, an_official, somebody_of
from tests.core.stations.records.test_filing import LOCKED, an_answer
from tests.core.stations.rounds.test_running import PROMPTED
from tests.databases import Cluster
from tests.jingshi.granted import Granted, database_with_roles

Result = TypeVar("Result")


@pytest.fixture
def granted(cluster: Cluster) -> Iterator[Granted]:
    with database_with_roles(cluster) as made:
        yield made


@pytest.fixture
def database_url(granted: Granted) -> str:
    return granted.url


@pytest.fixture
async def confined(
    desk: App, granted: Granted, settings: Settings, clock: FixedClock
) -> AsyncIterator[tuple[Network, Mapping[str, App]]]:
    """The core of each process, connected as its role, and a network that was set up by commands at the machine."""
    await granted.apply()
    apps = {}
    for process in PROCESSES:
        own = replace(settings, database_url=granted.url_of(process))
        apps[process] = App(own, load_process_keys(settings.keys, process), clock=clock)
        await apps[process].open()
    yield replace(await a_network(desk, apps["intake"]), desk=apps["desk"]), apps
    for app in apps.values():
        await app.close()


async def test_people_of_a_station_come_and_go(
    confined: tuple[Network, Mapping[str, App]], desk: App, clock: FixedClock
) -> None:
    network, apps = confined
    official = await an_official(desk)
    residence = await network.do(
        lambda work: stations.add_residence(work, official, network.station_id, since=date(2026, 2, 1))
    )
    await network.invited()
    await network.do(lambda work: stations.withdraw_invitation(work, network.person_id))
    await network.paired()
    liaison = await network.redeemed((await network.invited()).code)
    found = await network.recognised()
    assert found is not None
    assert found.liaison == liaison
    await network.in_chat(lambda work: stations.speak(work, found, "en"))
    link = await network.do(lambda work: stations.personal_link(work, network.person_id))
    assert (await network.in_chat(lambda work: stations.recognise_link(work, link))).liaison == liaison
    async with apps["intake"].work(liaison, "liaison") as work:
        await stations.personal_link(work)
        assert len(await stations.officials_of(work, network.station_id)) == 1
    assert await network.standing() == "paired"
    assert len(await network.do(lambda work: stations.residents_of(work, network.station_id))) == 1
    await network.do(lambda work: stations.end_residence(work, residence, on=clock.today()))
    await network.do(lambda work: stations.unpair(work, network.person_id))
    await network.paired()
    await network.in_chat(lambda work: stations.disown(work, CHAT))
    async with apps["worker"].work(System("worker"), "worker") as work:
        assert await stations.erase_left(work) == 4
    assert (await network.recognised(), await network.standing()) == (None, "unpaired")


async def test_a_round_runs_from_its_opening_to_the_end_of_its_entries(
    confined: tuple[Network, Mapping[str, App]], desk: App, escrow: Escrow, clock: FixedClock
) -> None:
    network, apps = confined
    clock.move(PROMPTED - timedelta(days=1) - clock.now())
    liaison = await network.paired()
    head = await network.paired("7013370002", await somebody_of(desk, network.station_id, "station_head", "站长"))
    elsewhere = await a_unit(desk, "liaison_station")
    first, second = [await a_colleague(desk, "supervisor", "leading_group_office") for _ in range(2)]
    for each in (first, second):
        await hand_key(desk, "record", each.person_id, escrow)

    async def by_worker(verb: Callable[[Work], Awaitable[Result]]) -> Result:
        async with apps["worker"].work(System("worker"), "worker") as work:
            return await verb(work)

    async def in_chat(verb: Callable[..., Awaitable[Result]], *given: object, by: Liaison = liaison) -> Result:
        async with apps["intake"].work(by, "liaison") as work:
            return await verb(work, obligation, *given)

    clock.move(timedelta(days=1))
    await by_worker(stations.see_to_rounds)
    shown = await network.do(stations.matrix)
    (opened,) = shown.rounds
    obligation = shown.cells[network.station_id, opened.id].obligation_id
    clock.move(timedelta(minutes=11))
    assert await by_worker(stations.remind_due) == 1
    clock.move(timedelta(minutes=21))
    (claimed,) = await by_worker(lambda work: ledger.claim(work, "liaison", 8))
    assert (await by_worker(lambda work: stations.named_of(work, claimed.about))).quarter == opened.quarter
    await by_worker(lambda work: ledger.record(work, claimed.id, outbox.Sent()))
    await network.do(lambda work: stations.note_call(work, obligation))
    for verb in (stations.tree, stations.figures):
        await network.do(lambda work, verb=verb: verb(work, opened.quarter))  # type: ignore[misc]
    for what in stations.LISTS:
        await network.do(lambda work, what=what: stations.listed(work, opened.quarter, what))  # type: ignore[misc]
    await network.do(lambda work: stations.export_round(work, opened.quarter, reason="季度汇报用表"))
    course = await network.do(lambda work: stations.course(work, obligation))
    assert [(each.stage, each.outcome) for each in course.reminders] == [("prompt", "sent")]

    with pytest.raises(Invalid, match="refused_at_gate"):
        await in_chat(stations.add_entry, an_answer(category="family"))
    await in_chat(stations.add_entry, an_answer())
    await in_chat(stations.file)
    await in_chat(stations.send_back, "请补充日期", by=head)
    await in_chat(stations.file)
    await in_chat(stations.take_back)
    both = await in_chat(stations.add_entry, an_answer())
    await in_chat(stations.file)
    assert (await in_chat(stations.hurry, both.entries[1].id, by=head)).hurried == 1
    await in_chat(stations.sign, by=head)
    assert [each.why for each in await network.do(stations.call_list)] == ["nobody"]  # of the station without people
    clock.move(LOCKED - clock.now())
    assert await by_worker(stations.lock_due) == 1
    await network.do(
        lambda work: stations.excuse(work, shown.cells[elsewhere, opened.id].obligation_id, reason="社区合并，不报")
    )
    await the_heads_meet(network, opened.id, first, clock, by_worker)
    await the_book_is_judged(network, obligation, first, second)
    clock.move(timedelta(days=200))
    assert await by_worker(stations.destroy_unused) == 2
    assert (await network.do(lambda work: stations.course(work, obligation))).state == "archived"


async def the_heads_meet(
    network: Network, round_id: UUID, reader: Staff, clock: FixedClock, by_worker: Callable[..., Awaitable[Any]]
) -> None:
    """The meeting of a locked round: called, moved, told of, attended, closed and read."""
    call = stations.Call(date(2026, 10, 20), time(9, 30), "区委三楼会议室", ("听取三季度情况",))
    meeting = await network.do(lambda work: stations.call_heads_meeting(work, round_id, call))
    await network.do(lambda work: stations.move_heads_meeting(work, meeting, call))
    clock.move(timedelta(days=6))
    notices = await by_worker(lambda work: ledger.claim(work, "liaison", 8))
    assert (await by_worker(lambda work: stations.named_of(work, notices[-1].about))).meeting is not None
    attended = {network.station_id: "head"}
    await network.do(lambda work: stations.note_attendance(work, meeting, {network.station_id: "deputy"}))
    await network.do(lambda work: stations.note_attendance(work, meeting, attended, rest="absent"))
    assert await network.do(lambda work: stations.close_heads_meeting(work, meeting, "各站汇报了情况")) == 1
    with pytest.raises(Conflict, match="meeting_closed"):
        await network.do(lambda work: stations.close_heads_meeting(work, meeting, "各站汇报了情况"))
    reading = await network.do(lambda work: stations.begin_reading_meeting(work, meeting, "核对会议记录"), staff=reader)
    read = await network.do(
        lambda work: stations.read_heads_meeting(work, meeting, opening_id=reading.id), staff=reader
    )
    assert read.minutes == "各站汇报了情况"


async def the_book_is_judged(network: Network, obligation: UUID, first: Staff, second: Staff) -> None:
    """A book in which one entry was hurried: read, and judged by two readers."""
    opening = await network.do(lambda work: stations.begin_reading(work, obligation, "半年调阅记录簿"), staff=first)
    book = await network.do(lambda work: stations.read_book(work, obligation, opening_id=opening.id), staff=first)
    (entry,) = [each for each in book if each.result is None]
    review = await network.do(lambda work: stations.review(work, "2026H2"), staff=first)
    assert [(each.open, each.decided) for each in review.books] == [(1, 1)]
    assert await network.do(lambda work: stations.set_down_reviewed(work, "2026H2"), staff=first) == 0
    said = {entry.id: "make_card"}
    await network.do(lambda work: stations.judge_book(work, obligation, said, opening_id=opening.id), staff=first)
    reopened = await network.do(lambda work: stations.begin_reading(work, obligation, "半年调阅记录簿"), staff=second)
    made = await network.do(lambda work: stations.confirm_result(work, entry.id, opening_id=reopened.id), staff=second)
    assert made is not None
    with pytest.raises(Conflict, match="entry_decided"):
        await network.do(
            lambda work: stations.propose_result(work, entry.id, "no_action", opening_id=opening.id), staff=first
        )
