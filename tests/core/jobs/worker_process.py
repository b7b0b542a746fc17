"""A worker as a process of its own: ``python -m tests.core.jobs.worker_process HOME HOLD``.

The environment tells it the rest. It prints a line when it carries out jobs, and ends when its standard input does.
"""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import uvloop

from core import jobs
from core.app import App
from core.errors import Misconfigured
from core.settings import Settings
from jingshi import logs
from jingshi.lock import only_one
from tests.core.jobs.effects import QUICK, Hold, marking


async def _run(settings: Settings, hold: Path) -> None:
    app = App.for_process(settings, "worker")
    await app.open()
    app.jobs.handle("mark", marking(str(os.getpid()), Hold(hold)))
    async with jobs.running(app, app.jobs, pace=QUICK):
        print("running", flush=True)  # noqa: T201 - this is how the test knows
        await asyncio.to_thread(sys.stdin.read)
    await app.close()


def main() -> None:
    logs.configure("worker")
    home, hold = map(Path, sys.argv[1:])
    settings = replace(Settings.from_environment(os.environ), home=home)
    try:
        with only_one(home, "worker"):
            uvloop.run(_run(settings, hold))
    except Misconfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
