"""``jingshi``: the command line. Each command is a module of `jingshi.commands`, loaded when it is called."""

import os
import resource
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click

from core.errors import JingshiError
from jingshi.telling import complain, told

COMMANDS: Final[Mapping[str, str]] = {
    "init": "Set up a home: folders, key files, database, shared keys.",
    "upgrade": "Bring the database to the schema of this version.",
    "rights": "Give each process its rights on PostgreSQL.",
    "serve": "Run the public pages, the staff pages and the worker.",
    "demo": "Fill a home with an invented district and serve it.",
    "doctor": "Check the installation and say what is wrong.",
    "staff": "Accounts and appointments of members of staff.",
    "keys": "Key files, shared keys and the escrow key.",
    "units": "The units of the district.",
    "officials": "The register of officials.",
    "stations": "The people of the stations, and where officials live.",
    "calendar": "The work calendar that days are counted on.",
    "channels": "Channels whose machines stand abroad.",
    "forms": "Check a form.",
    "rules": "Check a file of cases against the rules.",
    "packet": "Open a packet at the upper level.",
    "case": "Open a case at the body to which it was handed.",
    "audit": "Check the audit trail.",
    "backup": "Write a sealed backup.",
    "restore": "Bring a home back from a sealed backup.",
    "export": "Write counts without small cells.",
}
EXPECTED_FAILURE: Final = 1


class Commands(click.Group):
    """The commands by name; ``--help`` reads the table above and imports none of them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import the command that was asked for."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"jingshi.commands.{name}").command
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jingshi")
def cli() -> None:
    """Sealed reports about officials, and the fair decisions that follow from them.

    Folders, database and ports come from the environment: JINGSHI_HOME, JINGSHI_KEYS, JINGSHI_DATABASE_URL, PORT. So
    do the bots: JINGSHI_INFORMANT_TOKEN, JINGSHI_PUBLIC_URL, JINGSHI_TELEGRAM_API.
    """


def main() -> None:
    """Run a command; an expected failure is one line on the standard error and an exit code that is not 0."""
    os.umask(0o077)  # whatever a command writes is its owner's alone
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write memory, and so text, to the disk
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command of ``arguments`` and return its exit code."""
    try:
        code = cli.main(arguments, prog_name="jingshi", standalone_mode=False)
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "jingshi"
        return _fail(f"{error.format_message()} See: {where} --help", code=error.exit_code)
    except click.ClickException as error:
        return _fail(error.format_message(), code=error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _fail("stopped", code=130)
    except JingshiError as error:
        return _fail(told(error))
    except OSError as error:
        return _fail(f"{error.filename or 'a file'}: {error.strerror or 'cannot be used'}")
    return code if isinstance(code, int) else 0


def _fail(message: str, *, code: int = EXPECTED_FAILURE) -> int:
    complain(message)
    return code
