"""``jingshi staff``: accounts and appointments."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import click
import segno

from core import access, registry
from core.access import AccountView
from core.errors import Denied, Misconfigured, NotFound
from core.registry import STAFF, Appointment
from core.work import Work
from jingshi.identities import read_identity
from jingshi.operating import opened, operating

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_ROLE = click.Choice(sorted(role.value for role in STAFF))


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a member of staff chooses: one to sign in with, one to open what is sealed to them."""

    password: str = field(repr=False)
    passphrase: str = field(repr=False)


@click.group()
def command() -> None:
    """Accounts and appointments of members of staff."""


@command.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", type=_ROLE, required=True, help="The role that they are appointed to.")
@click.option("--unit", required=True, metavar="CODE", help="The unit in which they hold it.")
@click.option("--since", type=_DAY, help="First day of the appointment; by default today.")
@click.option("--escrow", type=click.Path(path_type=Path), help="Escrow key: also give them the keys of their role.")
@click.option("--secrets-stdin", is_flag=True, help="Read password and passphrase as two lines, for scripts.")
def add(
    username: str, *, name: str, role: str, unit: str, since: datetime | None, escrow: Path | None, secrets_stdin: bool
) -> None:
    """Add a person with an appointment and an account, and print their TOTP secret once.

    The password signs in; the passphrase opens what is sealed to them, and nobody can reset it.
    """
    identity = read_identity(escrow) if escrow else None
    chosen = _secrets_from_stdin() if secrets_stdin else _ask_secrets()
    secret, purposes = asyncio.run(_add(username, chosen, (name, role, unit), _day(since), identity))
    click.echo(f"account    {username}")
    for purpose in purposes:
        click.echo(f"holds key  {purpose}")
    _show_totp(username, secret)


@command.command("list")
def list_() -> None:
    """List the accounts with their roles today."""
    for line in asyncio.run(_list()):
        click.echo(line)


@command.command()
@click.argument("username")
@click.option("--role", type=_ROLE, required=True)
@click.option("--unit", required=True, metavar="CODE")
@click.option("--since", type=_DAY, help="First day; by default today.")
@click.option("--until", type=_DAY, help="Last day; by default open.")
def appoint(username: str, *, role: str, unit: str, since: datetime | None, until: datetime | None) -> None:
    """Appoint a person to a further role. A role opens nothing until a holder, or escrow, grants its key."""
    asyncio.run(_appoint(username, role, unit, _day(since), _day(until)))
    click.echo(f"{username} is {role} in {unit}")


@command.command()
@click.argument("username")
@click.option("--role", type=_ROLE, required=True)
@click.option("--unit", required=True, metavar="CODE")
@click.option("--on", "last", type=_DAY, help="Last day; by default today.")
def end(username: str, *, role: str, unit: str, last: datetime | None) -> None:
    """End an appointment; keys that came with it are dropped, and are due for rotation."""
    asyncio.run(_end(username, role, unit, _day(last)))
    click.echo(f"{username} is no longer {role} in {unit}")


@command.command("reset-totp")
@click.argument("username")
def reset_totp(username: str) -> None:
    """Give an account another TOTP secret, print it once, and sign the account out."""
    _show_totp(username, asyncio.run(_reset_totp(username)))


@command.command("reset-password")
@click.argument("username")
@click.option("--secrets-stdin", is_flag=True, help="Read the password as one line, for scripts.")
def reset_password(username: str, *, secrets_stdin: bool) -> None:
    """Give an account another password. The passphrase stays: nobody can reset it."""
    password = _line("password") if secrets_stdin else _ask("Password")
    asyncio.run(_reset_password(username, password))
    click.echo(f"{username} has another password")


@command.command("new-key")
@click.argument("username")
@click.option("--escrow", type=click.Path(path_type=Path), help="Escrow key: also give them the keys of their role.")
@click.option("--secrets-stdin", is_flag=True, help="Read the passphrase as one line, for scripts.")
def new_key(username: str, *, escrow: Path | None, secrets_stdin: bool) -> None:
    """Give somebody who lost their passphrase another key, sign them out, and say what must be granted anew."""
    identity = read_identity(escrow) if escrow else None
    passphrase = _line("passphrase") if secrets_stdin else _ask("Passphrase")
    lost, purposes = asyncio.run(_new_key(username, passphrase, identity))
    click.echo(f"{username} has another key")
    for purpose in purposes:
        click.echo(f"holds key  {purpose}")
    for purpose in lost.purposes:
        if purpose not in purposes:
            click.echo(f"lost key   {purpose}: a holder grants it anew, or: jingshi keys recover")
    click.echo(f"lost items {lost.items}" + (": whoever can open them grants them anew" if lost.items else ""))


@command.command()
@click.argument("username")
def disable(username: str) -> None:
    """Close an account and end its sessions. Appointments stay: end them too."""
    asyncio.run(_disable(username))
    click.echo(f"{username} cannot sign in")


async def account_named(work: Work, username: str) -> AccountView:
    """Return an account by user name; raises `NotFound`."""
    wanted = username.strip().casefold()
    found = next((each for each in await access.accounts(work) if each.username == wanted), None)
    if found is None:
        raise NotFound("account_unknown")
    return found


async def recover_all(work: Work, username: str, identity: str) -> list[str]:
    """Give an account, by escrow, every shared key that its roles entitle to; return their purposes."""
    account, given = await account_named(work, username), []
    for purpose in access.PURPOSES:
        try:
            await access.recover_shared_key(work, purpose, account.person_id, identity)
        except Denied:  # their roles entitle them to others
            continue
        given.append(purpose)
    return given


async def _add(
    username: str, chosen: Secrets, post: tuple[str, str, str], since: date | None, identity: str | None
) -> tuple[str, Sequence[str]]:
    name, role, code = post
    async with opened() as app, operating(app) as work:
        unit = await registry.unit_by_code(work, code)
        person = await registry.add_person(work, name)
        await access.appoint(work, person.id, role, unit.id, since=since or work.clock.today())
        new = await access.create_account(
            work, person_id=person.id, username=username, password=chosen.password, passphrase=chosen.passphrase
        )
        purposes = await recover_all(work, username, identity) if identity else []
        return new.totp_secret, purposes


async def _list() -> list[str]:
    async with opened() as app, operating(app, write=False) as work:
        units = {unit.id: unit.code for unit in await registry.units(work)}
        lines = []
        for account in await access.accounts(work):
            held = await registry.appointments_of(work, account.person_id, on=work.clock.today())
            roles = ", ".join(f"{each.role} in {units[each.unit_id]}" for each in held) or "no role"
            state = "closed" if account.disabled_at else "open"
            name = (await registry.person(work, account.person_id)).name
            lines.append(f"{account.username:24}{state:8}{name}: {roles}")
        return lines


async def _appoint(username: str, role: str, code: str, since: date | None, until: date | None) -> None:
    async with opened() as app, operating(app) as work:
        account, unit = await account_named(work, username), await registry.unit_by_code(work, code)
        since = since or work.clock.today()
        await access.appoint(work, account.person_id, role, unit.id, since=since, until=until)


async def _end(username: str, role: str, code: str, last: date | None) -> None:
    async with opened() as app, operating(app) as work:
        account, unit = await account_named(work, username), await registry.unit_by_code(work, code)
        held = await registry.appointments_of(work, account.person_id, on=work.clock.today())
        ending = next((each for each in held if _is(each, role, unit)), None)
        if ending is None:
            raise NotFound("appointment_unknown")
        await access.end_appointment(work, ending.id, on=last or work.clock.today())


def _is(held: Appointment, role: str, unit: registry.Unit) -> bool:
    return held.role == role and held.unit_id == unit.id


async def _reset_totp(username: str) -> str:
    async with opened() as app, operating(app) as work:
        return await access.reset_totp(work, (await account_named(work, username)).id)


async def _reset_password(username: str, password: str) -> None:
    async with opened() as app, operating(app) as work:
        await access.reset_password(work, (await account_named(work, username)).id, password)


async def _new_key(username: str, passphrase: str, identity: str | None) -> tuple[access.Lost, Sequence[str]]:
    async with opened() as app, operating(app) as work:
        lost = await access.replace_person_key(work, (await account_named(work, username)).id, passphrase)
        return lost, await recover_all(work, username, identity) if identity else []


async def _disable(username: str) -> None:
    async with opened() as app, operating(app) as work:
        await access.disable_account(work, (await account_named(work, username)).id)


def _ask_secrets() -> Secrets:
    return Secrets(_ask("Password"), _ask("Passphrase"))


def _ask(what: str) -> str:
    answer: str = click.prompt(what, hide_input=True, confirmation_prompt=True)
    return answer


def _secrets_from_stdin() -> Secrets:
    return Secrets(_line("password"), _line("passphrase"))


def _line(what: str) -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise Misconfigured(f"the {what} is missing on the standard input")
    return line


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _show_totp(username: str, secret: str) -> None:
    link = access.totp_address(username, secret)
    click.echo(f"TOTP       {secret}\n           {link}\nShown once; scan it now:")
    segno.make(link, micro=False).terminal(out=sys.stdout, compact=True)
