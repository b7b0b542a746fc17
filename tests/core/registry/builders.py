"""Builders of what the tests of the registry need."""

from io import BytesIO

from openpyxl import Workbook

from core import registry
from core.registry import Person, Unit, UnitKind
from core.work import Work

HEADINGS = ("姓名", "单位", "职务", "职级", "是否正职", "任职日期")
Row = tuple[object, ...]


async def a_unit(work: Work, code: str, kind: UnitKind = UnitKind.DISTRICT_DEPARTMENT, **other: object) -> Unit:
    name = str(other.get("name", code))
    parent = other.get("under")
    return await registry.add_unit(
        work, code=code, kind=kind, name=name, parent_id=parent.id if isinstance(parent, Unit) else None
    )


async def a_person(work: Work, name: str = "公冶听雨") -> Person:
    return await registry.add_person(work, name, is_fictional=True)


def a_row(name: str = "公冶听雨", unit: str = "区财政局", post: str = "局长", **other: object) -> Row:
    return (
        name,
        unit,
        post,
        other.get("rank", "正科"),
        other.get("principal", "是"),
        other.get("since", "2024-03-01"),
    )


def a_csv(*rows: Row, headings: Row = HEADINGS, encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(map(str, row)) for row in (headings, *rows)).encode(encoding)


def a_workbook(*rows: Row, headings: Row = HEADINGS) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (headings, *rows):
        sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()
