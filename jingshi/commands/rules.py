"""``jingshi rules``: run cases against the rules."""

import sys
from pathlib import Path

import click

from jingshi.rules_check import run


@click.group()
def command() -> None:
    """The rules by which the system decides."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def check(context: click.Context, file: Path) -> None:
    """Run a file of cases against the rules and print each as passed or failed.

    Exits with 1 when one failed or names no rule, 2 when the file cannot be read.
    """
    context.exit(run(file, sys.stdout))
