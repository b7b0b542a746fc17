"""``jingshi export``: counts for publication."""

import asyncio
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from core import audit
from core.cases.items.figures import SMALLEST_CELL, Cell, received_by_month
from jingshi.operating import opened, operating


@click.command()
@click.option("--format", "kind", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
def command(kind: str) -> None:
    """Write how many items came in by month and channel; a count below five is left out. Nothing else is exported."""
    cells = asyncio.run(_cells())
    if kind == "json":
        click.echo(json.dumps([asdict(cell) for cell in cells], indent=1))
        return
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["month", "channel", "count"])
    for cell in cells:
        table.writerow([cell.month, cell.channel, f"<{SMALLEST_CELL}" if cell.count is None else cell.count])


async def _cells() -> Sequence[Cell]:
    async with opened() as app, operating(app) as work:
        audit.record(work, "figures", "exported", "received_by_month")
        return await received_by_month(work)
