"""PURE: from lines of cells to the entries of a list of officials, each fault named with what to do about it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from core.errors import Invalid
from core.registry.kinds import Rank
from core.registry.spreadsheets import Cell, Formula, Line

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": ("姓名", "name"),
        "unit": ("单位", "unit"),
        "post": ("职务", "post"),
        "rank": ("职级", "rank"),
        "principal": ("是否正职", "principal"),
        "since": ("任职日期", "since"),
    }
)
"""The columns, all needed, in any order; others are not read."""

_RANKS = {
    "正科": Rank.FULL_SECTION,
    "正科级": Rank.FULL_SECTION,
    "full_section": Rank.FULL_SECTION,
    "副科": Rank.DEPUTY_SECTION,
    "副科级": Rank.DEPUTY_SECTION,
    "deputy_section": Rank.DEPUTY_SECTION,
}
_YES_NO = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_NAME = re.compile(r"[^\W\d_]+(?:[ ·•.'’-]{1,2}[^\W\d_]+)*\.?")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af\s]+")
_EARLIEST = date(1950, 1, 1)
_LIMITS = {"name": 100, "unit": 200, "post": 100}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a row. ``import.{code}`` in the catalogues says what it is and what to do."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that could be read: what it says about one official. ``unit`` is a name or a code, as written."""

    row: int
    name: str
    unit: str
    post: str
    rank: Rank
    is_principal: bool
    since: date


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read, and why."""

    row: int
    notes: tuple[Note, ...]


def read_list(lines: Sequence[Line], *, today: date) -> list[Entry | Unread]:
    """Return what each row below the headings says. A day in post lies between 1950 and a year from ``today``.

    Raises:
        Invalid: ``missing_heading`` or ``repeated_heading`` (``headings`` lists them), ``empty_file`` without any row.
    """
    columns = _columns(lines[0])
    if len(lines) == 1:
        raise Invalid("empty_file")
    return [_Row(line, columns).read(today) for line in lines[1:]]


class _Column(NamedTuple):
    """Where a column stands, and its heading as written there."""

    place: int
    heading: str


def _columns(line: Line) -> Mapping[str, _Column]:
    found: dict[str, list[_Column]] = {column: [] for column in HEADINGS}
    for place, cell in enumerate(line.cells):
        for column, words in HEADINGS.items():
            if isinstance(cell, str) and "".join(cell.split()).lower() in words:
                found[column].append(_Column(place, cell))
    _refuse("missing_heading", [column for column, places in found.items() if not places])
    _refuse("repeated_heading", [column for column, places in found.items() if len(places) > 1])
    return {column: places[0] for column, places in found.items()}


def _refuse(code: str, columns: Sequence[str]) -> None:
    if columns:
        raise Invalid(code, headings=", ".join("/".join(HEADINGS[column]) for column in columns))


class _Row:
    """Reads the cells of one line, collecting every fault on the way."""

    def __init__(self, line: Line, columns: Mapping[str, _Column]) -> None:
        self._line = line
        self._columns = columns
        self._notes: list[Note] = []

    def read(self, today: date) -> Entry | Unread:
        entry = Entry(
            row=self._line.number,
            name=self._name(),
            unit=self._text("unit"),
            post=self._text("post"),
            rank=self._rank(),
            is_principal=self._principal(),
            since=self._since(today),
        )
        return Unread(entry.row, tuple(self._notes)) if self._notes else entry

    def _note(self, code: str, column: str) -> None:
        self._notes.append(Note(code, {"heading": self._columns[column].heading}))

    def _cell(self, column: str) -> Cell:
        """Return the cell, or nothing where it is a formula, which is noted."""
        place = self._columns[column].place
        cell = self._line.cells[place] if place < len(self._line.cells) else ""
        if isinstance(cell, Formula):
            self._note("formula", column)
            return cell
        if cell == "":
            self._note("cell_missing", column)
        return cell

    def _text(self, column: str) -> str:
        cell = self._cell(column)
        if isinstance(cell, Formula) or cell == "":
            return ""
        text = "" if isinstance(cell, date) else " ".join(cell.split())
        if text and text.isprintable() and len(text) <= _LIMITS[column]:
            return text
        self._note("cell_unfit", column)
        return ""

    def _name(self) -> str:
        name = self._text("name")
        # lists set a two-character name apart with a space in between
        kept = "".join(name.split()) if _HAN.fullmatch(name) else name
        if kept and not _NAME.fullmatch(kept):
            self._note("cell_unfit", "name")
        return kept

    def _rank(self) -> Rank:
        cell = self._cell("rank")
        if isinstance(cell, str) and cell:
            if cell.lower() in _RANKS:
                return _RANKS[cell.lower()]
            self._note("unknown_rank", "rank")
        elif isinstance(cell, date):
            self._note("unknown_rank", "rank")
        return Rank.DEPUTY_SECTION  # not used: the row has a note

    def _principal(self) -> bool:
        cell = self._cell("principal")
        if isinstance(cell, Formula) or cell == "":
            return False
        answer = _YES_NO.get(cell.lower()) if isinstance(cell, str) else None
        if answer is None:
            self._note("not_yes_or_no", "principal")
        return bool(answer)

    def _since(self, today: date) -> date:
        cell = self._cell("since")
        if isinstance(cell, Formula) or cell == "":
            return today
        since = cell if isinstance(cell, date) else _date(cell)
        if since is None:
            self._note("not_a_date", "since")
            return today
        if not _EARLIEST <= since <= today.replace(year=today.year + 1, day=min(today.day, 28)):
            self._note("date_implausible", "since")
        return since


def _date(written: str) -> date | None:
    found = _DATE.fullmatch("".join(written.split()))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None
