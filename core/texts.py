"""Catalogues of people's text: gettext files with symbolic ids, one folder per part of the house.

zh_CN is the source of truth for people; en is complete. A missing id is an error in tests and shows as itself in use.
"""

import gettext
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = LANGUAGES[0]

Translate = Callable[..., str]


def choose_language(wanted: str | None) -> str:
    """Return the language of ours that fits ``wanted`` (a code, or an Accept-Language header) best."""
    for part in (wanted or "").replace("-", "_").split(","):
        code = part.split(";")[0].strip().lower()
        for language in LANGUAGES:
            if code and (language.lower() == code or language.split("_")[0] == code.split("_")[0]):
                return language
    return DEFAULT_LANGUAGE


@cache
def _load(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as source:
        catalogue = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def translator(language: str, folders: tuple[Path, ...]) -> Translate:
    """Return ``translate(id, **placeholders)`` that looks the id up in ``<folder>/<language>.po`` of each folder."""
    catalogues = [_load(folder / f"{language}.po") for folder in folders]

    def translate(message_id: str, **placeholders: object) -> str:
        text = _first(message_id, catalogues)
        return text.format(**placeholders) if placeholders else text

    return translate


@cache
def wordings(folder: Path) -> frozenset[str]:
    """Return every text of a folder's catalogues, in all languages, as it stands there."""
    found = set()
    for language in LANGUAGES:
        with (folder / f"{language}.po").open("rb") as source:
            found |= {str(message.string) for message in read_po(source) if message.id}
    return frozenset(found)


def _first(message_id: str, catalogues: Iterable[gettext.GNUTranslations]) -> str:
    for catalogue in catalogues:
        text = catalogue.gettext(message_id)
        if text != message_id:
            return text
    return message_id


COMMON = Path(__file__).parent / "locale"
