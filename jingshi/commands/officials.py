"""``jingshi officials``: the register of officials."""

import asyncio
from pathlib import Path
from typing import Final

import click

from core import registry
from core.access import permit_operated
from core.errors import Invalid
from core.registry import Note, Report
from core.texts import LANGUAGES, Translate, translator
from jingshi.operating import opened, operating

_TEXTS: Final = (Path(registry.__file__).parent / "locale",)
_LARGEST: Final = 16 * 1024 * 1024


@click.group()
def command() -> None:
    """The register of officials, the closed list of those who may be reported on."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.pass_context
def import_(context: click.Context, file: Path, *, dry_run: bool, language: str) -> None:
    """Import a list (.xlsx or .csv) and say of each row what became of it; one row with an error keeps all out."""
    say = translator(language, _TEXTS)
    with file.open("rb") as source:
        content = source.read(_LARGEST + 1)
    try:
        report = asyncio.run(_import(file.name, content, dry_run=dry_run))
    except Invalid as error:
        text = _told(say, Note(error.code, error.params))
        raise click.ClickException(f"{file}: {text}") from error
    for row in report.rows:
        notes = "; ".join(_told(say, note) for note in row.notes)
        click.echo(f"{row.row}\t{say(f'import.outcome.{row.outcome}')}" + (f"\t{notes}" if notes else ""))
    counted = ", ".join(f"{say(f'import.outcome.{outcome}')} {number}" for outcome, number in report.counts.items())
    click.echo(f"{counted}: {'written' if report.written else 'nothing was written'}")
    if report.has_errors:
        context.exit(1)


async def _import(name: str, content: bytes, *, dry_run: bool) -> Report:
    async with opened() as app, operating(app, write=not dry_run) as work:
        permit_operated(work, "official.manage")
        return await registry.import_officials(work, name, content, dry_run=dry_run)


def _told(say: Translate, note: Note) -> str:
    return say(f"import.{note.code}", **note.params)
