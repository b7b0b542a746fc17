"""What the commands share that bring a list into the register: reading it, and telling row by row what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Protocol

import click

from core.access import permit_operated
from core.errors import Invalid
from core.registry import LOCALE, Note, Report
from core.texts import LANGUAGES, Translate, translator
from core.work import Work
from jingshi.operating import opened, operating

_LARGEST: Final = 16 * 1024 * 1024


class Verb(Protocol):
    """A verb of the registry that brings in a list."""

    def __call__(self, work: Work, file_name: str, content: bytes, *, dry_run: bool) -> Awaitable[Report]:
        """Read the file and write it, unless a row has an error or it is a dry run."""


def takes_a_list(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the argument and the options of every import."""
    for add in (
        click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True),
        click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing."),
        click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False)),
    ):
        command = add(command)
    return click.pass_context(command)


def bring_in(context: click.Context, file: Path, verb: Verb, *, permission: str, dry_run: bool, language: str) -> None:
    """Bring the file in by ``verb`` and say of each row what became of it; one row with an error keeps all out."""
    say = translator(language, (LOCALE,))
    with file.open("rb") as source:
        content = source.read(_LARGEST + 1)
    try:
        report = asyncio.run(_run(verb, file.name, content, permission=permission, dry_run=dry_run))
    except Invalid as error:
        raise click.ClickException(f"{file}: {_told(say, Note(error.code, error.params))}") from error
    for row in report.rows:
        notes = "; ".join(_told(say, note) for note in row.notes)
        click.echo(f"{row.row}\t{say(f'import.outcome.{row.outcome}')}" + (f"\t{notes}" if notes else ""))
    counted = ", ".join(f"{say(f'import.outcome.{outcome}')} {number}" for outcome, number in report.counts.items())
    click.echo(f"{counted}: {'written' if report.written else 'nothing was written'}")
    if report.has_errors:
        context.exit(1)


async def _run(verb: Verb, name: str, content: bytes, *, permission: str, dry_run: bool) -> Report:
    async with opened() as app, operating(app, write=not dry_run) as work:
        permit_operated(work, permission)
        return await verb(work, name, content, dry_run=dry_run)


def _told(say: Translate, note: Note) -> str:
    return say(f"import.{note.code}", **note.params)
