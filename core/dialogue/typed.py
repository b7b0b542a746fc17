"""From what a person gave to an answer. A typed answer works wherever a button does."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.dialogue.form import FILE_KINDS, Choice, Choices, Field, folded
from core.dialogue.results import Raw
from core.dialogue.runs import normal
from core.dialogue.state import Answer, FileRef
from core.errors import Invalid, TooLarge

# Control characters but newline, marks that turn the direction of text, halves of surrogate pairs, and what shows
# nothing at all (soft hyphen, zero-width space, word joiner, tags). U+200C and U+200D stay: some scripts need them.
_INVISIBLE: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_TIMES_TOO_LONG: Final = 4  # so many times the limit is refused before it is cleaned: no line ends or marks fill that
_NUMBER: Final = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_PLACE: Final = re.compile(r"\(?(\d{1,4})[).、]?", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})[日号]?", re.ASCII)
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_OF_YEAR: Final = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
_DAYS_AGO: Final = {"今天": 0, "昨天": 1, "前天": 2, "today": 0, "yesterday": 1}
_SEPARATORS: Final = re.compile(r"[,、;\n]+")
_GAPS: Final = re.compile(r"[\s,、;]+")
_MOST_DIGITS: Final = 15
_YEARS: Final = range(1900, 2101)
_LEAST_OF_A_LABEL: Final = 2


class Offer:
    """The choices of a question as they stand now, after its filter."""

    def __init__(self, choices: Choices, allowed: frozenset[str] | None = None, *, part_of_label: bool = False) -> None:
        self.choices = choices
        self.allowed = allowed
        self.part_of_label = part_of_label

    @property
    def all(self) -> tuple[Choice, ...]:
        """The choices on offer, in order."""
        if self.allowed is None:
            return self.choices.all
        return tuple(choice for choice in self.choices.all if choice.name in self.allowed)

    def has(self, name: str) -> bool:
        """Tell whether a choice of this name is on offer."""
        return name in (self.choices.by_name if self.allowed is None else self.allowed)

    def find(self, typed: str) -> str:
        """Return the name of the choice meant by a name, a place in the list, or a label in any language.

        In a list that is handed in, two or more characters that occur in one label only are enough.

        Raises:
            Invalid: ``not_a_choice`` or ``choice_ambiguous``.
        """
        if self.has(typed):
            return typed
        place = _PLACE.fullmatch(_plain(typed))
        if place and 1 <= int(place[1]) <= len(self.all):
            return self.all[int(place[1]) - 1].name
        found = {choice.name for choice in self.choices.by_label.get(folded(typed), ()) if self.has(choice.name)}
        if not found and self.part_of_label and len(folded(typed)) >= _LEAST_OF_A_LABEL:
            found = {c.name for c in self.all if any(folded(typed) in folded(label) for label in c.label.values())}
        if len(found) != 1:
            raise Invalid("choice_ambiguous" if found else "not_a_choice")
        return found.pop()


NOTHING_ON_OFFER: Final = Offer(Choices())


def take(field: Field, raw: Raw, offer: Offer, today: date) -> Answer | None:
    """Return the answer that ``raw`` gives to ``field``, or ``None`` if it is blank; constraints are not asked here.

    Raises:
        Invalid: with the code of what is wrong; `TooLarge` where a limit is passed.
    """
    if field.kind in FILE_KINDS:
        return _files(field, raw)
    if field.kind == "select_multiple":
        for part in [raw] if isinstance(raw, str) else raw:
            _check_length(field, part)
        return _several(raw, offer)
    if not isinstance(raw, str):
        raise Invalid("text_expected")
    _check_length(field, raw)
    return _text(field, raw) if field.kind == "text" else _one(field, _plain(raw), offer, today)


def _check_length(field: Field, given: str | FileRef) -> None:
    if isinstance(given, str) and len(given) > _TIMES_TOO_LONG * field.max_length:
        raise TooLarge("too_long", limit=field.max_length, length=len(given))


def _one(field: Field, typed: str, offer: Offer, today: date) -> Answer | None:
    if not typed:
        return None
    match field.kind:
        case "integer":
            return _integer(typed)
        case "decimal":
            return _decimal(typed)
        case "date":
            return _date(typed, today)
        case _:
            return offer.find(typed)


def clean(raw: str) -> str:
    """Return ``raw`` in NFC with Unix line ends, without control characters and marks that reorder what is read."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return normal("NFC", _INVISIBLE.sub("", lines)).strip()


def _plain(raw: str) -> str:
    return normal("NFKC", clean(raw)).replace("−", "-")


def _text(field: Field, raw: str) -> str | None:
    text = clean(raw)
    if "multiline" not in field.appearance:
        text = " ".join(text.split("\n"))
    if len(text) > field.max_length:
        raise TooLarge("too_long", limit=field.max_length, length=len(text))
    return text or None


def _number(typed: str, code: str) -> Decimal:
    match = _NUMBER.fullmatch(typed)
    if not match or len(typed) > _MOST_DIGITS:
        raise Invalid(code)
    return Decimal(typed.replace(",", ""))


def _integer(typed: str) -> int:
    number = _number(typed, "not_an_integer")
    if number != number.to_integral_value():
        raise Invalid("not_an_integer")
    return int(number)


def _decimal(typed: str) -> str:
    return format((_number(typed, "not_a_number") + 0).normalize(), "f")


def _date(typed: str, today: date) -> str:
    word = typed.casefold()
    if word in _DAYS_AGO:
        return (today - timedelta(days=_DAYS_AGO[word])).isoformat()
    squeezed = "".join(typed.split())
    if short := _DAY_OF_YEAR.fullmatch(squeezed):
        return _latest(int(short[1]), int(short[2]), today)
    if full := _DATE.fullmatch(squeezed):
        return _day(int(full[1]), int(full[3]), int(full[5]))
    if compact := _COMPACT_DATE.fullmatch(squeezed):
        return _day(int(compact[1]), int(compact[2]), int(compact[3]))
    raise Invalid("not_a_date")


def _day(year: int, month: int, day: int) -> str:
    try:
        found = date(year, month, day)
    except ValueError:
        raise Invalid("not_a_date") from None
    if year not in _YEARS:
        raise Invalid("not_a_date")
    return found.isoformat()


def _latest(month: int, day: int, today: date) -> str:
    """Return the latest such day that is not in the future: people tell of what has happened."""
    for year in range(today.year, today.year - 9, -1):  # 29 February may lie eight years back
        try:
            if (found := date(year, month, day)) <= today:
                return found.isoformat()
        except ValueError:
            continue
    raise Invalid("not_a_date")


def _several(raw: Raw, offer: Offer) -> tuple[str, ...] | None:
    if isinstance(raw, str):
        chosen = _split(raw, offer)
    else:
        chosen = {offer.find(part) for part in raw if isinstance(part, str)}
        if len(raw) and not chosen:
            raise Invalid("text_expected")
    return tuple(choice.name for choice in offer.all if choice.name in chosen) or None


def _split(typed: str, offer: Offer) -> set[str]:
    """Find the choices in one line: a single label, a list with commas, or a list with spaces."""
    plain = _plain(typed)
    for parts in ([plain], _SEPARATORS.split(plain)):
        try:
            return _found(parts, offer)
        except Invalid:
            continue
    return _found(_GAPS.split(plain), offer)


def _found(parts: Sequence[str], offer: Offer) -> set[str]:
    return {offer.find(part.strip()) for part in parts if part.strip()}


def _files(field: Field, raw: Raw) -> tuple[FileRef, ...] | None:
    if isinstance(raw, str):
        if clean(raw):
            raise Invalid("file_expected")
        return None
    files = tuple(part for part in raw if isinstance(part, FileRef))
    if len(files) < len(raw):
        raise Invalid("file_expected")
    if len(files) > field.max_files:
        raise TooLarge("too_many_files", limit=field.max_files, number=len(files))
    for file in files:
        check_file(field, file)
    return tuple(replace(file, name=" ".join(clean(file.name).split())) for file in files) or None


def check_file(field: Field, file: FileRef) -> None:
    """Check one file against the limits of ``field``.

    Raises:
        Invalid: ``file_empty``, ``wrong_media_type`` (with the ``kind`` wanted), or `TooLarge` ``file_too_large``.
    """
    if file.size <= 0:
        raise Invalid("file_empty")
    if file.size > field.max_bytes:
        raise TooLarge("file_too_large", limit=field.max_bytes, size=file.size)
    if field.kind != "file" and not file.media_type.startswith(f"{field.kind}/"):
        raise Invalid("wrong_media_type", kind=field.kind)
