"""A handler whose runs and effects can be counted from outside, and what the tests wait with."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import text

from core import jobs
from core.app import App
from core.jobs import Context, Pace
from core.work import System

T = TypeVar("T")

ACTOR = System("worker")
QUICK = Pace(poll=0.1, look=0.3, grace=1.0, outage=0.1, pauses=(0.0, 0.0))
LAID = (
    "CREATE TABLE run (key VARCHAR, process VARCHAR)",
    "CREATE TABLE effect (key VARCHAR PRIMARY KEY, process VARCHAR)",
    "CREATE TABLE term (key VARCHAR PRIMARY KEY, due_at VARCHAR)",
)


async def lay(app: App) -> None:
    """Make the tables in which runs and effects are noted."""
    async with app.work(ACTOR, "test") as work:
        for statement in LAID:
            await work.session.execute(text(statement))


@dataclass(frozen=True)
class Hold:
    """A file that is seen from every process."""

    path: Path

    def begin(self) -> None:
        self.path.touch()

    def end(self) -> None:
        self.path.unlink()

    async def is_over(self) -> bool:
        return not await asyncio.to_thread(self.path.exists)


def marking(process: str, hold: Hold | None = None) -> Callable[[Context, UUID], Awaitable[None]]:
    """Return a handler that notes its run, waits while ``hold`` lasts, and has one effect for each job."""

    async def mark(context: Context, job_id: UUID) -> None:
        values = {"key": str(job_id), "process": process}
        async with context.work(ACTOR, "test") as work:
            await work.session.execute(text("INSERT INTO run VALUES (:key, :process)"), values)
        if hold is not None:
            await until(hold.is_over)
        async with context.work(ACTOR, "test") as work:
            await work.session.execute(
                text("INSERT INTO effect VALUES (:key, :process) ON CONFLICT DO NOTHING"), values
            )

    return mark


async def enqueue_mark(app: App) -> UUID:
    """Enqueue a job for `marking`; return its id."""
    job_id = uuid4()
    async with app.work(ACTOR, "test") as work:
        await jobs.enqueue(work, "mark", f"mark:{job_id}", job_id)
    return job_id


async def noted(app: App, table: str, job_id: UUID) -> list[str]:
    """Return the processes in which a job ran (``run``), or had its effect (``effect``)."""
    async with app.work(ACTOR, "test", write=False) as work:
        query = text(f"SELECT process FROM {table} WHERE key = :key")  # noqa: S608 - a name of ours
        return list(await work.session.scalars(query, {"key": str(job_id)}))


async def states(app: App) -> dict[str, str]:
    """Return the engine's own word for the state of each job, by its key."""
    schema = "" if app.database.is_sqlite else "dbos."
    async with app.work(ACTOR, "test", write=False) as work:
        rows = await work.session.execute(text(f"SELECT workflow_uuid, status FROM {schema}workflow_status"))  # noqa: S608 - a name of ours
        return {key: state for key, state in rows}  # noqa: C416 - rows are no pairs to mypy


async def change(app: App, table: str, how: str) -> None:
    """Change rows of the engine's tables behind its back."""
    schema = "" if app.database.is_sqlite else "dbos."
    async with app.work(ACTOR, "test") as work:
        await work.session.execute(text(f"UPDATE {schema}{table} SET {how}"))  # noqa: S608 - as above


async def until(ask: Callable[[], Awaitable[T]], seconds: float = 40.0) -> T:
    """Ask again and again until the answer is true, and return it; fail when it takes too long."""
    async with asyncio.timeout(seconds):
        while not (answer := await ask()):  # noqa: ASYNC110 - what is waited for happens in a database or a process
            await asyncio.sleep(0.05)
        return answer
