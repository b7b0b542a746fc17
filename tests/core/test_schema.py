"""Migrations and tables say the same."""

from alembic.config import Config
from alembic.script import ScriptDirectory

import migrations
from core.db import SCHEMA_VERSION, Database
from jingshi.schema import differences, downgrade, upgrade


async def test_the_migrations_lead_to_the_tables_of_the_code(database_url: str) -> None:
    database = Database(database_url)
    assert await differences(database) == []
    await database.dispose()


async def test_the_schema_goes_up_down_and_up_again(database_url: str) -> None:
    database = Database(database_url)
    await downgrade(database)
    assert len(await differences(database)) > 0
    await upgrade(database)
    assert await differences(database) == []
    await database.dispose()


def test_the_code_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_VERSION
