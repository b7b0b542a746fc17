"""PURE: from lines of cells to the entries of a list of officials, each fault named with what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from core.registry.columns import Headings, Row, split_off
from core.registry.kinds import Rank
from core.registry.reports import Note
from core.registry.spreadsheets import Formula, Line

HEADINGS: Final[Headings] = MappingProxyType(
    {
        "name": ("姓名", "name"),
        "unit": ("单位", "unit"),
        "post": ("职务", "post"),
        "rank": ("职级", "rank"),
        "principal": ("是否正职", "principal"),
        "since": ("任职日期", "since"),
    }
)
"""The columns of a list of officials."""

_RANKS = {
    "正科": Rank.FULL_SECTION,
    "正科级": Rank.FULL_SECTION,
    "full_section": Rank.FULL_SECTION,
    "副科": Rank.DEPUTY_SECTION,
    "副科级": Rank.DEPUTY_SECTION,
    "deputy_section": Rank.DEPUTY_SECTION,
}
_YES_NO = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}


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
    columns, rows = split_off(lines, HEADINGS)
    return [_Row(line, columns).read(today) for line in rows]


class _Row(Row):
    """Reads the cells of one line."""

    def read(self, today: date) -> Entry | Unread:
        entry = Entry(
            row=self.number,
            name=self.name("name"),
            unit=self.text("unit", 200),
            post=self.text("post", 100),
            rank=self._rank(),
            is_principal=self._principal(),
            since=self.day("since", today, latest=today.replace(year=today.year + 1, day=min(today.day, 28))),
        )
        return Unread(entry.row, tuple(self.notes)) if self.notes else entry

    def _rank(self) -> Rank:
        cell = self.cell("rank")
        if isinstance(cell, str) and cell:
            if cell.lower() in _RANKS:
                return _RANKS[cell.lower()]
            self.note("unknown_rank", "rank")
        elif isinstance(cell, date):
            self.note("unknown_rank", "rank")
        return Rank.DEPUTY_SECTION  # not used: the row has a note

    def _principal(self) -> bool:
        cell = self.cell("principal")
        if isinstance(cell, Formula) or cell == "":
            return False
        answer = _YES_NO.get(cell.lower()) if isinstance(cell, str) else None
        if answer is None:
            self.note("not_yes_or_no", "principal")
        return bool(answer)
