"""``jingshi init``: set up a home."""

import asyncio
from pathlib import Path

import click

from core.sealing import new_escrow
from jingshi.identities import write_identity
from jingshi.operating import settings
from jingshi.setting_up import Plan, require_new, set_up


@click.command()
@click.option("--district", required=True, help="Name of the district, as pages show it.")
@click.option("--profile", type=click.Choice(["seed", "modern"]), default="seed", show_default=True, help="Policy.")
@click.option("--demo", "is_demo", is_flag=True, help="Mark the home as invented; its clock may be moved.")
@click.option(
    "--escrow-out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Make an escrow key and write it to this file, to be carried away and kept offline.",
)
@click.option("--escrow-recipient", metavar="age1…", help="Use the escrow key that has this public half.")
@click.option("--upper-level-recipient", metavar="age1…", help="Public age key of the body at the upper level.")
def command(
    district: str,
    profile: str,
    *,
    is_demo: bool,
    escrow_out: Path | None,
    escrow_recipient: str | None,
    upper_level_recipient: str | None,
) -> None:
    """Set up a home: folders, key files, database, shared keys and the offline escrow key."""
    if (escrow_out is None) == (escrow_recipient is None):
        raise click.UsageError("Give either --escrow-out FILE or --escrow-recipient age1….")
    told = settings()
    asyncio.run(require_new(told))
    escrow = new_escrow()
    recipient = escrow_recipient or escrow.recipient
    if escrow_out is not None:
        write_identity(escrow_out, escrow)
    try:
        plan = Plan(district, recipient, upper_level_recipient, profile, is_demo)
        asyncio.run(set_up(told, plan))
    except BaseException:
        if escrow_out is not None:
            escrow_out.unlink()
        raise
    click.echo(f"home       {told.home}")
    click.echo(f"key files  {told.keys} (keep a copy of this folder apart from backups)")
    click.echo(f"escrow     {recipient}")
    if escrow_out is not None:
        click.echo(f"Carry {escrow_out} away now and keep it offline: it opens everything, and nothing replaces it.")
    if upper_level_recipient is None:
        click.echo("Reports that belong to the upper level are refused until its public key is given.")
