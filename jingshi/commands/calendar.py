"""``jingshi calendar``: the work calendar of the State Council, on which working days are counted."""

import asyncio
from pathlib import Path
from typing import Final

import click

from core.app import calendars
from core.errors import Invalid
from core.policy.calendar import LONGEST_CSV, WorkCalendar
from jingshi.operating import opened, operating

_WRONG: Final = {
    "calendar_row": "line {line} is no day of this year: date,kind,name with holiday, or workday for a weekend",
    "calendar_file": "it is no calendar of {year}: the first line is date,kind,name",
    "calendar_incomplete": "a day is missing that is off in every year, such as {year}-05-01",
}


@click.group()
def command() -> None:
    """The work calendar: a year is loaded once the State Council has published it; days that need it wait for it."""


@command.command()
@click.argument("year", type=int)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def load(year: int, file: Path) -> None:
    """Load a year from a .csv, in the place of what was known of it.

    The file has the head date,kind,name and a row for each day that differs from Monday to Friday: a holiday, or a
    Saturday or Sunday that is a workday, such as 2027-01-01,holiday,元旦. Rows in the December before are taken too.
    """
    with file.open("rb") as source:
        content = source.read(LONGEST_CSV * 4 + 1)  # no character takes more
    try:
        known = asyncio.run(_load(year, content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: it is not UTF-8") from None
    except Invalid as error:
        raise click.ClickException(f"{file}: {_WRONG[error.code].format(**error.params)}") from None
    days = [worked for day, worked in known.exceptions.items() if day.year == year]
    click.echo(f"{year}: {days.count(False)} days off, {days.count(True)} weekend days worked")


@command.command()
def show() -> None:
    """Say which years are known."""
    years = sorted(asyncio.run(_known()).years)
    click.echo(f"{years[0]} to {years[-1]}" if years[-1] - years[0] == len(years) - 1 else ", ".join(map(str, years)))


async def _load(year: int, text: str) -> WorkCalendar:
    async with opened() as app, operating(app) as work:
        return await calendars.load_year(work, year, text)


async def _known() -> WorkCalendar:
    async with opened() as app:
        return app.policy.calendar
