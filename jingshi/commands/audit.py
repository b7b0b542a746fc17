"""``jingshi audit``: check the trail."""

import asyncio
from dataclasses import replace

import click

from core import audit
from core.access import permit_operated
from core.audit import Verdict
from core.settings import Settings
from jingshi.operating import opened, operating, settings


@click.group()
def command() -> None:
    """The audit trail."""


@command.command()
@click.option("--database-url", metavar="URL", help="Check a copy of the database; the key files stay this home's.")
@click.pass_context
def verify(context: click.Context, database_url: str | None) -> None:
    """Recompute the chain and its signed heads; name the first entry that does not fit and exit with 1."""
    told = settings()
    verdict = asyncio.run(_verify(replace(told, database_url=database_url) if database_url else told))
    click.echo(f"{verdict.chained} entries chained, {verdict.unchained} not yet, {verdict.heads} signed heads")
    if verdict.broken:
        click.echo(f"BROKEN: {verdict.broken}")
        context.exit(1)
    click.echo("the trail is whole")


async def _verify(told: Settings) -> Verdict:
    async with opened("worker", with_settings=told) as app, operating(app, write=False) as work:
        permit_operated(work, "audit.verify")
        return await audit.verify_chain(work)
