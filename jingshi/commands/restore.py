"""``jingshi restore``: bring a home back."""

import asyncio
import os
from pathlib import Path

import click

from core.settings import Settings
from jingshi.backups import bring_back
from jingshi.identities import read_identity


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--identity",
    type=click.Path(path_type=Path),
    required=True,
    help="File of the escrow key, or of another that it was sealed to.",
)
@click.option("--home", type=click.Path(path_type=Path), help="The empty home; by default JINGSHI_HOME.")
@click.option("--destroyed", type=click.Path(path_type=Path), help="The destruction list; by default beside the keys.")
def command(file: Path, identity: Path, home: Path | None, destroyed: Path | None) -> None:
    """Fill an empty home from a backup, and destroy again what was destroyed since it was made.

    The folder of key files must be there already: it is in no backup. A backup of either database fits the other.
    """
    told = Settings.from_environment({**os.environ, **({"JINGSHI_HOME": str(home)} if home else {})})
    done = asyncio.run(bring_back(told, file, identity=read_identity(identity), destroyed=destroyed))
    click.echo(f"{told.home}: {done.rows} rows of {done.made_at}; {done.destroyed} items destroyed again")
