"""How the command line says what went wrong: one line on the standard error."""

import click

from core.errors import JingshiError, Misconfigured


def told(error: JingshiError) -> str:
    """Return an expected failure as one line for the operator."""
    if isinstance(error, Misconfigured):
        return str(error)
    details = ", ".join(f"{name} {value}" for name, value in error.params.items())
    return error.code.replace("_", " ") + (f" ({details})" if details else "")


def complain(message: str) -> None:
    """Write ``message`` as the one line that a failed command leaves."""
    click.echo("jingshi: " + " ".join(message.split()), err=True)
