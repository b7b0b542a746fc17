"""Rows as lines of text."""

import json

import pytest

from core import registry
from core.app import App
from core.db import Base
from core.errors import Forged
from core.work import System
from jingshi.dump import KINDS, dump, kind_of, load


def test_every_column_has_a_kind() -> None:
    lacking = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if kind_of(column) not in KINDS
    }
    assert lacking == set()


async def lines_of(app: App) -> list[bytes]:
    return [line async for line in dump(app.database)]


async def test_units_come_after_the_units_that_they_lie_under(desk: App) -> None:
    async with desk.work(System("operator"), "cli") as work:
        parent = None
        for code in ("z", "y", "x", "w"):
            unit = await registry.add_unit(work, code=code, kind="township", name=code, parent_id=parent)
            parent = unit.id
    rows = [json.loads(line) for line in await lines_of(desk)]
    start = next(at for at, row in enumerate(rows) if isinstance(row, dict) and row["table"] == "unit")
    codes = list(rows[start]["columns"]).index("code")
    assert [row[codes] for row in rows[start + 1 : start + 5]] == ["z", "y", "x", "w"]


async def test_every_table_is_in_a_dump(desk: App) -> None:
    heads = [row for row in map(json.loads, await lines_of(desk)) if isinstance(row, dict)]
    assert {head["table"] for head in heads} == set(Base.metadata.tables) - {"presence"}  # of the moment alone


@pytest.mark.parametrize("line", [b'{"table": "unit"}', b'{"table": "unit", "columns": {"id": "spell"}}', b"{}"])
async def test_a_head_that_no_dump_has_is_refused(desk: App, line: bytes) -> None:
    async with desk.database.transaction() as session:
        with pytest.raises(Forged, match="backup_damaged"):
            await load(session, [line])
