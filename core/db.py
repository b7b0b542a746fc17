"""The database port: one engine, one transaction at a time per piece of work, the same on SQLite and PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self, TypeVar

import aiosqlite
import psycopg
from psycopg.pq import Format
from sqlalchemy import BindParameter, DateTime, Dialect, MetaData, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.visitors import ExternallyTraversible, cloned_traverse
from sqlalchemy.types import TypeDecorator

from core.errors import Misconfigured, RightMissing, Unavailable

SCHEMA_VERSION = "0008"  # the newest migration; a test holds the two together

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
_BUSY_MS = 5_000
_FIRST_ROWS = 64
_SHORT = "-c max_parallel_workers_per_gather=0 -c jit=off"  # to start a worker, or to compile, takes longer than we do
_READ_ONLY = "25006"  # PostgreSQL: read_only_sql_transaction, as a standby answers


Statement = TypeVar("Statement", bound=ExternallyTraversible)


class Base(DeclarativeBase):
    """The root of every row class; constraint names are spelled out so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite drops time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class names it
        """Refuse a naive moment: it would be read back in another zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Give every moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def database_url(text: str) -> URL:
    """Return the SQLAlchemy URL with the driver that we use; raise `Misconfigured` for any other database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise Misconfigured("JINGSHI_DATABASE_URL is not a database URL") from error
    driver = _DRIVERS.get(url.get_backend_name())
    if driver is None:
        raise Misconfigured(f"JINGSHI_DATABASE_URL must begin with sqlite:// or postgresql://, not {url.drivername}://")
    return url.set(drivername=driver)


class Database:
    """An engine and the one way to use it."""

    def __init__(self, url: str) -> None:
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, is_sqlite=self.is_sqlite)
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self, *, write: bool = True) -> AsyncIterator[AsyncSession]:
        """One transaction, by its session: committed when the block ends, rolled back when it raises.

        What is done in one that does not ``write`` is not kept; PostgreSQL refuses it.

        Raises `Unavailable` when the database is down, locked or full; then nothing was changed.
        """
        async with self.begin(write=write) as transaction:
            yield transaction.session

    @asynccontextmanager
    async def begin(self, *, write: bool = True) -> AsyncIterator["Transaction"]:
        """Begin one transaction; the rest is as for `transaction`."""
        async with AsyncExitStack() as stack:
            if write and self.is_sqlite:  # SQLite has one writer; queueing here is fairer and faster than its busy wait
                await stack.enter_async_context(self._writer)
            try:
                connection = await stack.enter_async_context(self.engine.connect())
                connection = await connection.execution_options(writes=write)
                _ = await connection.begin()
                transaction = Transaction(connection)
                stack.push_async_callback(transaction.close)
                yield transaction
                if write:
                    await transaction.commit()
                elif not self.is_sqlite:  # a rollback would make the driver forget the statements that it has prepared
                    await connection.commit()
            except (PoolTimeoutError, ConnectionError) as error:
                raise Unavailable("database_unavailable") from error
            except DBAPIError as error:
                if _is_outage(error, write=write):
                    raise Unavailable("database_unavailable") from error
                if is_refusal(error):
                    raise RightMissing("the database refuses this process a right; run: jingshi rights") from error
                raise

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


class Transaction:
    """A transaction under way: its connection, and a session for whoever works with rows as objects.

    A statement that is run often goes to the connection: a session costs as much as several of them. The session sees
    what the connection does; what it has not flushed yet, the connection does not see.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self._session: AsyncSession | None = None

    @property
    def session(self) -> AsyncSession:
        """The session of this transaction, made when it is first asked for."""
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    async def flush(self) -> None:
        """Let the connection see what was done by the session."""
        if self._session is not None:
            await self._session.flush()

    async def commit(self) -> None:
        """Commit what was done by either."""
        await self.flush()
        await self.connection.commit()

    async def close(self) -> None:
        """Let go of the session."""
        if self._session is not None:
            await self._session.close()


def written_out(statement: Statement) -> Statement:
    """Return a statement with its own values written into it; what it is given when it is run stays a parameter.

    PostgreSQL keeps one plan for a statement only where no value would lead to a better one. For what is run often, and
    put together once.
    """
    return cloned_traverse(statement, {}, {"bindparam": _write_out})


def _write_out(value: BindParameter[Any]) -> None:
    value.literal_execute = not value.required


def is_refusal(error: DBAPIError) -> bool:
    """Tell a right that this process was not given (SQLSTATE 42501) from other errors."""
    return getattr(error.orig, "sqlstate", None) == "42501"


def _is_outage(error: DBAPIError, *, write: bool) -> bool:
    """Tell a database that is down, locked or full from a statement that is wrong, as one that writes in a read is."""
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return name.split("_")[1] in {"BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "PROTOCOL"}
    is_read_only = write and getattr(error.orig, "sqlstate", None) == _READ_ONLY
    return error.connection_invalidated or is_read_only or isinstance(error, OperationalError | InterfaceError)


def _engine(url: URL, *, is_sqlite: bool) -> AsyncEngine:
    # hide_parameters: a failed statement must not carry its values into a log
    if not is_sqlite:
        told = {"options": _SHORT, "cursor_factory": _PostgresqlCursor}
        engine = create_async_engine(
            url, hide_parameters=True, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args=told
        )
        event.listen(engine.sync_engine, "begin", _begin_postgresql)
        return engine
    connect = {"timeout": _BUSY_MS / 1000, "async_creator_fn": _SqliteConnection}
    engine = create_async_engine(url, hide_parameters=True, pool_size=8, max_overflow=8, connect_args=connect)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


class _PostgresqlCursor(psycopg.AsyncCursor[Any]):
    """Asks for rows as they are; in text, what is sealed would come at twice its length, and take thrice the time."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], **options: Any) -> None:  # noqa: ANN401 - they go on as they are
        super().__init__(connection, **options)
        self.format = Format.BINARY


class _SqliteConnection(aiosqlite.Connection):
    """Goes to its thread for statements alone.

    The driver itself also goes there to make a cursor, to fetch and to close it; under load that costs more than the
    statement.
    """

    def __init__(self, *place: str, **options: Any) -> None:  # noqa: ANN401 - they go to `sqlite3.connect` as they are
        super().__init__(partial(sqlite3.connect, *place, **options), iter_chunk_size=_FIRST_ROWS)
        self._thread.daemon = True  # a process that ends does not wait for it

    def cursor(self) -> "_SqliteCursor":  # type: ignore[override] # SQLAlchemy asks for no more than it enters
        return _SqliteCursor(self, self._conn.cursor())

    async def rollback(self) -> None:
        if self.in_transaction:  # the pool asks for it after every commit, too
            await super().rollback()


class _SqliteCursor(aiosqlite.Cursor):
    """Brings the first rows along with the statement: most have no more."""

    _first: Sequence[Any] = ()

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Self:
        self._first = await self._execute(self._run, sql, parameters or ())  # type: ignore[no-untyped-call]
        return self

    async def fetchall(self) -> Sequence[Any]:
        first, self._first = self._first, ()
        return [*first, *await super().fetchall()] if len(first) == _FIRST_ROWS else first

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        if not self._first:
            return [*await super().fetchmany(size)]
        given, self._first = self._first[:size], self._first[size or _FIRST_ROWS :]
        return given

    async def close(self) -> None:
        self._cursor.close()

    def _run(self, sql: str, parameters: Iterable[Any]) -> Sequence[Any]:
        self._cursor.execute(sql, tuple(parameters))
        return self._cursor.fetchmany(_FIRST_ROWS) if self._cursor.description else ()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the adapter of the driver has no public type
    connection.isolation_level = None  # the driver would otherwise begin transactions on its own, and late
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    # who writes asks for nothing: a server that was told to take no writes stays so
    driver: Any = connection.connection.dbapi_connection
    driver.set_read_only(None if connection.get_execution_options().get("writes", True) else True)
