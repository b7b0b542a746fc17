"""Migrations, run by the commands of the command line and by the tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from psycopg import AsyncCursor
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

import migrations
from core import jobs
from core.db import Base, Database
from core.errors import Misconfigured


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to ``revision``, and the tables of the jobs to what this version needs."""
    async with _rebuilding(database) as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), revision))
    await jobs.migrate(database.url)


async def downgrade(database: Database, revision: str = "base") -> None:
    """Take the database back to ``revision``; its rows go with the tables."""
    async with _rebuilding(database) as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))


async def differences(database: Database) -> list[object]:
    """Return what the tables in the code have that the migrated database has not, and the other way round."""

    def compare(connection: Connection) -> list[object]:
        options = {"include_name": _is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))

    async with database.engine.connect() as connection:
        if not database.is_sqlite:  # SQLAlchemy reads the catalogue of PostgreSQL as text
            (await connection.get_raw_connection()).driver_connection.cursor_factory = AsyncCursor  # type: ignore[union-attr]
        return await connection.run_sync(compare)


@asynccontextmanager
async def _rebuilding(database: Database) -> AsyncIterator[AsyncConnection]:
    """One transaction in which SQLite may build tables anew: what points at a dropped table is checked at its end.

    Otherwise to drop the old table would delete, or empty, what points at its rows (SQLite: "Making other kinds of
    table schema changes"). Raises `Misconfigured` for a row that points at nothing; then nothing was changed.
    """
    if not database.is_sqlite:
        async with database.engine.begin() as connection:
            yield connection
        return
    async with database.engine.connect() as connection:
        await _check_foreign_keys(connection, "OFF")
        try:
            async with connection.begin():
                yield connection
                if (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first():
                    raise Misconfigured("rows of the database point at rows that are not there")
        finally:
            await _check_foreign_keys(connection, "ON")


async def _check_foreign_keys(connection: AsyncConnection, whether: str) -> None:
    """Switch it on or off for this connection, outside a transaction: within one it would change nothing."""
    driver = (await connection.get_raw_connection()).driver_connection
    await driver.execute(f"PRAGMA foreign_keys={whether}")  # type: ignore[union-attr]  # the driver's own


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the tables of the jobs, which in SQLite lie among ours and have migrations of their own."""
    return kind != "table" or name is None or not jobs.is_table(name)
