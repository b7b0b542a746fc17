"""What may not stand in a feedback to a reporter: whom it is about, and what became of them. Pure.

A reporter is told whether it was looked into and whether something followed, not which measure or sanction was taken:
that is told to the person concerned, and to those whom the rules name (Rules on Handling Reports and Accusations 2020,
art. 47; rules.md 4.1).
"""

import unicodedata
from collections.abc import Collection


def withheld(text: str, terms: Collection[str]) -> str | None:
    """Return the first of ``terms`` that stands in ``text``, whatever its width, case and blanks; or nothing."""
    plain = _plain(text)
    return next((term for term in terms if _plain(term) and _plain(term) in plain), None)


def _plain(text: str) -> str:
    """Return letters and digits alone: a blank or a sign that nobody sees must not hide a word."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
