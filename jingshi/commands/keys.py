"""``jingshi keys``: key files, shared keys, escrow."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click

from core import access, drafts, stations
from core.errors import Conflict, Misconfigured
from core.sealing import PROCESSES, escrow_seal, fingerprint, load_process_keys, new_escrow
from core.sealing.keyfiles import rotate_secret, set_upper_level
from core.work import Clock, System, Work
from jingshi.commands.staff import account_named, recover_all
from jingshi.identities import read_identity, write_identity
from jingshi.operating import opened, operating, settings

ROTATABLE: Final = {"draft": "intake", "drafts-hmac": "intake"}
"""Secrets that may be renewed, and whose they are: what the one before sealed is gone before it is."""

_ESCROW = click.option("--escrow", type=click.Path(path_type=Path), required=True, help="File of the escrow key.")


@click.group()
def command() -> None:
    """Key files, the keys that several people hold, and the offline escrow key."""


@command.command("list")
def list_() -> None:
    """List the secrets of each process and the holders of each shared key."""
    told = settings()
    for process in PROCESSES:
        secrets = load_process_keys(told.keys, process).secrets
        named = ", ".join(f"{name} ({len(each)})" if len(each) > 1 else name for name, each in secrets.items())
        click.echo(f"{process:8}{named}")
    for line in asyncio.run(_holders()):
        click.echo(line)


@command.command()
def fingerprints() -> None:
    """Print the short names of public keys, for people to compare before one seals to another."""
    for line in asyncio.run(_fingerprints()):
        click.echo(line)


@command.command("upper-level")
@click.argument("recipient")
def upper_level(recipient: str) -> None:
    """Set the public key (age1…) to which reports for the body above are sealed. Restart the processes afterwards."""
    escrow_seal(b"", recipient=recipient)  # says so when it is no such key
    set_upper_level(settings().keys, recipient)
    click.echo("Reports that the body above decides are sealed to this key once the processes have been restarted.")


@command.command()
@click.argument("name", type=click.Choice(sorted(ROTATABLE)))
def rotate(name: str) -> None:
    """Renew a secret of a process; the one before it still opens what it sealed. Restart the process afterwards.

    A shared key is rotated by somebody who holds it, on the staff pages.
    """
    told = settings()
    kept = asyncio.run(_kept())
    process = ROTATABLE[name]
    path = told.keys / process / f"{name}.key"
    load_process_keys(told.keys, process)
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if len(load_process_keys(told.keys, process).all(name)) > 1:
        _require_not_needed(name, changed, kept)
    rotate_secret(told.keys, process, name)
    click.echo(f"{name} is renewed; restart {process}")


@command.command()
@click.option("--purpose", type=click.Choice(access.PURPOSES), required=True)
@click.option("--to", "username", metavar="USERNAME", required=True)
@_ESCROW
def grant(purpose: str, username: str, escrow: Path) -> None:
    """Give a shared key to its first holder, or to another one where no holder is left, with the escrow key."""
    asyncio.run(_grant(purpose, username, read_identity(escrow)))
    click.echo(f"{username} holds {purpose}")


@command.command()
@click.option("--to", "username", metavar="USERNAME", required=True)
@_ESCROW
def recover(username: str, escrow: Path) -> None:
    """Give somebody every shared key that their roles entitle them to, with the escrow key."""
    for purpose in asyncio.run(_recover(username, read_identity(escrow))):
        click.echo(f"{username} holds {purpose}")


@command.command()
@click.argument("usernames", metavar="USERNAME...", nargs=-1, required=True)
@_ESCROW
def custodians(usernames: tuple[str, ...], escrow: Path) -> None:
    """Share the key of reporters' identities out among three custodians, with the escrow key: two open it together.

    Run it again when one of them leaves: what was shared out before is void then.
    """
    asyncio.run(_share_out(usernames, read_identity(escrow)))
    click.echo(f"two of {', '.join(usernames)} together open who reported")


@command.group()
def escrow() -> None:
    """The offline escrow key."""


@escrow.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Make an escrow key on a machine that is offline; its public half goes to jingshi init."""
    key = new_escrow()
    write_identity(file, key)
    click.echo(key.recipient)


async def _share_out(usernames: Sequence[str], identity: str) -> None:
    async with opened() as app, operating(app) as work:
        people = [(await account_named(work, username)).person_id for username in usernames]
        await access.share_out(work, "identity", people, identity)


async def _holders() -> Sequence[str]:
    async with opened() as app, operating(app, write=False) as work:
        names = await _names(work)
        lines = []
        for purpose, key in sorted(work.shared.items()):
            people = await access.people_with_seal(work, "shared_key", key.id)
            people |= await access.custodians(work, purpose)
            held = ", ".join(sorted(names.get(each, "somebody without an account") for each in people))
            lines.append(f"{purpose:32}{held or _unheld(purpose)}")
        return lines


def _unheld(purpose: str) -> str:
    """Return what to say of a key that nobody holds: most have a first holder to be named, one waits for its people."""
    if purpose in access.PURPOSES:
        return "nobody: jingshi keys grant"
    return "nobody: jingshi keys custodians"


async def _fingerprints() -> Sequence[str]:
    async with opened() as app, operating(app, write=False) as work:
        lines = [f"{purpose:32}{fingerprint(key.public)}" for purpose, key in sorted(work.shared.items())]
        for account in await access.accounts(work):
            key_row = await access.present_person_key(work, account.person_id)
            lines.append(f"{account.username:32}{fingerprint(key_row.public_key) if key_row else 'no key'}")
        return lines


@dataclass(frozen=True, slots=True)
class _Kept:
    """For how many days a draft is kept, and since when the oldest draft and record may lie as they do."""

    days: int
    draft: datetime | None
    record: datetime | None


def _require_not_needed(name: str, changed: datetime, kept: _Kept) -> None:
    """Raise `Misconfigured` while something may lie sealed to the secret before the present one (of ``changed``)."""
    if Clock().now() - changed < timedelta(days=kept.days):
        raise Misconfigured(f"{name} was renewed less than {kept.days} days ago; drafts sealed before would be lost")
    if kept.draft is not None and kept.draft < changed:  # one of a station is kept until its round is locked
        raise Misconfigured(f"drafts sealed before {name} was last renewed are still kept, and would be lost")
    if name == "draft" and kept.record is not None and kept.record < changed:
        raise Misconfigured("records of stations begun before the last renewal are not signed yet, and would be lost")


async def _kept() -> _Kept:
    async with opened() as app, app.work(System("cli"), "cli", write=False) as work:
        days = app.policy.days("draft_kept")
        return _Kept(days, await drafts.oldest(work), await stations.oldest_unsigned(work))


async def _grant(purpose: str, username: str, identity: str) -> None:
    async with opened() as app, operating(app) as work:
        account = await account_named(work, username)
        if purpose not in work.shared:  # a home of an earlier version, which knew fewer purposes
            access.create_shared_key(work, purpose)
            await work.session.flush()
        await access.recover_shared_key(work, purpose, account.person_id, identity)


async def _recover(username: str, identity: str) -> Sequence[str]:
    async with opened() as app, operating(app) as work:
        purposes = await recover_all(work, username, identity)
        if not purposes:
            raise Conflict("no_role_with_a_key")
        return purposes


async def _names(work: Work) -> dict[object, str]:
    return {account.person_id: account.username for account in await access.accounts(work)}
