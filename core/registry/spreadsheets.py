"""Reading a foreign ``.xlsx`` or ``.csv`` file into lines of cells, within bounds; nothing in it is evaluated."""

import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import Final, Protocol, cast

from core.errors import Invalid, TooLarge

MAX_BYTES: Final = 10 * 2**20
MAX_UNPACKED: Final = 50 * 2**20
MAX_PARTS: Final = 500
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 50

_ZIP = b"PK\x03\x04"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]{2,20})")


class Formula(Enum):
    """A cell that would have to be evaluated, which is not done."""

    FORMULA = "formula"


Cell = str | date | Formula


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not blank. ``number`` is the row's number as a spreadsheet program shows it."""

    number: int
    cells: tuple[Cell, ...]


def read_lines(file_name: str, content: bytes) -> list[Line]:
    """Return the rows of the file that are not blank, the headings first; numbers become plain digits.

    Raises:
        TooLarge: ``file_too_large`` (`MAX_BYTES`), ``workbook_too_large`` (`MAX_UNPACKED` when unpacked, `MAX_PARTS`),
            ``too_many_rows`` (`MAX_ROWS`).
        Invalid: ``wrong_file_type``, when the name ends in neither or the content is another; ``empty_file``;
            ``workbook_unreadable``, ``several_sheets``, ``merged_cells`` (``cells`` says where) for a workbook;
            ``text_unreadable`` for text that is neither UTF-8 nor GB 18030, or has an unclosed quotation mark.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge("file_too_large", limit=MAX_BYTES)
    if not content.strip():
        raise Invalid("empty_file")
    suffix = PurePath(file_name).suffix.lower()
    if suffix == ".xlsx" and content.startswith(_ZIP):
        lines = _of_workbook(content)
    elif suffix == ".csv" and b"\0" not in content[:4096]:
        lines = _bounded(_of_text(_decoded(content)))
    else:
        raise Invalid("wrong_file_type")
    if not lines:
        raise Invalid("empty_file")
    return lines


def _bounded(rows: Iterator[tuple[Cell, ...]]) -> list[Line]:
    lines: list[Line] = []
    held = 0  # rows that hold cells, be they blank: reading those takes time as well
    for number, cells in enumerate(rows, 1):
        if not cells:
            continue
        held += 1
        if held > MAX_ROWS + 1:  # the headings come on top
            raise TooLarge("too_many_rows", limit=MAX_ROWS)
        width = max((place for place, cell in enumerate(cells, 1) if cell != ""), default=0)
        if width:
            lines.append(Line(number, cells[:width]))
    return lines


def _text(value: str) -> Cell:
    kept = value.strip()
    return Formula.FORMULA if kept.startswith("=") else kept


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("text_unreadable")


def _of_text(text: str) -> Iterator[tuple[Cell, ...]]:
    try:
        for record in csv.reader(StringIO(text, newline=""), strict=True):
            yield tuple(_text(value) for value in record[:MAX_COLUMNS])
    except csv.Error:
        raise Invalid("text_unreadable") from None


def _of_workbook(content: bytes) -> list[Line]:
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy, and only an import needs it

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of every extension that it does not know
            _require_modest(archive)
            # not data_only: that would hide formulas behind their last results
            book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            return _of_only_sheet(cast("Iterable[_Sheet]", book.worksheets), archive)
    except Invalid:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever a broken part leads it to
        raise Invalid("workbook_unreadable") from None


def _require_modest(archive: zipfile.ZipFile) -> None:
    # zipfile never unpacks more of a part than the directory declares, so that the declared sizes bind
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TooLarge("workbook_too_large", limit=MAX_UNPACKED)
    if "xl/workbook.xml" not in archive.namelist():
        raise Invalid("wrong_file_type")


class _ReadCell(Protocol):
    value: object
    data_type: str


class _Sheet(Protocol):
    """What a sheet offers that openpyxl reads only; its published types describe those that it writes."""

    sheet_state: str
    _worksheet_path: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self) -> Iterator[tuple[_ReadCell, ...]]: ...


def _of_only_sheet(sheets: Iterable[_Sheet], archive: zipfile.ZipFile) -> list[Line]:
    """Return the lines of the one sheet that can be seen and is not blank."""
    filled: list[Line] = []
    for sheet in sheets:
        lines = _bounded(_of_sheet(sheet)) if sheet.sheet_state == "visible" else []
        if lines and filled:
            raise Invalid("several_sheets")
        if lines:
            # openpyxl tells nowhere else which part a sheet is in, nor, when it reads only, what is merged
            _refuse_merged(archive.read(sheet._worksheet_path))  # noqa: SLF001 - as said
            filled = lines
    return filled


def _of_sheet(sheet: _Sheet) -> Iterator[tuple[Cell, ...]]:
    sheet.reset_dimensions()  # what the file claims about its size is not believed
    for row in sheet.iter_rows():
        yield tuple(_cell(cell) for cell in row[:MAX_COLUMNS])


def _cell(cell: _ReadCell) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Formula.FORMULA
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _text(str(value))


def _refuse_merged(part: bytes) -> None:
    found = _MERGED.search(part)
    if found:
        raise Invalid("merged_cells", cells=found.group(1).decode())
