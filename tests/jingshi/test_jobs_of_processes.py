"""Jobs and the processes: who may touch them in PostgreSQL, and what a restored home knows of them."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from core import jobs
from core.app import App
from core.db import database_url as read_url
from core.errors import Misconfigured
from core.jobs import Context
from core.sealing import Escrow, load_process_keys
from core.settings import Settings
from core.work import System
from jingshi.backups import back_up, bring_back
from tests.core.jobs.effects import QUICK, states, until
from tests.core.outbox.builders import deliveries, owed, told_here
from tests.databases import Cluster
from tests.jingshi.granted import Granted, database_with_roles

ACTOR = System("worker")


class TestInPostgreSQL:
    @pytest.fixture
    def granted(self, cluster: Cluster) -> Iterator[Granted]:
        with database_with_roles(cluster) as made:
            asyncio.run(made.apply())
            yield made

    @pytest.fixture
    def database_url(self, granted: Granted) -> str:
        return granted.url

    async def test_the_worker_carries_out_jobs_within_its_rights(
        self, desk: App, settings: Settings, granted: Granted, caplog: pytest.LogCaptureFixture
    ) -> None:
        done: list[UUID] = []

        async def note(_context: Context, job_id: UUID) -> None:
            done.append(job_id)

        own = replace(settings, database_url=granted.url_of("worker"))
        worker = App(own, load_process_keys(settings.keys, "worker"), clock=desk.clock)
        worker.jobs.handle("note", note)
        good, bad = uuid4(), uuid4()
        async with jobs.running(worker, worker.jobs, pace=QUICK):
            async with worker.work(ACTOR, "worker") as work:
                await jobs.enqueue(work, "note", f"note:{good}", good)
                await jobs.enqueue(work, "unheard_of", f"unheard_of:{bad}", bad)
            await until(lambda: _are_over(worker))
        async with worker.work(ACTOR, "worker") as work:
            assert [each.key for each in await jobs.failed(work)] == [f"unheard_of:{bad}"]
            assert await jobs.cancel(work, f"unheard_of:{bad}")
            await jobs.sweep(work)
        await worker.close()
        assert done == [good]
        assert [record.name for record in caplog.records if record.name == "core.jobs.quiet"] == []

    @pytest.mark.parametrize(
        ("process", "statement"),
        [
            ("intake", "SELECT FROM dbos.workflow_status"),
            ("intake", "INSERT INTO dbos.workflow_status DEFAULT VALUES"),
            ("desk", "SELECT FROM dbos.workflow_status"),
            ("desk", "SELECT dbos.enqueue_workflow('job', 'jobs')"),
            ("worker", "CREATE TABLE dbos.mine (n integer)"),
            ("worker", "DROP TABLE dbos.workflow_status"),
            ("worker", "SELECT FROM dbos.notifications"),
        ],
    )
    def test_what_nobody_needs_is_refused(self, granted: Granted, process: str, statement: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            granted.run_as(process, statement)


async def test_who_may_not_make_the_tables_is_told_so(cluster: Cluster) -> None:
    with database_with_roles(cluster) as granted:
        granted.run("DROP SCHEMA dbos CASCADE")
        with pytest.raises(Misconfigured, match="create a schema"):
            await jobs.migrate(read_url(granted.url_of("worker")))


async def test_a_restored_home_has_no_jobs_and_doubts_what_it_owes(
    desk: App, intake: App, worker: App, escrow: Escrow, second_url: str, tmp_path: Path
) -> None:
    job_id = uuid4()
    async with worker.work(ACTOR, "worker") as work:
        await jobs.enqueue(work, "note", f"note:{job_id}", job_id)
    await owed(desk, await told_here(intake))
    assert [(row.state, row.repeated) for row in await deliveries(worker)] == [("queued", False)]
    await back_up(worker, tmp_path / "backup.age")
    home = tmp_path / "restored"
    url = f"sqlite:///{home}/jingshi.sqlite3" if worker.database.is_sqlite else second_url
    settings = replace(worker.settings, home=home, database_url=url)
    await bring_back(settings, tmp_path / "backup.age", identity=escrow.identity)
    restored = App(settings, load_process_keys(settings.keys, "worker"), clock=worker.clock)
    assert await states(restored) == {}
    assert [(row.state, row.repeated) for row in await deliveries(restored)] == [("queued", True)]
    async with jobs.running(restored, restored.jobs, pace=QUICK):
        pass
    await restored.close()


async def _are_over(worker: App) -> bool:
    return set((await states(worker)).values()) == {"SUCCESS", "ERROR"}
