"""``jingshi officials``: the register of officials."""

from pathlib import Path

import click

from core import registry
from jingshi.importing import bring_in, takes_a_list


@click.group()
def command() -> None:
    """The register of officials, the closed list of those who may be reported on."""


@command.command("import")
@takes_a_list
def import_(context: click.Context, file: Path, *, dry_run: bool, language: str) -> None:
    """Import a list (.xlsx or .csv) and say of each row what became of it; one row with an error keeps all out."""
    verb = registry.import_officials
    bring_in(context, file, verb, permission="official.manage", dry_run=dry_run, language=language)
