"""``jingshi demo``: an invented district to try everything on."""

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path

import click
from pyotp import TOTP

from core.settings import Settings
from jingshi.logs import configure

_FIRST_TO_TRY = ("intake-clerk-office-1", "case-officer-org-office-1", "auditor-1")


@click.command()
@click.option("--fill-only", is_flag=True, help="Lay the demo home and stop; serve nothing.")
@click.option("--code", metavar="USERNAME", help="Print what a demo account signs in with now, and stop.")
@click.pass_context
def command(context: click.Context, *, fill_only: bool, code: str | None) -> None:
    """Fill a home with the demo district (the first time) and serve it until Ctrl-C.

    The home is var/demo unless JINGSHI_HOME says otherwise; its clock begins on 2026-09-30. Everything in it is
    invented, and the secrets of its accounts are public. With JINGSHI_INFORMANT_TOKEN its bot answers, too.
    """
    configure("demo")
    os.umask(0o077)
    settings = _settings()
    from jingshi.demo.home import ACCOUNTS, RECEIPTS, make_demo_home  # noqa: PLC0415 - brings the whole core

    if not (settings.home / ACCOUNTS).exists():
        click.echo("Laying the demo district: units, 600 officials, staff, reports and answers. This takes a minute.")
    asyncio.run(make_demo_home(settings))
    if code:
        _say_code(settings.home / ACCOUNTS, code)
        return
    click.echo(f"residents       http://{settings.host}:{settings.public_port}")
    click.echo(f"staff           http://{settings.host}:{settings.staff_port}/console")
    if settings.informant_token:
        click.echo(f"informant bot   by {settings.webhook('informant') or 'long polling'}, of {settings.telegram_api}")
    click.echo(f"demo accounts   {_shown(settings.home / ACCOUNTS)}  (try {', '.join(_FIRST_TO_TRY)})")
    click.echo(f"demo receipts   {_shown(settings.home / RECEIPTS)}")
    click.echo("one-time code   uv run jingshi demo --code intake-clerk-office-1")
    if fill_only:
        return
    from jingshi.supervisor import supervise  # noqa: PLC0415 - as above

    click.echo("The clock of the pages began on 2026-09-30; one-time codes go by the real time. Ctrl-C stops it.")
    context.exit(supervise(settings))


def _say_code(path: Path, username: str) -> None:
    accounts = {account["username"]: account for account in json.loads(path.read_text())}
    if username not in accounts:
        raise click.UsageError(f"There is no demo account {username}; they are: {', '.join(accounts)}.")
    account = accounts[username]
    for name in ("username", "password", "passphrase"):
        click.echo(f"{name:12}{account[name]}")
    click.echo(f"{'code':12}{TOTP(account['totp_secret']).now()}")


def _settings() -> Settings:
    from jingshi.demo.home import TODAY  # noqa: PLC0415 - as above

    environment = {"JINGSHI_HOME": "var/demo", **os.environ}
    environment.pop("JINGSHI_DATABASE_URL", None)  # the demo lives in the embedded database
    settings = Settings.from_environment(environment)
    return settings if settings.now else replace(settings, now=TODAY)


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
