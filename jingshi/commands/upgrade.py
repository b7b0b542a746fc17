"""``jingshi upgrade``: migrate the database."""

import asyncio

import click
from alembic.util.exc import CommandError

from core.db import SCHEMA_VERSION, Database
from core.errors import Misconfigured
from core.settings import Settings
from jingshi.operating import settings
from jingshi.schema import upgrade
from jingshi.setting_up import is_set_up


@click.command()
def command() -> None:
    """Bring the database to the schema of this version. Stop the processes and make a backup first."""
    asyncio.run(_upgrade(settings()))
    click.echo(f"the database has schema {SCHEMA_VERSION}")


async def _upgrade(told: Settings) -> None:
    database = Database(told.database_url)
    try:
        if not await is_set_up(database):
            raise Misconfigured("the database is empty; run: jingshi init")
        await upgrade(database)
    except CommandError as error:
        raise Misconfigured("the database is of a newer version than this program") from error
    finally:
        await database.dispose()
