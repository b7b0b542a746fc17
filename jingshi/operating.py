"""What the commands share: the settings of the environment and a core for an operator's piece of work."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from core.app import App
from core.settings import Settings
from core.work import System, Work

OPERATOR: Final = System("operator")
SOURCE: Final = "cli"


def settings() -> Settings:
    """Return what the environment says; raises `Misconfigured`."""
    return Settings.from_environment(os.environ)


@asynccontextmanager
async def opened(process: str = "desk", *, with_settings: Settings | None = None) -> AsyncIterator[App]:
    """Open the core of a process as long as the block lasts; raises `Misconfigured` or `Unavailable`."""
    app = App.for_process(with_settings or settings(), process)
    try:
        await app.open()
        yield app
    finally:
        await app.close()


@asynccontextmanager
async def operating(app: App, *, write: bool = True) -> AsyncIterator[Work]:
    """Begin an operator's piece of work: one transaction, committed when the block ends."""
    async with app.work(OPERATOR, SOURCE, write=write) as work:
        yield work
