"""``jingshi rights``: least rights for each process on PostgreSQL."""

import asyncio
from collections.abc import Mapping

import click

from core.db import Database
from jingshi import rights
from jingshi.operating import settings


@click.command()
@click.option("--intake", metavar="ROLE", required=True, help="Database role of the intake process.")
@click.option("--desk", metavar="ROLE", required=True, help="Database role of the desk process.")
@click.option("--worker", metavar="ROLE", required=True, help="Database role of the worker process.")
@click.option("--apply", "is_applied", is_flag=True, help="Carry it out, as the owner of the tables.")
def command(intake: str, desk: str, worker: str, *, is_applied: bool) -> None:
    """Print the SQL that gives each process its rights on PostgreSQL and takes all others away, or carry it out.

    Run it with --apply as the owner of the tables, once after init and again after every upgrade.
    """
    roles = {"intake": intake, "desk": desk, "worker": worker}
    asyncio.run(_rights(Database(settings().database_url), roles, is_applied=is_applied))


async def _rights(database: Database, roles: Mapping[str, str], *, is_applied: bool) -> None:
    try:
        rights.require_postgresql(database)
        if is_applied:
            await rights.apply(database, roles)
            click.echo("each process has its rights, and no others")
        else:
            click.echo("\n".join(f"{each};" for each in ["BEGIN", *rights.statements(roles), "COMMIT"]))
    finally:
        await database.dispose()
