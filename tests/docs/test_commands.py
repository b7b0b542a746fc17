"""Whatever the documents tell people to type is there to be typed."""

import re
from pathlib import Path

import click
import pytest

from jingshi.cli import cli
from tests.docs.pages import PAGES, ROOT, commands, named

TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
WORD = re.compile(r"[a-z][a-z-]*")
OPTION = re.compile(r"--[a-z][a-z-]*")


def told(page: Path, program: str) -> list[list[str]]:
    """The words that a page has people type after ``program``, settings before it left out."""
    found = []
    for line in commands(page.read_text()):
        words = re.sub(r"^(?:[A-Z_]+=\S* +)*(?:sudo +\S+ +)?(?:uv run +)?", "", line).split()
        if words[:1] == [program]:
            found.append(words[1:])
    return found


def unknown(words: list[str]) -> str:
    """What of a ``jingshi`` command there is not, or nothing."""
    command: click.Command = cli
    for position, word in enumerate(words):
        if not isinstance(command, click.Group) or not WORD.fullmatch(word):
            return _unknown_option(command, words[position:])
        within = command.get_command(click.Context(command), word)
        if within is None:
            return word
        command = within
    return ""


def _unknown_option(command: click.Command, words: list[str]) -> str:
    known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    options = [option for word in words for option in OPTION.findall(word)]
    return next((option for option in options if option not in known), "")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named_targets = {word for words in told(page, "make") for word in words if WORD.fullmatch(word)}
    assert named_targets - TARGETS == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_jingshi_command_and_option_that_is_named_exists(page: Path) -> None:
    told_wrongly = {" ".join(words): unknown(words) for words in told(page, "jingshi")}
    assert {line: fault for line, fault in told_wrongly.items() if fault} == {}


def test_the_check_sees_a_command_and_an_option_that_do_not_exist() -> None:
    assert unknown(["nonsense"]) == "nonsense"
    assert unknown(["serve", "--nonsense"]) == "--nonsense"
