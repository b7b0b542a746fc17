"""A worker's core with tables to note runs in, and worker processes to kill."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from core.app import App
from core.settings import Settings
from tests.core.jobs.effects import Hold, lay
from tests.measuring import for_an_unmeasured_process

Start = Callable[[str], Awaitable[Process]]


@pytest.fixture
async def core(worker: App) -> App:
    await lay(worker)
    return worker


@pytest.fixture
def hold(tmp_path: Path) -> Hold:
    """While it lasts, the jobs of the worker processes wait in their midst."""
    return Hold(tmp_path / "hold")


@pytest.fixture
async def start(settings: Settings, hold: Hold, tmp_path: Path) -> AsyncIterator[Start]:
    """Start a worker process in the home of the name given."""
    started: list[Process] = []
    environment = for_an_unmeasured_process() | {  # they are killed before they could tell anything
        "JINGSHI_HOME": str(settings.home),
        "JINGSHI_KEYS": str(settings.keys),
        "JINGSHI_DATABASE_URL": settings.database_url,
    }

    async def start_one(home: str) -> Process:
        (tmp_path / home).mkdir(exist_ok=True)
        words = ["-m", "tests.core.jobs.worker_process", str(tmp_path / home), str(hold.path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def is_running(process: Process) -> bool:
    """Wait for the line that says so; a process that ends says nothing."""
    assert process.stdout is not None
    return await asyncio.wait_for(process.stdout.readline(), 60) == b"running\n"
