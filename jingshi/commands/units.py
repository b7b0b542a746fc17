"""``jingshi units``: the bodies, townships, departments, committees and stations of the district."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from core import registry
from core.registry import LOCALE, Branch
from core.texts import LANGUAGES, Translate, translator
from jingshi.importing import bring_in, takes_a_list
from jingshi.operating import opened, operating


@click.group()
def command() -> None:
    """The units of the district; residents choose from them, and officials and staff are placed in them."""


@command.command("import")
@takes_a_list
def import_(context: click.Context, file: Path, *, dry_run: bool, language: str) -> None:
    """Import a list (.xlsx or .csv) and say of each row what became of it; one row with an error keeps all out.

    The columns are 编号 code, 类别 kind, 上级 under, 名称 name and 英文名 name_en, in any order. The unit above is
    given by its code; the two bodies that decide keep their kind and place.
    """
    verb = registry.import_units
    bring_in(context, file, verb, permission="unit.manage", dry_run=dry_run, language=language)


@command.command("list")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def list_(language: str) -> None:
    """List the units as a tree: code, kind, name."""
    say = translator(language, (LOCALE,))
    for line in _lines(asyncio.run(_tree()), say, language):
        click.echo(line)


async def _tree() -> Sequence[Branch]:
    async with opened() as app, operating(app, write=False) as work:
        return await registry.unit_tree(work)


def _lines(branches: Sequence[Branch], say: Translate, language: str, depth: int = 0) -> Iterator[str]:
    for branch in branches:
        unit = branch.unit
        yield f"{'  ' * depth}{unit.code}\t{say(f'registry.unit_kind.{unit.kind}')}\t{unit.label(language)}"
        yield from _lines(branch.children, say, language, depth + 1)
