"""The desk's catalogues, and the language in which a caller is spoken to."""

from pathlib import Path
from typing import Final

from starlette.requests import HTTPConnection

from core.app import cases, registry
from core.cases.rules import catalogue
from core.texts import LANGUAGES, Translate, choose_language, translator

LANGUAGE_COOKIE: Final = "jingshi_language"
_FOLDERS: Final = (Path(__file__).parent / "locale", registry.LOCALE, cases.LOCALE, catalogue.LOCALE)


def speak(language: str) -> Translate:
    """Return ``translate(id, **placeholders)`` for a language of ours."""
    return translator(language, _FOLDERS)


def language_of(request: HTTPConnection) -> str:
    """Return the language that the caller chose, or else the one that their browser or machine asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else choose_language(request.headers.get("accept-language"))


def known(translate: Translate, message_id: str) -> str | None:
    """Return the text of an id, or nothing when the catalogue has none."""
    text = translate(message_id)
    return None if text == message_id else text
