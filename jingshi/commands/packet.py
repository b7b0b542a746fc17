"""``jingshi packet``: what the upper level needs of this program. It takes no home."""

from pathlib import Path

import click

from jingshi.identities import read_identity
from jingshi.packet_opening import REPORT, lay_open


@click.group()
def command() -> None:
    """Packets that were handed to the upper level."""


@command.command("open")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--identity", type=click.Path(path_type=Path), required=True, help="File of the upper level's key.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
def open_(file: Path, *, identity: Path, out: Path) -> None:
    """Open a packet with the upper level's key, check it, and write report and files into a new folder."""
    opened = lay_open(file, read_identity(identity), out)
    click.echo(f"{out / REPORT}: {len(opened.facts)} additions, {len(opened.files)} files; all of it fits")
