"""The doctor notices when messages wait too long, and which jobs stayed undone."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from core import cases, jobs, outbox
from core.app import App
from core.errors import Conflict
from core.sealing import Escrow
from core.work import Reporter, System
from jingshi import checkup_chats
from jingshi.findings import Said
from tests.builders import a_clerk
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.jobs.effects import QUICK, until


class Stranger:
    """Brings nothing, and says what came of it."""

    def __init__(self, outcome: outbox.Outcome) -> None:
        self.outcome = outcome

    async def carry(self, _address: outbox.ChatAddress, _template: str, _about: UUID) -> outbox.Outcome:
        return self.outcome


async def owe_a_message(intake: App, desk: App, escrow: Escrow) -> None:
    item = await submitted(intake)
    async with intake.work(Reporter(), "telegram") as work:
        await cases.tell_here(work, item.receipt, outbox.ChatAddress("informant", "1001", "zh_CN"))
    clerk = await a_clerk(desk, escrow=escrow)
    async with desk.work(await clerk.staff(desk), "console") as work:
        await cases.answer(work, item.item_id, "已经登记。")


async def owed(desk: App) -> list[Said]:
    async with desk.work(System("operator"), "cli", write=False) as work:
        return await checkup_chats.owed(desk, work)


async def test_a_message_may_wait_for_an_hour(intake: App, desk: App, escrow: Escrow, clock: FixedClock) -> None:
    await owe_a_message(intake, desk, escrow)
    clock.move(timedelta(hours=1))
    assert await owed(desk) == [("ok", "1 queued")]
    clock.move(timedelta(hours=2))
    assert await owed(desk) == [("warn", "1 queued; the oldest has waited for 3 hours: does the worker run?")]


async def test_a_chat_that_is_gone_is_no_trouble(intake: App, desk: App, worker: App, escrow: Escrow) -> None:
    await owe_a_message(intake, desk, escrow)
    await outbox.Sender("informant", Stranger(outbox.Unreachable()), asyncio.Event()).send_due(worker)
    assert await owed(desk) == [("ok", "1 unreachable")]


async def test_a_job_that_failed_is_told_by_name_and_error_and_not_by_its_id(desk: App, worker: App) -> None:
    async def fail(_context: jobs.Context, _id: UUID) -> None:
        raise Conflict("stuck")

    async def told() -> list[Said]:
        async with desk.work(System("operator"), "cli", write=False) as work:
            return [each for each in await checkup_chats.failed_jobs(desk, work) if each[0] == "warn"]

    worker.jobs.handle("fail", fail)
    async with jobs.running(worker, worker.jobs, pace=QUICK):
        async with worker.work(System("worker"), "worker") as work:
            job_id = uuid4()
            await jobs.enqueue(work, "fail", f"fail:{job_id}", job_id)
        assert await until(told) == [("warn", "1 of fail failed with Conflict; they are not tried again")]
