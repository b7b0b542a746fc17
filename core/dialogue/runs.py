"""Long runs of combining marks, which make normalisation take a time that grows with their square, are broken up."""

import unicodedata
from functools import lru_cache
from typing import Final, Literal

LONGEST_RUN: Final = 30  # UAX #15, Stream-Safe Text Format: more than any writing needs
_BREAK: Final = "\u034f"  # the combining grapheme joiner: it begins a new run and shows nothing


def normal(form: Literal["NFC", "NFKC"], text: str) -> str:
    """Return ``text`` in a normal form, in a time that grows with its length alone."""
    return unicodedata.normalize(form, stream_safe(text))


def stream_safe(text: str) -> str:
    """Return ``text`` with a break wherever more than `LONGEST_RUN` marks follow one another (UAX #15, section 13)."""
    if not any(map(_is_mark, set(text))):
        return text
    safe: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if _is_mark(character) else 0
        if run > LONGEST_RUN:
            safe.append(_BREAK)
            run = 1
        safe.append(character)
    return "".join(safe)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """Tell whether it is sorted among marks, as itself or as what it comes apart into (U+0F73, U+FF9E)."""
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) > 0
