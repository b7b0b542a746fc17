"""Migrations and tables say the same."""

from collections.abc import Sequence
from uuid import UUID

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

import migrations
from core import cases
from core.app import App
from core.cases import cards, proceedings
from core.cases.items.tables import Fact, Item
from core.db import SCHEMA_VERSION, Database
from core.sealing import Escrow
from core.work import Reporter
from jingshi.schema import differences, downgrade, upgrade
from tests.core.cases.builders import submitted
from tests.core.cases.offices import Offices, a_card, the_offices


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


async def test_indexes_that_are_there_already_do_not_keep_a_home_from_an_upgrade(database_url: str) -> None:
    database = Database(database_url)
    await downgrade(database, "0007")
    async with database.transaction() as session:
        for name in ("ix_measure_waiting", "ix_measure_drafted"):
            await session.execute(text(f"CREATE INDEX {name} ON measure (changed_at)"))
    await upgrade(database)
    assert await differences(database) == []
    await database.dispose()


def test_the_code_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_VERSION


async def test_an_upgrade_keeps_what_points_at_a_table_built_anew_and_marks_what_waits(
    intake: App, desk: App, escrow: Escrow
) -> None:
    offices = await the_offices(desk, escrow)
    await one_with_facts(intake, offices)
    answered = await one_with_facts(intake, offices)
    await offices.do(offices.clerk, lambda work: cases.answer(work, answered, "已经记下。"))
    await offices.do(offices.clerk, lambda work: proceedings.open_case(work, answered))
    before = await marks(desk.database)
    assert sorted(before) == sorted([("awaits", False), ("awaits", True), ("answered", False), ("answered", True)])
    await downgrade(desk.database, "0005")
    await upgrade(desk.database)
    assert await marks(desk.database) == before


async def one_with_facts(intake: App, offices: Offices) -> UUID:
    """An accepted item, to which its reporter then added something."""
    made = await submitted(intake)
    item_id, clerk = made.item_id, offices.clerk
    await offices.do(clerk, lambda work: cards.card(work, item_id, a_card(offices.official_id)))
    await offices.do(clerk, lambda work: cards.propose(work, item_id, "accepted", reason="属于受理范围"))
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item_id, approved=True))
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, made.receipt, "当天还有另外两人在场")
    return item_id


async def marks(database: Database) -> Sequence[tuple[str, bool]]:
    """What waits, in the order of the rows that say so."""
    async with database.transaction(write=False) as session:
        awaits = (await session.scalars(select(Item.awaits_case).order_by(Item.id))).all()
        answered = (await session.scalars(select(Fact.is_answered).order_by(Fact.id))).all()
    return [*(("awaits", each) for each in awaits), *(("answered", each) for each in answered)]
