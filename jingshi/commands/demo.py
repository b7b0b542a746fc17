"""``jingshi demo``: an invented district to try everything on."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import click

from core.settings import Settings
from jingshi.logs import configure


@click.command()
@click.option("--fill-only", is_flag=True, help="Lay the demo home and stop; serve nothing.")
@click.pass_context
def command(context: click.Context, *, fill_only: bool) -> None:
    """Fill a home with the demo district (the first time) and serve it until Ctrl-C.

    The home is var/demo unless JINGSHI_HOME says otherwise; its clock begins on 2026-09-30. Everything in it is
    invented, and the secrets of its accounts are public.
    """
    configure("demo")
    os.umask(0o077)
    settings = _settings()
    from jingshi.demo.home import ACCOUNTS, RECEIPTS, make_demo_home  # noqa: PLC0415 - brings the whole core

    if not (settings.home / ACCOUNTS).exists():
        click.echo("Laying the demo district: units, 600 officials, staff, reports and answers. This takes a minute.")
    asyncio.run(make_demo_home(settings))
    click.echo(f"demo accounts   {_shown(settings.home / ACCOUNTS)}")
    click.echo(f"demo receipts   {_shown(settings.home / RECEIPTS)}")
    if fill_only:
        return
    from jingshi.supervisor import supervise  # noqa: PLC0415 - as above

    click.echo("Ctrl-C stops it.")
    context.exit(supervise(settings))


def _settings() -> Settings:
    from jingshi.demo.home import TODAY  # noqa: PLC0415 - as above

    environment = {"JINGSHI_HOME": "var/demo", **os.environ}
    environment.pop("JINGSHI_DATABASE_URL", None)  # the demo lives in the embedded database
    settings = Settings.from_environment(environment)
    return settings if settings.now else replace(settings, now=TODAY)


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
