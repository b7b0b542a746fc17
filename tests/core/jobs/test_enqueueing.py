"""A job and the rows it belongs to are one transaction; it carries ids, and its key is enqueued once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from core import jobs
from core.app import App
from core.errors import Invalid
from core.work import Work
from jingshi.worker import all_ticks, turn
from tests.conftest import FixedClock
from tests.core.jobs.effects import ACTOR, QUICK, change, enqueue_mark, marking, noted, states, until


async def test_a_job_is_enqueued_with_its_row(core: App) -> None:
    job_id = uuid4()
    async with core.work(ACTOR, "test") as work:
        await work.session.execute(text("INSERT INTO term VALUES (:key, '')"), {"key": str(job_id)})
        await jobs.enqueue(work, "mark", f"mark:{job_id}", job_id)
    assert await states(core) == {f"mark:{job_id}": "ENQUEUED"}


async def test_a_rollback_leaves_neither_row_nor_job(core: App) -> None:
    job_id = uuid4()
    with pytest.raises(ZeroDivisionError):
        async with core.work(ACTOR, "test") as work:
            await work.session.execute(text("INSERT INTO term VALUES (:key, '')"), {"key": str(job_id)})
            await jobs.enqueue(work, "mark", f"mark:{job_id}", job_id)
            raise ZeroDivisionError
    assert await states(core) == {}
    async with core.work(ACTOR, "test", write=False) as work:
        assert (await work.session.execute(text("SELECT * FROM term"))).all() == []


async def test_the_same_key_is_carried_out_once(core: App) -> None:
    core.jobs.handle("mark", marking("here"))
    job_id = uuid4()
    async with jobs.running(core, core.jobs, pace=QUICK):
        for _ in range(2):
            async with core.work(ACTOR, "test") as work:
                await jobs.enqueue(work, "mark", f"mark:{job_id}", job_id)
                await jobs.enqueue(work, "mark", f"mark:{job_id}", job_id)
            await until(lambda: noted(core, "effect", job_id))
        later = await enqueue_mark(core)
        await until(lambda: noted(core, "effect", later))
    assert await noted(core, "run", job_id) == ["here"]


@pytest.mark.parametrize(
    ("key", "argument"),
    [
        ("mark:1", "张三收受礼金"),
        ("mark:1", b"\x00"),
        ("mark:1", True),
        ("mark:1", None),
        ("mark:1", 1.5),
        ("mark:张三", 1),
        ("mark:", 1),
        ("mark", 1),
        ("term:1", 1),
        ("mark:zhang-san", 1),
    ],
)
async def test_what_is_no_id_is_refused(core: App, key: str, argument: object) -> None:
    async with core.work(ACTOR, "test") as work:
        with pytest.raises(Invalid):
            await jobs.enqueue(work, "mark", key, argument)  # type: ignore[arg-type]  # this is what is refused
    assert await states(core) == {}


async def test_a_job_that_was_cancelled_is_not_carried_out(core: App) -> None:
    core.jobs.handle("mark", marking("here"))
    cancelled = await enqueue_mark(core)
    async with core.work(ACTOR, "test") as work:
        assert await jobs.cancel(work, f"mark:{cancelled}")
    async with core.work(ACTOR, "test") as work:
        assert not await jobs.cancel(work, f"mark:{cancelled}")
    other = await enqueue_mark(core)
    async with jobs.running(core, core.jobs, pace=QUICK):
        await until(lambda: noted(core, "effect", other))
    assert await noted(core, "run", cancelled) == []


async def test_a_cancellation_that_is_undone_cancels_nothing(core: App) -> None:
    job_id = await enqueue_mark(core)
    with pytest.raises(ZeroDivisionError):
        async with core.work(ACTOR, "test") as work:
            assert await jobs.cancel(work, f"mark:{job_id}")
            raise ZeroDivisionError
    assert await states(core) == {f"mark:{job_id}": "ENQUEUED"}


async def test_what_is_due_by_the_moved_clock_is_enqueued_once(core: App, clock: FixedClock) -> None:
    term = uuid4()
    core.jobs.handle("mark", marking("here"))
    core.jobs.schedule("terms", timedelta(seconds=1), _claim_terms)
    (tick,) = [each for each in all_ticks(core) if each.name == "terms"]
    due = clock.now() + timedelta(days=180)
    async with core.work(ACTOR, "test") as work:
        await work.session.execute(text("INSERT INTO term VALUES (:key, :at)"), {"key": str(term), "at": str(due)})
    assert await turn(core, tick)
    assert await states(core) == {}
    clock.move(timedelta(days=181))
    async with jobs.running(core, core.jobs, pace=QUICK):
        for _ in range(2):
            assert await turn(core, tick)
            await until(lambda: noted(core, "effect", term))
    assert await noted(core, "run", term) == ["here"]


@pytest.mark.parametrize(
    ("state", "kept", "gone"),
    [
        ("SUCCESS", timedelta(hours=23), timedelta(hours=25)),
        ("CANCELLED", timedelta(hours=23), timedelta(hours=25)),
        ("ERROR", timedelta(days=29), timedelta(days=31)),
    ],
)
async def test_jobs_that_are_over_are_forgotten_and_others_are_not(
    core: App, state: str, kept: timedelta, gone: timedelta
) -> None:
    over, waiting = await enqueue_mark(core), await enqueue_mark(core)
    for age, left in ((kept, {over, waiting}), (gone, {waiting})):
        at = (datetime.now(UTC) - age).timestamp() * 1000  # noqa: TID251 - the engine goes by the real clock
        key = f"mark:{over}"
        await change(
            core, "workflow_status", f"status = '{state}', completed_at = {at:.0f} WHERE workflow_uuid = '{key}'"
        )
        async with core.work(ACTOR, "test") as work:
            await jobs.sweep(work)
        assert set(await states(core)) == {f"mark:{job_id}" for job_id in left}


async def _claim_terms(work: Work) -> None:
    for key in await work.session.scalars(text("SELECT key FROM term WHERE due_at <= :now"), {"now": str(work.now())}):
        await jobs.enqueue(work, "mark", f"mark:{key}", UUID(key))
