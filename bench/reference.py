"""The reference: the least that takes the same POST and keeps it. It seals nothing, checks nothing, gives no receipt.

    python -m bench.reference PORT (sqlite:///FILE | postgresql://…)

Starlette parses the form; one row is inserted and committed on its own, as durably as ours.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Protocol

import aiosqlite
import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.reports import PATH

_TABLE: Final = "CREATE TABLE IF NOT EXISTS plain_report (id INTEGER PRIMARY KEY {}, text TEXT NOT NULL)"
_CONNECTIONS: Final = 10


class Store(Protocol):
    """Where a row goes."""

    async def put(self, text: str) -> None:
        """Insert one row and commit it."""


class SqliteStore:
    """One connection: SQLite has one writer."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def put(self, text: str) -> None:
        """Insert one row and commit it (the driver is in autocommit mode)."""
        async with self._turn:
            await self._connection.execute("INSERT INTO plain_report (text) VALUES (?)", (text,))


class PostgresStore:
    """A few connections in autocommit mode."""

    def __init__(self, connections: "asyncio.Queue[psycopg.AsyncConnection]") -> None:
        self._connections = connections

    async def put(self, text: str) -> None:
        """Insert one row and commit it."""
        connection = await self._connections.get()
        try:
            await connection.execute("INSERT INTO plain_report (text) VALUES (%s)", (text,))
        finally:
            self._connections.put_nowait(connection)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """Open the store at ``url`` as long as the block lasts."""
    if url.startswith("sqlite:///"):
        async with aiosqlite.connect(url.removeprefix("sqlite:///"), isolation_level=None) as connection:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                await connection.execute(f"PRAGMA {pragma}")
            await connection.execute(_TABLE.format(""))
            yield SqliteStore(connection)
    else:
        connections: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()
        for _ in range(_CONNECTIONS):
            connections.put_nowait(await psycopg.AsyncConnection.connect(url, autocommit=True))
        first = await connections.get()
        await first.execute(_TABLE.format("GENERATED ALWAYS AS IDENTITY").encode())
        connections.put_nowait(first)
        yield PostgresStore(connections)
        while not connections.empty():
            await connections.get_nowait().close()


def create(url: str) -> Starlette:
    """Return the application."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened(url) as store:
            app.state.store = store
            yield

    async def take(request: Request) -> Response:
        async with request.form() as form:
            text = json.dumps(dict(form.items()), ensure_ascii=False, default=str)
        await request.app.state.store.put(text)
        return PlainTextResponse("kept")

    async def home(_request: Request) -> Response:
        return PlainTextResponse("here")

    return Starlette(routes=[Route("/", home), Route(PATH, take, methods=["POST"])], lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(
        create(sys.argv[2]), port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="none", log_level="critical"
    )
