"""Migrations, run by the commands of the command line and by the tests."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

import migrations
from core import jobs
from core.db import Base, Database


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to ``revision``, and the tables of the jobs to what this version needs."""
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), revision))
    await jobs.migrate(database.url)


async def downgrade(database: Database, revision: str = "base") -> None:
    """Take the database back to ``revision``; its rows go with the tables."""
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))


async def differences(database: Database) -> list[object]:
    """Return what the tables in the code have that the migrated database has not, and the other way round."""

    def compare(connection: Connection) -> list[object]:
        options = {"include_name": _is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))

    async with database.engine.connect() as connection:
        return await connection.run_sync(compare)


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the tables of the jobs, which in SQLite lie among ours and have migrations of their own."""
    return kind != "table" or name is None or not jobs.is_table(name)
