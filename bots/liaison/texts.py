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
_WORDS_OF_SCREENS: Final = ("back", "skip", "later", "leave", "yes", "no")
_DATE_FORMS: Final = {"zh_CN": ("zh_CN", "M月d日（EEEE）", "M月"), "en": ("en_GB", "EEEE d MMMM", "LLLL")}


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
    return _said(_WORDS).get(folded(text), "")


def screen_word(text: str) -> str:
    """Return which button ``text`` means in other words than its own, such as 跳过 or 是的; ``""`` for none."""
    return _said(_WORDS_OF_SCREENS).get(folded(text), "")


def phone_line(language: str, phone: str | None) -> str:
    """Return where somebody can be called, in a line, or nothing."""
    return texts(language)("phone", number=phone) if phone else ""


def number(language: str, phone: str | None) -> str:
    """Return the number to call within a sentence, or whose it is where none is known."""
    return phone or texts(language)("phone.department")


def day(language: str, on: date) -> str:
    """Return a date as people read it."""
    locale, form, _ = _DATE_FORMS[language]
    return format_date(on, form, locale=locale)


def quarter(language: str, name: str) -> str:
    """Return a quarter such as ``2026Q3`` as people read it."""
    year, _, number = name.partition("Q")
    return texts(language)("quarter", year=year, number=number)


def month_of_next(language: str, name: str) -> str:
    """Return the month in which the round after that of a quarter begins, as people read it."""
    year, _, number = name.partition("Q")
    following = int(year) * 4 + int(number)
    locale, _, form = _DATE_FORMS[language]
    return format_date(date(following // 4, following % 4 * 3 + 3, 1), form, locale=locale)


@cache
def _said(names: tuple[str, ...]) -> dict[str, str]:
    return {folded(word): name for name in names for one in LANGUAGES for word in texts(one)(f"word.{name}").split("|")}
