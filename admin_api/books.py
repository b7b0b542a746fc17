"""A register book as it is shown and taken out: rows of plain words, on the page or in a workbook.

In a workbook what stands in a cell is text, whatever it begins with.
"""

import asyncio
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from starlette.responses import Response

from admin_api.texts import known, speak
from core.app import registry
from core.cases import Book, Line
from core.work import Work

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

COLUMNS: Final = ("number", "entered_on", "channel", "origin", "subject", "what", "clerk")
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WIDTHS: Final = (8, 12, 18, 20, 36, 64, 14)
_FORMULA: Final = ("=", "+", "-", "@")
"""How a cell begins that a program may take for a formula (OWASP, CSV Injection); tab and CR are taken out before."""
_JOINERS: Final = "\u200c\u200d"
_NO_CHARACTERS: Final = "\ufffe\uffff"


@dataclass(frozen=True, slots=True)
class Words:
    """What turns a line into words: the language, the names of clerks, the labels of units by their codes."""

    language: str
    clerks: Mapping[UUID, str]
    units: Mapping[str, str]

    def row(self, line: Line) -> Sequence[str | int]:
        """Return what a line shows in each of the `COLUMNS`."""
        content = line.content
        if content is None:
            state = "destroyed" if line.is_destroyed else "closed" if line.clerk_id else "in_item"
            origin, subject, what = "", "", self._named("book.line", state)
        else:
            origin = self._named("entry.identity", content.identity_mode)
            whom = content.subject or self._named("entry.subject_kind", content.subject_kind)
            subject, what = " ".join(filter(None, (self.units.get(content.unit), whom))), content.what
        clerk = self.clerks.get(line.clerk_id, "") if line.clerk_id else ""
        return line.number, f"{line.entered_on}", self._named("channel", line.channel), origin, subject, what, clerk

    def _named(self, group: str, value: str) -> str:
        return known(speak(self.language), f"{group}.{value}") or value


async def words_for(work: Work, book: Book, language: str) -> Words:
    """Look up the names that the lines of a book need."""
    clerks = {line.clerk_id for line in book.lines if line.clerk_id}
    names = {each: (await registry.person(work, each)).name for each in clerks}
    return Words(language, names, {unit.code: unit.label(language) for unit in await registry.units(work)})


async def workbook(book: Book, words: Words) -> Response:
    """Return a book as .xlsx, to be saved."""
    content = await asyncio.to_thread(written, book, words)
    return saved(content, f"{book.name.register}-{book.name.year}.xlsx")


def written(book: Book, words: Words) -> bytes:
    """Return the bytes of a book as .xlsx."""
    translate = speak(words.language)
    headings = [translate(f"book.col.{each}") for each in COLUMNS]
    return sheet(str(book.name.year), headings, [words.row(line) for line in book.lines], _WIDTHS)


def sheet(title: str, headings: Sequence[str], rows: Sequence[Sequence[str | int]], widths: Sequence[int]) -> bytes:
    """Return a table as .xlsx, which prints across the page with its headings on each sheet; text stays text."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and only an export needs it
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    made = Workbook()
    page = cast("Worksheet", made.active)
    page.title = title
    for place, row in enumerate([headings, *rows], 1):
        _write(page, place, row)
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.page_setup.orientation = "landscape"
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def saved(content: bytes, name: str) -> Response:
    """Return a workbook to be saved under a name of plain ASCII."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def printable(text: str) -> str:
    """Return a text in one line, without control characters, halves of surrogate pairs and marks that hide or turn."""
    spaced = "".join(" " if each in "\t\r\n" else each for each in text)
    return "".join(each for each in spaced if each in _JOINERS or not _is_hidden(each))


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character in _NO_CHARACTERS


def _write(sheet: "Worksheet", row: int, values: Sequence[str | int]) -> None:
    for place, value in enumerate(values, start=1):
        cell = sheet.cell(row, place)
        if isinstance(value, int):
            cell.value = value
            continue
        text = printable(value)
        cell.value = text
        cell.data_type = "s"  # text, whatever it begins with
        cell.quotePrefix = text.startswith(_FORMULA)
