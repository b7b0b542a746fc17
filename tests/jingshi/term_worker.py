"""A worker that carries on terms alone: ``python -m tests.jingshi.term_worker HOME``; the environment tells the rest.

It prints a line when it carries out jobs, and ends when its standard input does.
"""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import uvloop

from core import jobs
from core.app import App
from core.settings import Settings
from jingshi import worker
from jingshi.lock import only_one
from tests.core.jobs.effects import QUICK


async def _run(settings: Settings) -> None:
    app, stop = App.for_process(settings, "worker"), asyncio.Event()
    await app.open()
    ticks = tuple(each for each in worker.all_ticks(app) if each.name == "carry terms on")
    async with jobs.running(app, app.jobs, pace=QUICK), asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run(app, stop, ticks=ticks))
        print("running", flush=True)  # noqa: T201 - this is how the test knows
        await asyncio.to_thread(sys.stdin.read)
        stop.set()
    await app.close()


def main() -> None:
    home = Path(sys.argv[1])
    with only_one(home, "worker"):
        uvloop.run(_run(replace(Settings.from_environment(os.environ), home=home)))


if __name__ == "__main__":
    main()
