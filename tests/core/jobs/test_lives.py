"""Workers die, are stopped, come back in another version and lose their database; jobs are carried out all the same."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from core import jobs
from core.app import App
from core.errors import Misconfigured
from core.jobs import Context
from core.settings import Settings
from tests.core.jobs.conftest import Start, is_running
from tests.core.jobs.effects import QUICK, Hold, change, enqueue_mark, marking, noted, states, until


async def test_a_job_whose_worker_was_killed_in_its_midst_has_its_effect_once(
    core: App, start: Start, hold: Hold
) -> None:
    hold.begin()
    first = await start("one")
    assert await is_running(first)
    job_id = await enqueue_mark(core)
    await until(lambda: noted(core, "run", job_id))
    first.kill()
    await first.wait()
    hold.end()
    second = await start("one")
    assert await is_running(second)
    await until(lambda: noted(core, "effect", job_id))
    await until(lambda: _is_over(core, job_id))
    assert await noted(core, "run", job_id) == [str(first.pid), str(second.pid)]
    assert await noted(core, "effect", job_id) == [str(second.pid)]


async def test_another_worker_takes_over_what_a_dead_one_had_begun(core: App, start: Start, hold: Hold) -> None:
    """In PostgreSQL it runs beside the first; in SQLite a second one is refused until the first has died."""
    hold.begin()
    first = await start("one")
    assert await is_running(first)
    job_id = await enqueue_mark(core)
    await until(lambda: noted(core, "run", job_id))
    second = await start("one" if core.database.is_sqlite else "two")
    assert await is_running(second) is not core.database.is_sqlite
    if core.database.is_sqlite:
        _, complaint = await second.communicate()
        assert b"runs already" in complaint
    first.kill()
    await first.wait()
    if core.database.is_sqlite:
        second = await start("one")
    await until(lambda: _runs_in(core, job_id, second.pid))
    hold.end()
    await until(lambda: noted(core, "effect", job_id))
    assert await noted(core, "run", job_id) == [str(first.pid), str(second.pid)]
    assert await noted(core, "effect", job_id) == [str(second.pid)]


async def test_many_jobs_are_each_carried_out_once_by_however_many_workers(core: App, start: Start) -> None:
    for home in ("one",) if core.database.is_sqlite else ("one", "two"):
        assert await is_running(await start(home))
    ids = [await enqueue_mark(core) for _ in range(60)]
    for job_id in ids:
        await until(lambda job_id=job_id: noted(core, "effect", job_id))  # type: ignore[misc]  # bound at once
    runs = [await noted(core, "run", job_id) for job_id in ids]
    assert [len(each) for each in runs] == [1] * 60


async def test_a_worker_that_is_told_to_stop_leaves_its_job_to_the_next(core: App, start: Start, hold: Hold) -> None:
    hold.begin()
    first = await start("one")
    assert await is_running(first)
    job_id = await enqueue_mark(core)
    await until(lambda: noted(core, "run", job_id))
    await asyncio.wait_for(first.communicate(b""), 60)
    assert first.returncode == 0
    assert await noted(core, "effect", job_id) == []
    hold.end()
    assert await is_running(await start("one"))
    await until(lambda: noted(core, "effect", job_id))


async def test_a_newer_program_carries_out_what_an_older_one_enqueued_and_began(
    core: App, start: Start, hold: Hold
) -> None:
    hold.begin()
    older = await start("one")
    assert await is_running(older)
    begun = await enqueue_mark(core)
    await until(lambda: noted(core, "run", begun))
    older.kill()
    await older.wait()
    waiting = await enqueue_mark(core)

    async def mark_in_a_new_way(context: Context, *ids: object) -> None:
        await marking("newer")(context, *ids)  # type: ignore[arg-type]  # ids, as the older program stored them

    async def quite_new(_context: Context) -> None:
        raise AssertionError

    core.jobs.handle("mark", mark_in_a_new_way)
    core.jobs.handle("quite_new", quite_new)
    async with jobs.running(core, core.jobs, pace=QUICK):
        for job_id in (begun, waiting):
            await until(lambda job_id=job_id: noted(core, "effect", job_id))  # type: ignore[misc]  # bound at once


async def test_an_outage_of_the_database_delays_a_job_and_loses_none(
    core: App, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    cut, begun = asyncio.Event(), asyncio.Event()
    mark = marking("here")

    async def mark_after_the_cut(context: Context, *ids: object) -> None:
        begun.set()
        await cut.wait()
        await mark(context, *ids)  # type: ignore[arg-type]  # an id

    core.jobs.handle("mark", mark_after_the_cut)
    async with jobs.running(core, core.jobs, pace=QUICK):
        job_id = await enqueue_mark(core)
        await begun.wait()
        async with _outage(settings.database_url):
            cut.set()
            await until(lambda: _is_said(caplog, "job mark: the store is unavailable"))
        await until(lambda: noted(core, "effect", job_id))
        await until(lambda: _is_over(core, job_id))
    said = [record.getMessage() for record in caplog.records]
    assert len([line for line in said if line.startswith("job mark")]) == 1
    assert len([line for line in said if line.startswith("the job engine is in trouble")]) <= 1
    assert not logging.getLogger("dbos").propagate


async def test_a_worker_does_not_start_on_tables_of_another_version(core: App) -> None:
    await change(core, "dbos_migrations", "version = 1")
    with pytest.raises(Misconfigured, match="jingshi upgrade"):
        async with jobs.running(core, core.jobs, pace=QUICK):
            pass


async def test_a_job_that_was_begun_and_forgotten_here_is_begun_anew(core: App) -> None:
    """What the engine has claimed and, by an error of its own, carries out nowhere."""
    core.jobs.handle("mark", marking("here"))
    async with jobs.running(core, core.jobs, pace=QUICK):
        first = await enqueue_mark(core)
        await until(lambda: _is_over(core, first))
        await change(core, "workflow_status", "status = 'PENDING', owner_xid = 'x'")
        await until(lambda: _is_over(core, first))
    assert await noted(core, "run", first) == ["here", "here"]
    assert await noted(core, "effect", first) == ["here"]


async def _is_over(core: App, job_id: object) -> bool:
    return (await states(core))[f"mark:{job_id}"] == "SUCCESS"


async def _runs_in(core: App, job_id: object, pid: int) -> bool:
    return str(pid) in await noted(core, "run", job_id)  # type: ignore[arg-type]  # an id


async def _is_said(caplog: pytest.LogCaptureFixture, beginning: str) -> bool:
    return any(record.getMessage().startswith(beginning) for record in caplog.records)


@asynccontextmanager
async def _outage(url: str) -> AsyncIterator[None]:
    """Let nobody write as long as the block lasts; in PostgreSQL, let nobody connect either."""
    if url.startswith("sqlite"):
        writer = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        yield
        writer.close()
        return
    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
