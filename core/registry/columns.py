"""PURE: finding the columns of a list by their headings, and reading the cells of a row, every fault noted."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from core.errors import Invalid
from core.registry.reports import Note
from core.registry.spreadsheets import Cell, Formula, Line

Headings = Mapping[str, tuple[str, ...]]
"""The columns of a list, all needed, in any order, each with the words that head it; others are not read."""

_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_NAME: Final = re.compile(r"[^\W\d_]+(?:[ ·•.'’-]{1,2}[^\W\d_]+)*\.?")
_HAN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af\s]+")
_EARLIEST: Final = date(1950, 1, 1)


class Column(NamedTuple):
    """Where a column stands, and its heading as written there."""

    place: int
    heading: str


def split_off(lines: Sequence[Line], headings: Headings) -> tuple[Mapping[str, Column], Sequence[Line]]:
    """Return the columns that the first line names, and the lines below it.

    Raises:
        Invalid: ``missing_heading`` or ``repeated_heading`` (``headings`` lists them), ``empty_file`` without any row.
    """
    found: dict[str, list[Column]] = {column: [] for column in headings}
    for place, cell in enumerate(lines[0].cells):
        for column, words in headings.items():
            if isinstance(cell, str) and "".join(cell.split()).lower() in words:
                found[column].append(Column(place, cell))
    _refuse("missing_heading", headings, [column for column, places in found.items() if not places])
    _refuse("repeated_heading", headings, [column for column, places in found.items() if len(places) > 1])
    if len(lines) == 1:
        raise Invalid("empty_file")
    return {column: places[0] for column, places in found.items()}, lines[1:]


def _refuse(code: str, headings: Headings, columns: Sequence[str]) -> None:
    if columns:
        raise Invalid(code, headings=", ".join("/".join(headings[column]) for column in columns))


class Row:
    """Reads the cells of one line, collecting every fault in ``notes`` on the way."""

    def __init__(self, line: Line, columns: Mapping[str, Column]) -> None:
        self.number = line.number
        self.notes: list[Note] = []
        self._cells = line.cells
        self._columns = columns

    def note(self, code: str, column: str) -> None:
        """Note a fault of a column's cell."""
        self.notes.append(Note(code, {"heading": self._columns[column].heading}))

    def cell(self, column: str, *, needed: bool = True) -> Cell:
        """Return a column's cell; a formula, or nothing where something is ``needed``, is noted."""
        place = self._columns[column].place
        cell = self._cells[place] if place < len(self._cells) else ""
        if isinstance(cell, Formula):
            self.note("formula", column)
        elif cell == "" and needed:
            self.note("cell_missing", column)
        return cell

    def text(self, column: str, limit: int, *, needed: bool = True) -> str:
        """Return a column's text of up to ``limit`` characters, spaced singly; nothing where it has a fault."""
        cell = self.cell(column, needed=needed)
        if isinstance(cell, Formula) or cell == "":
            return ""
        text = "" if isinstance(cell, date) else " ".join(cell.split())
        if text and text.isprintable() and len(text) <= limit:
            return text
        self.note("cell_unfit", column)
        return ""

    def name(self, column: str) -> str:
        """Return a person's name; nothing where it has a fault."""
        name = self.text(column, 100)
        # lists set a two-character name apart with a space in between
        kept = "".join(name.split()) if _HAN.fullmatch(name) else name
        if kept and not _NAME.fullmatch(kept):
            self.note("cell_unfit", column)
        return kept

    def day(self, column: str, today: date, *, latest: date) -> date:
        """Return a day between 1950 and ``latest``; some day where it has a fault."""
        cell = self.cell(column)
        if isinstance(cell, Formula) or cell == "":
            return today
        day = cell if isinstance(cell, date) else _date(cell)
        if day is None:
            self.note("not_a_date", column)
            return today
        if not _EARLIEST <= day <= latest:
            self.note("date_in_the_future" if today == latest < day else "date_implausible", column)
        return day


def _date(written: str) -> date | None:
    found = _DATE.fullmatch("".join(written.split()))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
