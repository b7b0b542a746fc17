"""The words of this bot: its own catalogue and the one that all front ends share."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from babel.dates import format_date

from bots.texts import SHARED
from core.dialogue.form import folded
from core.texts import LANGUAGES, Translate, translator

HERE: Final = Path(__file__).parent

COMMANDS: Final = ("start", "language", "help", "stop")
"""What may be asked by a slash, or from the program's menu."""

_WORDS: Final = ("nil", "home", "help", "language")
_DATE_FORMS: Final = {"zh_CN": ("zh_CN", "y年M月d日"), "en": ("en_GB", "d MMMM y")}


@cache
def texts(language: str) -> Translate:
    """Return the translation of our catalogues into ``language``."""
    return translator(language, (HERE / "locale", SHARED))


def command(text: str) -> tuple[str, str]:
    """Return the command that ``text`` begins with and what follows it; ``""`` when it begins with none of ours."""
    first, _, rest = text.strip().partition(" ")
    name = first.partition("@")[0].removeprefix("/").lower()
    return (name, rest.strip()) if first.startswith("/") and name in COMMANDS else ("", "")


def plain_word(text: str) -> str:
    """Return what ``text`` asks for in plain words of any language of ours, such as 没有情况; ``""`` for nothing."""
    return _said().get(folded(text), "")


def day(language: str, on: date) -> str:
    """Return a date as people read it."""
    locale, form = _DATE_FORMS[language]
    return format_date(on, form, locale=locale)


def quarter(language: str, name: str) -> str:
    """Return a quarter such as ``2026Q3`` as people read it."""
    year, _, number = name.partition("Q")
    return texts(language)("quarter", year=year, number=number)


@cache
def _said() -> dict[str, str]:
    return {
        folded(word): name for name in _WORDS for one in LANGUAGES for word in texts(one)(f"word.{name}").split("|")
    }
