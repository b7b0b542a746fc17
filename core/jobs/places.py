"""Which worker is alive: each has a numbered place, and the jobs that it began are begun under that place's name.

In SQLite there is one worker, which a lock in the home sees to. In PostgreSQL a place is an advisory lock, which the
server lets go of when its holder's connection ends, however it ends. Jobs under a place that nobody holds are put back.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db import Database
from core.errors import Unavailable
from core.jobs import store

LOG: Final = logging.getLogger(__name__)
ROUND: Final = 5.0  # seconds between two looks at the places
GRACE: Final = (
    10.0  # a restart of the database frees every place for a moment: only one that stays free is a dead worker's
)
_PLACES: Final = 64
_CLASS: Final = 0x6A696E67  # of the advisory locks, which the whole database shares
_KEEPALIVE: Final = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")
_TAKE: Final = text(f"SELECT pg_try_advisory_lock({_CLASS}, :number)")
_LEAVE: Final = text(f"SELECT pg_advisory_unlock({_CLASS}, :number)")


class PlaceLost(RuntimeError):
    """Somebody else took this worker's place while its connection was gone; it must end and start anew."""


class Place:
    """A worker's place. With ``number`` 1 in SQLite, and with a connection that holds it in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._free_since: dict[str, float] = {}
        self.number = 1

    @property
    def executor(self) -> str:
        """The name under which jobs are begun here."""
        return _executor(self.number)

    async def take(self) -> None:
        """Take the first place that is free; raises `Unavailable`."""
        try:
            self._connection = await self._connect()
            for number in range(1, _PLACES + 1):
                if await self._connection.scalar(_TAKE, {"number": number}):
                    self.number = number
                    return
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("database_unavailable") from error
        raise Unavailable("workers_too_many")

    async def leave(self) -> None:
        """Let go of the place."""
        if self._connection is not None:
            await self._connection.invalidate()  # the lock ends with the connection
            await self._connection.close()

    async def look_after_others(self) -> None:
        """Put back the jobs of places that have been free for a while; raises `PlaceLost`."""
        connection = await self._held()
        now = asyncio.get_running_loop().time()
        jobs = store.table_of("workflow_status", is_sqlite=False)
        begun = (
            select(jobs.c.executor_id).distinct().where(jobs.c.status == "PENDING", jobs.c.executor_id != self.executor)
        )
        free = {}
        for executor in await connection.scalars(begun):
            number = int(executor.removeprefix("worker-"))
            if await connection.scalar(_TAKE, {"number": number}):
                free[executor] = self._free_since.get(executor, now)
                if now - free[executor] >= GRACE:
                    await self._put_back(connection, executor)
                await connection.execute(_LEAVE, {"number": number})
        self._free_since = free

    async def _put_back(self, connection: AsyncConnection, executor: str) -> None:
        jobs = store.table_of("workflow_status", is_sqlite=False)
        done = await connection.execute(
            update(jobs)
            .where(jobs.c.status == "PENDING", jobs.c.executor_id == executor)
            .values(
                status="ENQUEUED",
                owner_xid=None,
                started_at_epoch_ms=None,
                updated_at=store.now_ms(),
                queue_name=func.coalesce(jobs.c.queue_name, store.QUEUE),
            )
        )
        LOG.warning("%d jobs of %s, which has died, are begun anew", done.rowcount, executor)

    async def _held(self) -> AsyncConnection:
        """Return the connection that holds the place, taking the place again after the connection was lost."""
        if self._connection is None or self._connection.invalidated or self._connection.closed:
            self._connection = await self._connect()
            if not await self._connection.scalar(_TAKE, {"number": self.number}):
                raise PlaceLost
        return self._connection

    async def _connect(self) -> AsyncConnection:
        connection = await self._database.engine.connect()
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for setting in _KEEPALIVE:  # a machine that went dark is found out in half a minute, not in two hours
            await connection.execute(text(f"SET {setting}"))
        return connection


@asynccontextmanager
async def taken(database: Database) -> AsyncIterator[Place]:
    """Hold a place as long as the block lasts, and look after the places of others meanwhile; raises `Unavailable`."""
    place = Place(database)
    if database.is_sqlite:
        yield place
        return
    await place.take()
    try:
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(_look_after_others(place))
            yield place
            looking.cancel()
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None  # there is one: the block's own, or that the place was lost
    finally:
        await asyncio.shield(place.leave())


async def _look_after_others(place: Place) -> None:
    is_away = False
    while True:
        await asyncio.sleep(ROUND)
        try:
            await place.look_after_others()
        except (SQLAlchemyError, OSError):
            if not is_away:
                LOG.warning("the database is away; jobs wait until it is back")
            is_away = True
        else:
            if is_away:
                LOG.warning("the database is back; jobs go on")
            is_away = False


def _executor(number: int) -> str:
    return f"worker-{number}"
