"""Which worker is alive: each has a numbered place, and begins jobs under that place's name.

In SQLite there is one worker, which a lock in the home sees to. In PostgreSQL a place is an advisory lock, which the
server lets go of when its holder's connection ends, however it ends.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db import Database
from core.errors import Unavailable

_PLACES: Final = 64
_CLASS: Final = 0x6A696E67  # of the advisory locks, which the whole database shares
_ANSWER: Final = text("SELECT 1")
_TAKE: Final = text("SELECT pg_try_advisory_lock(:class, :number)")
_LEAVE: Final = text("SELECT pg_advisory_unlock(:class, :number)")
_KEEPALIVE: Final = ("tcp_keepalives_idle = 10", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")


class PlaceLost(RuntimeError):
    """Somebody else took this worker's place while its connection was gone; it must end and start anew."""


class Place:
    """A worker's place; in PostgreSQL with the connection that holds it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None
        self._number = 1

    @property
    def executor(self) -> str:
        """The name under which jobs are begun here."""
        return f"worker-{self._number}"

    async def take(self) -> None:
        """Take the first place that is free; raises `Unavailable`."""
        if self._database.is_sqlite:
            return
        self._connection = await self._connect()
        for number in range(1, _PLACES + 1):
            if await self._ask(_TAKE, number):
                self._number = number
                return
        raise Unavailable("too_many_workers")

    async def hold(self) -> None:
        """Take the place again if the connection was lost; raises `PlaceLost`, or `Unavailable`."""
        if self._database.is_sqlite:
            return
        try:
            await self._ask(_ANSWER)
        except Unavailable:
            await self.leave()
            self._connection = await self._connect()
            if not await self._ask(_TAKE, self._number):
                raise PlaceLost from None

    async def is_free(self, executor: str) -> bool:
        """Return whether nobody holds the place of that name; raises `Unavailable`."""
        number = int(executor.removeprefix("worker-"))
        if not await self._ask(_TAKE, number):
            return False
        await self._ask(_LEAVE, number)
        return True

    async def leave(self) -> None:
        """Let go of the place: it is free at once, and at the latest when the server sees the connection end."""
        if self._connection is not None:
            with suppress(Unavailable):
                await self._ask(_LEAVE, self._number)
            await self._connection.invalidate()
            await self._connection.close()
            self._connection = None

    async def _ask(self, question: TextClause, number: int = 0) -> bool:
        if self._connection is None:
            raise Unavailable("database_unavailable")
        try:
            return bool(await self._connection.scalar(question, {"class": _CLASS, "number": number}))
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("database_unavailable") from error

    async def _connect(self) -> AsyncConnection:
        """Return a connection without transactions, which a machine that goes dark loses in half a minute."""
        try:
            connection = await self._database.engine.connect()
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for setting in _KEEPALIVE:
                await connection.execute(text(f"SET {setting}"))
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("database_unavailable") from error
        return connection


@asynccontextmanager
async def taken(database: Database) -> AsyncIterator[Place]:
    """Hold a place as long as the block lasts; raises `Unavailable`."""
    place = Place(database)
    try:
        await place.take()
        yield place
    finally:
        await place.leave()
