"""``jingshi stations``: the people of the stations, and the officials who live where one is."""

from pathlib import Path

import click

from core import stations
from jingshi.importing import bring_in, takes_a_list


@click.group()
def command() -> None:
    """The people of the liaison stations, and where officials live; the stations themselves are units."""


@command.command("import-people")
@takes_a_list
def import_people(context: click.Context, file: Path, *, dry_run: bool, language: str) -> None:
    """Import a list (.xlsx or .csv) of who is in the stations; one row with an error keeps all out.

    The columns are 姓名 name, 联络站 station, 职务 role and 任职日期 since, in any order.
    """
    verb = stations.import_people
    bring_in(context, file, verb, permission="appointment.manage", dry_run=dry_run, language=language)


@command.command("import-residences")
@takes_a_list
def import_residences(context: click.Context, file: Path, *, dry_run: bool, language: str) -> None:
    """Import a list (.xlsx or .csv) of where officials live; one row with an error keeps all out.

    The columns are 姓名 name, 单位 unit, 联络站 station and 起始日期 since, in any order.
    """
    verb = stations.import_residences
    bring_in(context, file, verb, permission="station.register", dry_run=dry_run, language=language)
