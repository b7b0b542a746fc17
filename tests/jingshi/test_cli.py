"""The command line as such: quick help, one clear line for every expected failure."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

import jingshi.commands
from core.errors import Denied, Misconfigured
from jingshi.cli import COMMANDS, cli, run
from jingshi.telling import told

MODULES = {path.stem for path in Path(jingshi.commands.__file__).parent.glob("[a-z]*.py")}


def everything() -> list[list[str]]:
    """Every command and every command under one, as it is typed."""
    found: list[list[str]] = [[]]
    context = click.Context(cli)
    for name in COMMANDS:
        found.append([name])
        command = cli.get_command(context, name)
        if isinstance(command, click.Group):
            found += [[name, under] for under in command.list_commands(context)]
    return found


def test_the_table_of_commands_names_every_module() -> None:
    assert set(COMMANDS) == MODULES


@pytest.mark.parametrize("words", everything(), ids=" ".join)
def test_every_command_has_help(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*words, "--help"]) == 0
    assert "Usage: jingshi" in capsys.readouterr().out


def test_the_list_of_commands_loads_none_of_them() -> None:
    probe = "import sys, jingshi.cli; jingshi.cli.run(['--help']); print('sqlalchemy' in sys.modules, file=sys.stderr)"
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "False"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bogus"], "No such command 'bogus'"),
        (["init"], "Missing option '--district'"),
        (["serve", "--only", "kitchen"], "'kitchen' is not one of"),
        (["backup"], "Give --out FILE, --prune DIR, or both."),
    ],
)
def test_a_wrong_word_is_one_line_and_exits_with_2(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert said in printed.err
    assert "--help" in printed.err


def test_an_expected_failure_is_told_by_its_code_and_its_numbers() -> None:
    assert told(Denied("not_entitled", purpose="audit")) == "not entitled (purpose audit)"
    assert told(Misconfigured("the lamp is out; light it")) == "the lamp is out; light it"


@pytest.mark.parametrize("url", ["mysql://somewhere/db", "nonsense", "://"])
def test_an_unknown_database_is_one_clear_line(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("JINGSHI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JINGSHI_DATABASE_URL", url)
    assert run(["upgrade"]) == 1
    printed = capsys.readouterr().err.splitlines()
    assert len(printed) == 1
    assert "JINGSHI_DATABASE_URL" in printed[0]
