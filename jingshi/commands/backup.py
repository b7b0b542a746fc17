"""``jingshi backup``: write a sealed backup, delete old ones."""

import asyncio
from datetime import timedelta
from pathlib import Path

import click

from core.work import Clock
from jingshi.backups import back_up, prune
from jingshi.operating import opened


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="Write a backup to this file.")
@click.option("--to", multiple=True, metavar="age1…", help="Also seal it to this key; may be repeated.")
@click.option(
    "--prune",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Delete the backups in this folder that are older than the policy keeps them.",
)
def command(out: Path | None, to: tuple[str, ...], folder: Path | None) -> None:
    """Write every row and every attachment, sealed to the escrow key, into one file. Key files are not in it.

    It may run while the processes do. Keep a copy of the folder of keys, and of the destruction list in it, elsewhere.
    """
    if out is None and folder is None:
        raise click.UsageError("Give --out FILE, --prune DIR, or both.")
    if out is not None:
        members = asyncio.run(_back_up(out, to))
        click.echo(f"{out}: {out.stat().st_size} bytes, {members} members, sealed to {1 + len(to)} keys")
    if folder is not None:
        days = asyncio.run(_days_kept())
        for path in prune(folder, now=Clock().now(), keep=timedelta(days=days)):
            click.echo(f"deleted {path}, older than {days} days")


async def _back_up(out: Path, to: tuple[str, ...]) -> int:
    async with opened("worker") as app:
        return await back_up(app, out, to=to)


async def _days_kept() -> int:
    async with opened("worker") as app:
        return app.policy.days("backups_kept")
