"""``jingshi case``: what a body needs of this program to open a case that was handed to it. It takes no home."""

from pathlib import Path

import click

from core import documents
from core.errors import Misconfigured
from jingshi.identities import read_identity


@click.group()
def command() -> None:
    """Cases that were handed to a competent body."""


@command.command("open")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--identity", type=click.Path(path_type=Path), required=True, help="File of the receiving body's key.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
def open_(file: Path, *, identity: Path, out: Path) -> None:
    """Open a case with the receiving body's key, check it against its manifest, and write it into a new folder."""
    if out.exists() and any(out.iterdir()):
        raise Misconfigured(f"{out} holds something already; nothing was written")
    with file.open("rb") as source:
        parts = documents.open_archive(source.read(documents.LARGEST_FILE + 1), read_identity(identity))
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in parts.items():
        (out / name).write_bytes(content)
    click.echo(f"{out / documents.READABLE}: {len(parts)} parts; all of it fits")
