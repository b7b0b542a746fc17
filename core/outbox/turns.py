"""At most one process at a time sends for a bot: the limits of the platform are the bot's, not a process's.

In PostgreSQL the turn is an advisory lock, which the server lets go of when its holder's connection ends, however it
ends; in SQLite a lock of the kernel on a file beside the database. A crash leaves neither behind.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db import Database
from core.errors import Unavailable

_CLASS: Final = 0x6F757462  # of the advisory locks, which the whole database shares
_TAKE: Final = text(f"SELECT pg_try_advisory_lock({_CLASS}, :bot)")
_LEAVE: Final = text(f"SELECT pg_advisory_unlock({_CLASS}, :bot)")


class Turn:
    """A turn that was taken."""

    def __init__(self, connection: AsyncConnection | None = None) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Raise `Unavailable` when the connection that held it is gone: somebody else may have the turn by now."""
        try:
            if self._connection is not None:
                await self._connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("database_unavailable") from error


@asynccontextmanager
async def taken(database: Database, bot: str) -> AsyncIterator[Turn | None]:
    """Hold the turn of a bot as long as the block lasts; give ``None`` when somebody else has it.

    Raises `Unavailable` when the database cannot be asked.
    """
    take = _in_file if database.is_sqlite else _in_server
    async with take(database, bot) as turn:
        yield turn


@asynccontextmanager
async def _in_file(database: Database, bot: str) -> AsyncIterator[Turn | None]:
    path = Path(database.url.database or "").with_name(f".sender-{bot}.lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield Turn()
    finally:
        os.close(handle)


@asynccontextmanager
async def _in_server(database: Database, bot: str) -> AsyncIterator[Turn | None]:
    number = {"bot": crc32(bot.encode()) - 2**31}
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(database.engine.connect())
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            is_ours = await connection.scalar(_TAKE, number)
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("database_unavailable") from error
        if not is_ours:
            yield None
            return
        try:
            yield Turn(connection)
        finally:
            await asyncio.shield(_leave(connection, number))


async def _leave(connection: AsyncConnection, number: Mapping[str, int]) -> None:
    try:
        await connection.execute(_LEAVE, number)
    except (SQLAlchemyError, OSError):
        await connection.invalidate()  # the lock ends with the connection
