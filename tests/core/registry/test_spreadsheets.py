"""Foreign files are read within bounds, and nothing in them is evaluated."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from core.errors import Invalid, TooLarge
from core.registry.spreadsheets import MAX_BYTES, MAX_PARTS, MAX_ROWS, MAX_UNPACKED, Formula, Line, read_lines
from tests.core.registry.builders import HEADINGS, a_csv, a_row, a_workbook, saved


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_in_the_encodings_that_spreadsheet_programs_write(encoding: str) -> None:
    lines = read_lines("名单.CSV", a_csv(a_row(name="亓官白蘋"), encoding=encoding))
    assert lines == [Line(1, HEADINGS), Line(2, ("亓官白蘋", "区财政局", "局长", "正科", "是", "2024-03-01"))]


def test_a_workbook_is_read_as_text_and_dates() -> None:
    content = saved(a_workbook(a_row(since=date(2024, 3, 1), principal=True), (" 甲 ", 3.0, 2.5, None, 1, "")))
    assert [line.cells for line in read_lines("a.xlsx", content)][1:] == [
        ("公冶听雨", "区财政局", "局长", "正科", "True", date(2024, 3, 1)),
        ("甲", "3", "2.5", "", "1"),
    ]


def test_rows_keep_their_numbers_when_blank_ones_lie_between() -> None:
    book = a_workbook()
    book.worksheets[0]["A5"] = "公冶听雨"
    assert [line.number for line in read_lines("a.xlsx", saved(book))] == [1, 5]
    assert [line.number for line in read_lines("a.csv", b"a\n\n , \nb\n")] == [1, 4]


def test_a_formula_is_not_evaluated_whatever_result_lies_beside_it() -> None:
    book = a_workbook(a_row(post="=CONCATENATE(A1,B1)"))
    text = book.worksheets[0]["A2"]
    text.value, text.data_type = "=1+1", "s"
    cells = read_lines("a.xlsx", saved(book))[1].cells
    assert (cells[0], cells[2]) == (Formula.FORMULA, Formula.FORMULA)
    assert read_lines("a.csv", b"name\n=1+1\n")[1].cells == (Formula.FORMULA,)


def test_hidden_and_blank_sheets_are_passed_over() -> None:
    book = a_workbook(a_row())
    book.create_sheet("空")
    for state in ("hidden", "veryHidden"):
        hidden = book.create_sheet(state, 0)
        hidden.append(["=1+1", "秘密"])
        hidden.merge_cells("A2:B3")
        hidden.sheet_state = state
    book.active = 2
    assert len(read_lines("a.xlsx", saved(book))) == 2


def test_what_openpyxl_does_not_know_is_no_trouble() -> None:
    book = a_workbook(a_row())
    book.worksheets[0].add_data_validation(DataValidation(type="list", formula1='"正科,副科"'))
    content = _with(saved(book), "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</worksheet>", _EXTENSION))
    assert len(read_lines("a.xlsx", content)) == 2


_EXTENSION = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'


def _merged() -> bytes:
    book = a_workbook(a_row(), a_row(name="公孙望舒"))
    book.worksheets[0].merge_cells("B2:B3")
    return saved(book)


def _two_sheets() -> bytes:
    book = a_workbook(a_row())
    book.create_sheet("二").append(["公孙望舒"])
    return saved(book)


def _zip(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _with(content: bytes, path: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[path] = change(parts[path])
    return _zip(parts)


def _entities(_: bytes) -> bytes:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "ha">{bomb}]><worksheet>&e8;</worksheet>'.encode()


SHEET = "xl/worksheets/sheet1.xml"
GOOD = saved(a_workbook(a_row()))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty_file"),
        ("a.csv", b"\n , \n", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf", "empty_file"),
        ("a.xlsx", saved(Workbook()), "empty_file"),
        ("a.xlsx", a_csv(a_row()), "wrong_file_type"),
        ("a.csv", GOOD, "wrong_file_type"),
        ("a.xls", GOOD, "wrong_file_type"),
        ("a.xlsm", GOOD, "wrong_file_type"),
        ("a", GOOD, "wrong_file_type"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an older or an encrypted workbook", "wrong_file_type"),
        ("a.csv", "姓名,单位".encode("utf-16"), "wrong_file_type"),
        ("a.xlsx", _zip({"word/document.xml": b"<w/>"}), "wrong_file_type"),
        ("a.csv", b"\xff\xff\x81", "text_unreadable"),
        ("a.csv", b'name\n"never closed', "text_unreadable"),
        ("a.xlsx", GOOD[: len(GOOD) // 2], "workbook_unreadable"),
        ("a.xlsx", _zip({"xl/workbook.xml": b"<w/>"}), "workbook_unreadable"),
        ("a.xlsx", _with(GOOD, SHEET, lambda part: part[:200]), "workbook_unreadable"),
        ("a.xlsx", _with(GOOD, SHEET, _entities), "workbook_unreadable"),
        ("a.xlsx", _merged(), "merged_cells"),
        ("a.xlsx", _two_sheets(), "several_sheets"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_lines(name, content)
    assert refused.value.code == code


def test_a_merged_cell_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        read_lines("a.xlsx", _merged())
    assert refused.value.params == {"cells": "B2:B3"}


@pytest.mark.parametrize(
    ("content", "code", "limit"),
    [
        (b"a" * (MAX_BYTES + 1), "file_too_large", MAX_BYTES),
        (b"name\n" + b"a\n" * (MAX_ROWS + 1), "too_many_rows", MAX_ROWS),
    ],
)
def test_text_beyond_the_limits_is_refused(content: bytes, code: str, limit: int) -> None:
    with pytest.raises(TooLarge) as refused:
        read_lines("a.csv", content)
    assert (refused.value.code, refused.value.params["limit"]) == (code, limit)


def test_as_many_rows_as_the_limit_are_read() -> None:
    assert len(read_lines("a.csv", b"name\n" + b"a\n" * MAX_ROWS)) == MAX_ROWS + 1


@pytest.mark.parametrize(
    "content",
    [
        _with(GOOD, SHEET, lambda part: part + bytes(MAX_UNPACKED)),
        _zip({"xl/workbook.xml": b"", **{f"{number}.xml": b"" for number in range(MAX_PARTS)}}),
    ],
)
def test_a_workbook_that_unpacks_beyond_the_limits_is_not_opened(content: bytes) -> None:
    assert len(content) < MAX_BYTES
    with pytest.raises(TooLarge, match="workbook_too_large"):
        read_lines("a.xlsx", content)


def test_a_workbook_that_lies_about_its_size_is_not_unpacked_further() -> None:
    packed = _with(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", b" " * 2**20 + b"</sheetData>"))
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    with pytest.raises(Invalid, match="workbook_unreadable"):
        read_lines("a.xlsx", packed.replace(size, (500).to_bytes(4, "little")))


def _far(row: int) -> bytes:
    return b'<row r="%d"><c r="ZZ%d" t="inlineStr"><is><t>x</t></is></c></row>' % (row, row)


def test_rows_with_nothing_but_a_cell_far_to_the_right_count_as_well() -> None:
    rows = b"".join(map(_far, range(3, MAX_ROWS + 4)))
    with pytest.raises(TooLarge, match="too_many_rows"):
        read_lines("a.xlsx", _with(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")))


def test_a_sheet_with_a_stray_cell_far_out_is_read_all_the_same() -> None:
    content = _with(GOOD, SHEET, lambda part: part.replace(b"</sheetData>", _far(1_048_576) + b"</sheetData>"))
    assert [line.number for line in read_lines("a.xlsx", content)] == [1, 2]
