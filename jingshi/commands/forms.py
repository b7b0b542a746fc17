"""``jingshi forms``: check a form."""

from pathlib import Path

import click

from core.dialogue import check as faults_of


@click.group()
def command() -> None:
    """Forms as tables in Markdown."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def check(context: click.Context, file: Path) -> None:
    """Say whether a form can be used; print each fault with its row and exit with 1."""
    faults = faults_of(file)
    for fault in faults:
        click.echo(f"{file}: {fault}")
    if faults:
        context.exit(1)
    click.echo(f"{file}: can be used")
