"""However many terms are due, a tick takes some of them, and none twice."""

from datetime import timedelta

from bench.case_homes import lay
from bench.measure_rows import running, signer
from core import jobs, warnings
from core.app import App
from tests.builders import OPERATOR, a_person
from tests.core.jobs.effects import change, states

TERMS = 450
AT_ONCE = 200


async def tick(worker: App) -> int:
    """Ask once what is due; return how many jobs there are then."""
    async with worker.work(OPERATOR, "worker") as work:
        await warnings.enqueue_due(work)
    return len(await states(worker))


async def test_ticks_enqueue_all_that_is_due_some_at_once_and_nothing_twice(desk: App, worker: App) -> None:
    await a_person(desk)
    async with desk.work(OPERATOR, "cli") as work:
        by = await signer(work)
    await lay(desk, running(by, TERMS))
    worker.clock.move(timedelta(days=730))
    assert [await tick(worker) for _ in range(4)] == [AT_ONCE, AT_ONCE * 2, TERMS, TERMS]
    async with worker.work(OPERATOR, "worker") as work:
        (first, version), *_ = await warnings.due_terms(work, limit=1)
        assert await jobs.unknown(work, ["term:1:1", f"term:{first}:{version}"]) == ["term:1:1"]


async def test_a_job_that_is_not_tried_any_more_keeps_no_later_term_waiting(desk: App, worker: App) -> None:
    await a_person(desk)
    async with desk.work(OPERATOR, "cli") as work:
        by = await signer(work)
    await lay(desk, running(by, AT_ONCE + 1))
    worker.clock.move(timedelta(days=730))
    await tick(worker)
    await change(worker, "workflow_status", "status = 'ERROR'")
    assert await tick(worker) == AT_ONCE + 1
