"""A round obliges every station, reminds who has not answered, and is locked when its grace is over."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from core import outbox, stations
from core.app import App, calendars
from core.errors import Conflict, Denied, Invalid
from core.outbox.tables import Address, Delivery
from core.stations.tables import Obligation, ObligationStep, Reminder
from core.work import System
from tests.builders import a_unit
from tests.conftest import FixedClock
from tests.core.cases.offices import a_colleague
from tests.core.stations.network import Network, a_network, somebody_of

WORKER = System("worker")
QUARTER = "2026Q3"
PROMPTED = datetime(2026, 9, 1, 1, 30, tzinfo=UTC)  # half past nine in the morning
LOCKED = datetime(2026, 10, 14, 1, 0, tzinfo=UTC)


@pytest.fixture
async def network(desk: App, intake: App) -> Network:
    return await a_network(desk, intake)


async def opened(network: Network) -> stations.RoundView:
    return await network.do(lambda work: stations.open_round(work, QUARTER))


def at(clock: FixedClock, moment: datetime) -> None:
    clock.move(moment - clock.now())


def a_calendar_of(year: int) -> str:
    off = ("01-01", "04-04", "05-01", "10-01", "10-02", "10-03")
    return "\n".join(["date,kind,name", *(f"{year}-{day},holiday,假日" for day in off)])


async def reminded(worker: App) -> int:
    async with worker.work(WORKER, "worker") as work:
        return await stations.remind_due(work)


async def reminders(worker: App) -> list[tuple[str, str, bool]]:
    async with worker.work(WORKER, "worker", write=False) as work:
        rows = await work.session.execute(select(Reminder.stage, Reminder.reason, Reminder.delivery_id))
        return sorted((row[0], row[1] or "", row[2] is not None) for row in rows)


async def states(app: App) -> Counter[str]:
    async with app.work(WORKER, "worker", write=False) as work:
        return Counter(await work.session.scalars(select(Obligation.state)))


async def set_state(app: App, state: str) -> None:
    async with app.work(WORKER, "worker") as work:
        await work.session.execute(update(Obligation).values(state=state))


async def test_a_round_obliges_every_station_once(network: Network, desk: App) -> None:
    await a_unit(desk, "liaison_station")
    found = await opened(network)
    assert (found.quarter, str(found.prompt_on), str(found.due_on)) == (QUARTER, "2026-09-01", "2026-09-30")
    shown = await network.do(stations.matrix)
    assert {shown.cells[each.id, found.id].state for each in shown.stations} == {"scheduled"}
    assert shown.counts(found.id) == {"scheduled": 2}


async def test_a_round_is_opened_once(network: Network, worker: App, clock: FixedClock) -> None:
    at(clock, PROMPTED)
    await opened(network)
    with pytest.raises(Conflict, match="round_open_already"):
        await opened(network)
    async with worker.work(WORKER, "worker") as work:
        assert not await stations.open_present_round(work)


async def test_the_clock_opens_the_round_of_the_present_quarter(
    network: Network, worker: App, clock: FixedClock
) -> None:
    at(clock, PROMPTED)
    async with worker.work(WORKER, "worker") as work:
        assert await stations.open_present_round(work)
    assert [each.quarter for each in await network.do(stations.rounds)] == [QUARTER]


async def test_only_the_department_opens_a_round_and_only_of_a_quarter(network: Network, desk: App) -> None:
    clerk = await a_colleague(desk, "intake_clerk", "leading_group_office")
    with pytest.raises(Denied):
        await network.do(lambda work: stations.open_round(work, QUARTER), staff=clerk)
    with pytest.raises(Invalid, match="quarter_malformed"):
        await network.do(lambda work: stations.open_round(work, "2026Q5"))


async def test_whoever_is_asked_is_reminded_once_at_each_stage(
    network: Network, desk: App, worker: App, clock: FixedClock
) -> None:
    at(clock, PROMPTED - timedelta(days=2))
    await network.paired()
    await somebody_of(desk, network.station_id, "building_contact", "没有手机")
    await somebody_of(desk, network.station_id, "station_head", "站长")
    await opened(network)
    assert await reminded(worker) == 0  # the plan has not begun
    at(clock, PROMPTED)
    assert await reminded(worker) == 2
    assert await reminded(worker) == 0
    assert await reminders(worker) == [("prompt", "", True), ("prompt", "unpaired", False)]
    assert await states(worker) == {"prompted": 1}
    at(clock, datetime(2026, 9, 28, 1, 5, tzinfo=UTC))  # the week before went by while nobody was at work
    assert await reminded(worker) == 2
    assert Counter(stage for stage, _, _ in await reminders(worker)) == {"prompt": 2, "second": 2}


async def test_reminders_stop_when_the_station_has_answered(network: Network, worker: App, clock: FixedClock) -> None:
    at(clock, PROMPTED - timedelta(days=2))
    await network.paired()
    await opened(network)
    await set_state(worker, "submitted")
    at(clock, PROMPTED)
    assert await reminded(worker) == 0


async def test_nobody_is_reminded_at_night_or_while_at_work_in_the_chat_or_at_a_page(
    network: Network, worker: App, clock: FixedClock
) -> None:
    at(clock, PROMPTED - timedelta(days=2))
    liaison = await network.paired()
    await opened(network)
    at(clock, PROMPTED.replace(hour=13))  # nine in the evening
    assert await reminded(worker) == 0
    at(clock, PROMPTED + timedelta(days=1))
    await network.recognised()  # they wrote something just now
    assert await reminded(worker) == 0
    clock.move(timedelta(minutes=9))
    async with network.intake.work(liaison, "web") as work:  # and now sit at their page
        await stations.note_at_page(work)
    clock.move(timedelta(minutes=9))
    assert await reminded(worker) == 0
    clock.move(timedelta(minutes=2))
    assert await reminded(worker) == 1


async def test_the_deputy_is_told_after_the_due_day_and_the_head_after_that(
    network: Network, desk: App, worker: App, clock: FixedClock
) -> None:
    await somebody_of(desk, network.station_id, "station_deputy_head", "副站长")
    await somebody_of(desk, network.station_id, "station_head", "站长")
    at(clock, PROMPTED - timedelta(days=2))
    await opened(network)
    at(clock, datetime(2026, 10, 8, 2, 0, tzinfo=UTC))
    assert await reminded(worker) == 2
    at(clock, datetime(2026, 10, 10, 2, 0, tzinfo=UTC))
    assert await reminded(worker) == 3


async def test_a_message_about_an_obligation_can_be_claimed_for_its_chat(
    network: Network, worker: App, clock: FixedClock
) -> None:
    at(clock, PROMPTED - timedelta(days=2))
    await network.paired()
    await opened(network)
    at(clock, PROMPTED)
    await reminded(worker)
    clock.move(timedelta(minutes=21))
    async with worker.work(WORKER, "worker") as work:
        (claimed,) = await outbox.ledger.claim(work, "liaison", 8)
        obligation_id = await work.session.scalar(select(Obligation.id))
    assert (claimed.template, claimed.about, claimed.address.bot) == ("round_prompt", obligation_id, "liaison")


async def test_who_blocked_the_bot_is_on_the_call_list(network: Network, worker: App, clock: FixedClock) -> None:
    at(clock, PROMPTED - timedelta(days=2))
    await network.paired()
    await opened(network)
    async with worker.work(WORKER, "worker") as work:
        for row in (await work.session.scalars(select(Address))).all():
            await outbox.addresses.erase_one(work, row.id)
    at(clock, PROMPTED)
    assert await reminded(worker) == 1
    assert await reminders(worker) == [("prompt", "unreachable", False)]


async def test_the_dry_run_names_everybody_of_the_plan_and_sends_nothing(
    network: Network, desk: App, worker: App
) -> None:
    await network.paired()
    await somebody_of(desk, network.station_id, "station_head", "站长")
    found = await network.do(lambda work: stations.dry_run(work, QUARTER))
    assert Counter(each.stage for each in found) == {
        "prompt": 1,
        "first": 1,
        "second": 1,
        "due": 1,
        "grace": 1,
        "escalated": 2,
    }
    async with worker.work(WORKER, "worker", write=False) as work:
        assert await work.session.scalar(select(func.count()).select_from(Delivery)) == 0


async def test_a_round_is_locked_when_its_grace_is_over_and_who_filed_nothing_is_missing(
    network: Network, desk: App, worker: App, clock: FixedClock
) -> None:
    signed = await a_unit(desk, "liaison_station")
    at(clock, PROMPTED)
    await opened(network)
    async with worker.work(WORKER, "worker") as work:
        await work.session.execute(update(Obligation).where(Obligation.station_id == signed).values(state="signed"))
    at(clock, LOCKED - timedelta(days=1))
    assert await locked(worker) == 0
    at(clock, LOCKED)
    assert await locked(worker) == 1
    assert await locked(worker) == 0
    assert await states(worker) == {"locked": 1, "missing": 1}
    assert await reminded(worker) == 0


async def test_a_clock_that_jumps_back_reminds_nobody_twice(network: Network, worker: App, clock: FixedClock) -> None:
    at(clock, PROMPTED - timedelta(days=2))
    await opened(network)
    at(clock, datetime(2026, 9, 28, 2, 0, tzinfo=UTC))
    assert await reminded(worker) == 1
    at(clock, PROMPTED)
    assert await reminded(worker) == 1  # of the stage before, which had been left out
    at(clock, datetime(2026, 9, 28, 2, 0, tzinfo=UTC))
    assert await reminded(worker) == 0


async def test_a_round_runs_without_a_year_of_the_work_calendar_and_waits_for_it_to_be_locked(
    network: Network, worker: App, clock: FixedClock
) -> None:
    at(clock, datetime(2031, 1, 6, 2, 0, tzinfo=UTC))
    found = await network.do(lambda work: stations.open_round(work, "2031Q1"))
    assert (found.prompt_on, found.grace_until, str(found.due_on)) == (None, None, "2031-03-31")
    at(clock, datetime(2031, 3, 3, 2, 0, tzinfo=UTC))
    assert await reminded(worker) == 1
    at(clock, datetime(2031, 6, 1, 2, 0, tzinfo=UTC))
    assert await locked(worker) == 0
    async with network.desk.work(System("operator"), "cli") as work:
        await calendars.load_year(work, 2031, a_calendar_of(2031))
    at(clock, datetime(2031, 6, 1, 3, 0, tzinfo=UTC))
    assert await locked(worker) == 1
    (shown,) = await network.do(stations.rounds)
    assert str(shown.grace_until) == "2031-04-08"  # 4 and 5 April are a Friday that is off and a Saturday


async def test_a_station_is_excused_for_a_reason(network: Network) -> None:
    found = await opened(network)
    shown = await network.do(stations.matrix)
    cell = shown.cells[network.station_id, found.id]
    await network.do(lambda work: stations.excuse(work, cell.obligation_id, reason="社区正在合并，本季度不报"))
    shown = await network.do(stations.matrix)
    assert shown.cells[network.station_id, found.id].state == "excused"
    async with network.desk.work(WORKER, "worker", write=False) as work:
        steps = (await work.session.scalars(select(ObligationStep))).all()
        assert [(each.name, each.person_id) for each in steps] == [("excuse", network.staff.person_id)]


async def locked(worker: App) -> int:
    async with worker.work(WORKER, "worker") as work:
        return await stations.lock_due(work)
