"""The worker's table, and that one failing tick stops no other."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from core import audit, cases
from core.app import App
from core.errors import Conflict, Unavailable
from core.sealing import verify
from core.work import Reporter, System, Work
from jingshi import destruction
from jingshi.worker import TICKS, Tick, heads, pause, run, turn
from tests.core.cases.builders import submitted

QUICK = timedelta(0)


def tick(name: str) -> Tick:
    return next(each for each in TICKS if each.name == name)


async def test_every_tick_of_the_table_runs_on_an_empty_home(worker: App) -> None:
    assert [each.name for each in TICKS if not await turn(worker, each)] == []


async def test_a_withdrawn_item_is_destroyed_and_listed(intake: App, worker: App) -> None:
    done = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, done.receipt)
    assert await turn(worker, tick("carry out withdrawals"))
    assert await turn(worker, tick("carry out withdrawals"))
    path = worker.settings.keys / destruction.NAME
    assert destruction.read(path, signer=worker.keys.verify_keys["worker"]) == (done.item_id,)
    async with intake.work(Reporter(), "web") as work:
        assert (await cases.standing(work, done.receipt)).state == "withdrawn"


async def test_a_withdrawal_that_cannot_be_listed_is_not_carried_out(intake: App, worker: App) -> None:
    done = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, done.receipt)
    blocked = worker.settings.keys / destruction.NAME
    blocked.mkdir()
    assert not await turn(worker, tick("carry out withdrawals"))
    async with worker.work(System("worker"), "worker") as work:
        assert await cases.carry_out_withdrawals(work) == (done.item_id,)


async def test_the_signed_head_of_a_day_is_written_for_an_outside_keeper(intake: App, worker: App) -> None:
    await submitted(intake)
    for name in ("chain the audit entries", "sign the audit head"):
        assert await turn(worker, tick(name))
    head = json.loads((heads(worker) / "2026-09-30.json").read_text())
    facts = {"day": head["day"], "seq": head["seq"], "hash": bytes.fromhex(head["hash"])}
    verify(worker.keys.verify_keys["worker"], bytes.fromhex(head["signature"]), "audit_head", facts)
    async with worker.work(System("worker"), "worker") as work:
        assert (await audit.verify_chain(work)).broken == ""


@pytest.mark.parametrize("error", [Conflict("stuck"), Unavailable("database_unavailable")])
async def test_one_failing_tick_stops_no_other(worker: App, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()

    async def fail(_app: App, _work: Work) -> None:
        raise error

    async def finish(_app: App, _work: Work) -> None:
        stop.set()

    with caplog.at_level(logging.WARNING):
        await run(worker, stop, ticks=(Tick("the first", QUICK, fail), Tick("the second", QUICK, finish)))
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["the first"]


async def test_a_slip_in_the_code_is_not_hidden(worker: App) -> None:
    async def slip(_app: App, _work: Work) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run(worker, asyncio.Event(), ticks=(Tick("a slip", QUICK, slip),))


async def test_what_a_failing_tick_wrote_is_undone(worker: App) -> None:
    async def write_and_fail(_app: App, work: Work) -> None:
        audit.record(work, "test", "written", "1")
        await work.session.flush()
        raise Conflict("stuck")

    assert not await turn(worker, Tick("half", QUICK, write_and_fail))
    async with worker.work(System("worker"), "worker") as work:
        assert await audit.entries(work, subject_id="1") == []


@pytest.mark.parametrize("every", [timedelta(seconds=1), timedelta(minutes=5)])
def test_waiting_grows_with_failures_up_to_a_minute_and_never_below_the_usual(every: timedelta) -> None:
    each = Tick("any", every, TICKS[0].verb)
    usual = every.total_seconds()
    assert pause(each, 0) == usual
    for failures in range(1, 40):
        assert 0.75 * usual <= pause(each, failures) <= 1.25 * max(60.0, usual)
