"""The words of this bot: its own catalogue and the one that all front ends share."""

from functools import cache
from pathlib import Path
from typing import Final

from bots.texting import plain
from bots.texts import SHARED
from core.dialogue.form import folded
from core.texts import LANGUAGES, Translate, translator, wordings

HERE: Final = Path(__file__).parent

COMMANDS: Final = ("start", "report", "receipt", "withdraw", "cancel", "forget", "language", "help")
"""What may be asked by a slash, or from the program's menu."""

_AT_REST: Final = ("report", "receipt", "withdraw", "cancel", "forget", "language", "chinese", "english", "help")
_IN_FORM: Final = ("receipt", "cancel", "forget", "help", "back", "skip", "next")


@cache
def texts(language: str) -> Translate:
    """Return the translation of our catalogues into ``language``."""
    return translator(language, (HERE / "locale", SHARED))


def command(text: str) -> tuple[str, str]:
    """Return the command that ``text`` begins with and what follows it; ``""`` when it begins with none of ours."""
    first, _, rest = text.strip().partition(" ")
    name = first.partition("@")[0].removeprefix("/").lower()
    return (name, rest.strip()) if first.startswith("/") and name in COMMANDS else ("", "")


def plain_word(text: str, *, in_form: bool) -> str:
    """Return what ``text`` asks for in plain words of any language of ours, such as 查询; ``""`` when for nothing.

    While a form is filled in only few words are taken so, since any other may be an answer.
    """
    return _words(in_form).get(folded(text), "")


def says(text: str, name: str) -> bool:
    """Tell whether ``text`` is one of the plain words ``word.{name}`` of any language of ours."""
    return folded(text) in _said(name)


def may_be_of_a_button(text: str) -> bool:
    """Tell whether ``text`` is a wording of ours; what is none cannot be the words of a button."""
    return plain(text) in _plain_wordings()


@cache
def _plain_wordings() -> frozenset[str]:
    return frozenset(map(plain, wordings(HERE / "locale")))


@cache
def _words(in_form: bool) -> dict[str, str]:  # noqa: FBT001 - a key of the cache
    return {word: name for name in (_IN_FORM if in_form else _AT_REST) for word in _said(name)}


@cache
def _said(name: str) -> frozenset[str]:
    return frozenset(folded(word) for one in LANGUAGES for word in texts(one)(f"word.{name}").split("|"))
