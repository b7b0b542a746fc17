"""A handler that fails is tried a few times; then its job is parked where it can be seen, and gives nothing away."""

import logging
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from core import jobs
from core.app import App
from core.errors import Conflict
from core.jobs import Context, Failed
from core.settings import Settings
from jingshi.logs import PlainFormatter
from tests.core.jobs.effects import ACTOR, QUICK, enqueue_mark, marking, noted, until

SECRET = "他在宴请时收了购物卡"


async def _failed(core: App) -> list[Failed]:
    async with core.work(ACTOR, "test", write=False) as work:
        return list(await jobs.failed(work))


async def _enqueue(core: App, name: str) -> str:
    job_id = uuid4()
    async with core.work(ACTOR, "test") as work:
        await jobs.enqueue(work, name, f"{name}:{job_id}", job_id)
    return f"{name}:{job_id}"


async def test_a_job_that_fails_is_tried_again_and_then_parked(core: App) -> None:
    tries: list[UUID] = []

    async def fail(_context: Context, job_id: UUID) -> None:
        tries.append(job_id)
        raise Conflict("stuck")

    core.jobs.handle("fail", fail)
    core.jobs.handle("mark", marking("here"))
    async with jobs.running(core, core.jobs, pace=QUICK):
        key = await _enqueue(core, "fail")
        parked = await until(lambda: _failed(core))
        later = await enqueue_mark(core)
        await until(lambda: noted(core, "effect", later))
    assert [(each.key, each.error) for each in parked] == [(key, "Conflict")]
    assert len(tries) == len(QUICK.pauses) + 1


async def test_a_job_that_fails_once_is_done_in_the_end(core: App) -> None:
    tries: list[UUID] = []

    async def fail_once(context: Context, job_id: UUID) -> None:
        tries.append(job_id)
        if len(tries) == 1:
            raise Conflict("stuck")
        await marking("here")(context, job_id)

    core.jobs.handle("mark", fail_once)
    async with jobs.running(core, core.jobs, pace=QUICK):
        job_id = await enqueue_mark(core)
        await until(lambda: noted(core, "effect", job_id))
    assert await _failed(core) == []


async def test_a_job_that_was_cancelled_between_two_tries_is_not_tried_again(core: App) -> None:
    tries: list[UUID] = []

    async def be_cancelled_and_fail(context: Context, job_id: UUID) -> None:
        tries.append(job_id)
        async with context.work(ACTOR, "test") as work:
            assert await jobs.cancel(work, f"fail:{job_id}")
        raise Conflict("stuck")

    core.jobs.handle("fail", be_cancelled_and_fail)
    core.jobs.handle("mark", marking("here"))
    async with jobs.running(core, core.jobs, pace=QUICK):
        await _enqueue(core, "fail")
        await until(lambda: _some(tries))
        later = await enqueue_mark(core)
        await until(lambda: noted(core, "effect", later))
    assert len(tries) == 1
    assert await _failed(core) == []


async def test_a_job_without_a_handler_is_parked(core: App) -> None:
    async with jobs.running(core, core.jobs, pace=QUICK):
        key = await _enqueue(core, "unheard_of")
        parked = await until(lambda: _failed(core))
    assert [(each.key, each.error) for each in parked] == [(key, "no handler")]


async def test_a_parked_job_can_be_taken_away(core: App) -> None:
    async with jobs.running(core, core.jobs, pace=QUICK):
        key = await _enqueue(core, "unheard_of")
        await until(lambda: _failed(core))
    async with core.work(ACTOR, "test") as work:
        assert await jobs.cancel(work, key)
    assert await _failed(core) == []


async def test_what_a_failure_says_is_in_no_table_and_no_log(
    core: App, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_context: Context, _id: UUID) -> None:
        raise ValueError(SECRET)

    core.jobs.handle("fail", fail)
    with caplog.at_level(logging.DEBUG):
        async with jobs.running(core, core.jobs, pace=QUICK):
            await _enqueue(core, "fail")
            await until(lambda: _failed(core))
    lines = [PlainFormatter("worker").format(record) for record in caplog.records]
    assert any("ValueError at" in line for line in lines)
    assert SECRET not in "\n".join(lines)
    assert "ValueError" in _everything(settings.database_url)
    assert SECRET not in _everything(settings.database_url)


def test_a_name_has_one_handler(core: App) -> None:
    core.jobs.handle("mark", marking("here"))
    for name in ("mark", "Mark", "mark:1", ""):
        with pytest.raises(ValueError, match="cannot be named"):
            core.jobs.handle(name, marking("there"))


async def _some(tries: list[UUID]) -> bool:
    return bool(tries)


def _everything(url: str) -> str:
    """Return all that the tables of the jobs hold, as text."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        files = [each for each in path.parent.iterdir() if each.name.startswith(path.name)]
        return "".join(each.read_bytes().decode(errors="replace") for each in files)
    names = ("workflow_status", "workflow_input", "workflow_output", "operation_outputs")
    with psycopg.connect(url) as connection:
        tables = [connection.execute(f"TABLE dbos.{name}".encode()).fetchall() for name in names]
    return str(tables)
