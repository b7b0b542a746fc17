"""What the documents say stands in catalogues; here is how it is looked up. Official documents are in Chinese."""

from datetime import date
from pathlib import Path
from typing import Final

from core.cases.rules import catalogue
from core.cases.rules.catalogue import VERSIONS, Version
from core.texts import DEFAULT_LANGUAGE, Translate, translator

LOCALE: Final = Path(__file__).parent / "locale"
"""Catalogues with the words of documents and of a case that is handed on."""


def speak(language: str = DEFAULT_LANGUAGE) -> Translate:
    """Return ``translate(id, **placeholders)``."""
    return translator(language, (LOCALE, catalogue.LOCALE))


def civil(say: Translate, day: date) -> str:
    """Return a day as documents write it: in figures, without leading zeros (7.3.5.4)."""
    return say("date", year=day.year, month=day.month, day=day.day)


def symbol(say: Translate, kind: str, district: str, year: int, number: int) -> str:
    """Return the number of a document, such as 云组函〔2026〕7号: the year in full, no zeros before the number."""
    return say("symbol", code=district[:1] + say(f"code.{kind}"), year=year, number=number)


def manifestation(say: Translate, name: str, conduct_on: date | None) -> str:
    """Return the heading of a manifestation, in the version that stood published on the day of the conduct."""
    return say(_version(conduct_on).text_id(name))


def _version(day: date | None) -> Version:
    standing = [version for version in VERSIONS if day is not None and version.published_on <= day]
    return standing[-1] if standing else VERSIONS[-1]
