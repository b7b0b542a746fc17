"""Terms run out while workers die: what the calendar decides of a measure happens once, whoever carries it out."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench.case_homes import lay
from bench.measure_rows import running, signer
from core.app import App
from core.cases.proceedings.tables import CaseEntry
from core.deadlines import Deadline
from core.settings import Settings
from core.warnings.tables import Measure
from tests.builders import OPERATOR, a_person
from tests.core.jobs.effects import until
from tests.jingshi.granted import roles_in
from tests.measuring import for_an_unmeasured_process

TERMS = 40
Start = Callable[[str], Awaitable[Process]]


@pytest.fixture
async def worker_url(database_url: str) -> AsyncIterator[str]:
    """How a worker is connected: in PostgreSQL as its role, with the rights of that and no others."""
    if database_url.startswith("sqlite"):
        yield database_url
        return
    with roles_in(database_url) as granted:
        await granted.apply()
        yield granted.url_of("worker")


@pytest.fixture
async def start(settings: Settings, desk: App, worker_url: str, tmp_path: Path) -> AsyncIterator[Start]:
    """Start a worker of the home of the name given, whose clock is two years ahead of the desk's."""
    started: list[Process] = []
    environment = for_an_unmeasured_process() | {  # they are killed before they could tell anything
        "JINGSHI_HOME": str(settings.home),
        "JINGSHI_KEYS": str(settings.keys),
        "JINGSHI_DATABASE_URL": worker_url,
        "JINGSHI_NOW": (desk.clock.now() + timedelta(days=730)).isoformat(),
    }

    async def start_one(home: str) -> Process:
        (tmp_path / home).mkdir(exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.jingshi.term_worker", str(tmp_path / home)),
            stdin=PIPE,
            stdout=PIPE,
            env=environment,
        )
        started.append(process)
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"running\n"
        return process

    yield start_one
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_every_term_ends_once_when_two_years_pass_and_a_worker_is_killed(desk: App, start: Start) -> None:
    """In SQLite the next worker goes on; in PostgreSQL another one works beside it."""
    await a_person(desk)
    async with desk.work(OPERATOR, "cli") as work:
        by = await signer(work)
    first = await start("one")
    if not desk.database.is_sqlite:
        await start("two")
    await lay(desk, running(by, TERMS))  # to workers that run: one alone would be done before the other begins
    await until(lambda: _are_over(desk, TERMS // 10))
    first.kill()
    await first.wait()
    assert not await _are_over(desk, TERMS)
    await start("one")
    await until(lambda: _are_over(desk, TERMS))
    async with desk.work(OPERATOR, "cli", write=False) as work:
        states = set(await work.session.scalars(select(Measure.state)))
        clocks = list(await work.session.scalars(select(Deadline.subject_id).where(Deadline.kind == "assessment")))
        said = list(await work.session.execute(select(CaseEntry.case_id, CaseEntry.kind)))
    assert states == {"term_ended"}
    assert len(clocks) == len(set(clocks)) == TERMS
    assert len(said) == len(set(said)) == TERMS * 2  # opened for assessment, ended; nobody is reminded afterwards


async def _are_over(desk: App, terms: int) -> bool:
    async with desk.work(OPERATOR, "cli", write=False) as work:
        query = select(func.count()).select_from(Measure).where(Measure.ended_at.is_not(None))
        return (await work.session.scalar(query) or 0) >= terms
