"""``jingshi doctor``: check the installation."""

import asyncio
import json
from dataclasses import asdict

import click

from jingshi.checkup import examine
from jingshi.findings import Finding
from jingshi.operating import settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a list of {level, about, text}.")
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Check home, keys, database, people, calendar, bots, audit trail and backups; exit with 1 when something fails."""
    findings = asyncio.run(_all())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=1))
    else:
        for each in findings:
            click.echo(f"{each.level:6}{each.about:16}{each.text}")
    if any(each.level == "fail" for each in findings):
        context.exit(1)


async def _all() -> list[Finding]:
    return [each async for each in examine(settings())]
