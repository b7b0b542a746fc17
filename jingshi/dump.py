"""Every row that is kept as a line of text, the same from either database and into either.

The head of a table is a JSON object ``{"table": name, "columns": {name: kind}}``; each line after it is a JSON array
with one row. Tables come in an order in which foreign keys find what they point at, and so do the rows of a
table that points at itself.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    LargeBinary,
    String,
    Table,
    TableClause,
    Time,
    Uuid,
    column,
    insert,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.db import Base, Database, Instant
from core.errors import Forged

_BATCH: Final = 500
_OF_THE_MOMENT: Final = frozenset({"presence"})
"""Tables of the present alone: in a backup they would become the record that they are not."""


def _same(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How a cell of one Python type is stored and written."""

    stored: TypeEngine[Any]
    write: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


KINDS: Final[Mapping[str, Kind]] = {
    "UUID": Kind(Uuid(), str, UUID),
    "datetime": Kind(Instant(), datetime.isoformat, datetime.fromisoformat),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "time": Kind(Time(), time.isoformat, time.fromisoformat),
    "bytes": Kind(LargeBinary(), lambda value: b64encode(value).decode(), b64decode),
    "str": Kind(String()),
    "int": Kind(BigInteger()),
    "bool": Kind(Boolean()),
}


def kind_of(cell: Column[Any]) -> str:
    """Return the name in `KINDS` of what a column holds."""
    stored = cell.type.impl_instance if isinstance(cell.type, TypeDecorator) else cell.type
    return stored.python_type.__name__


async def dump(database: Database) -> AsyncIterator[bytes]:
    """Yield the lines of every table, as they all stood at one moment; raises `Unavailable`."""
    async with database.transaction(write=False) as session:
        if not database.is_sqlite:  # where a transaction otherwise sees what others commit meanwhile
            await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        for each in Base.metadata.sorted_tables:
            if each.name in _OF_THE_MOMENT:
                continue
            async for line in _lines(session, each):
                yield line


async def load(session: AsyncSession, lines: Iterable[bytes]) -> int:
    """Insert the rows of these lines into a migrated, empty database; return how many.

    Raises `Forged` for a line that no dump has.
    """
    count, target = 0, table("")
    kinds: Sequence[Kind] = ()
    for batch in _batches(lines):
        if isinstance(batch, Mapping):
            target, kinds = _head(batch)
            continue
        rows = [_row(target, kinds, cells) for cells in batch]
        await session.execute(insert(target), rows)
        count += len(rows)
    return count


async def _lines(session: AsyncSession, each: Table) -> AsyncIterator[bytes]:
    kinds = {cell.name: kind_of(cell) for cell in each.columns}
    yield _line({"table": each.name, "columns": kinds})
    writers = [KINDS[kind].write for kind in kinds.values()]

    def written(row: Sequence[Any]) -> bytes:
        return _line([None if cell is None else write(cell) for write, cell in zip(writers, row, strict=True)])

    parent = _own_parent(each)
    if parent is not None:
        for row in _parents_first((await session.execute(select(each))).all(), parent):
            yield written(row)
        return
    async for row in await session.stream(select(each).execution_options(yield_per=_BATCH)):
        yield written(row)


def _own_parent(each: Table) -> str | None:
    """Return the column by which rows of a table point at others of the same table, if there is one."""
    return next((key.parent.name for key in each.foreign_keys if key.column.table is each), None)


def _parents_first(rows: Iterable[Any], parent: str) -> Iterator[Any]:
    waiting, known = list(rows), {None}
    while waiting:
        ready = [row for row in waiting if getattr(row, parent) in known]
        waiting = [row for row in waiting if getattr(row, parent) not in known]
        if not ready:
            raise Forged("rows_in_a_circle")
        known.update(row.id for row in ready)
        yield from ready


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _batches(lines: Iterable[bytes]) -> Iterator[Mapping[str, Any] | list[list[Any]]]:
    """Yield heads as they come, and the rows between them in batches."""
    rows: list[list[Any]] = []
    for line in lines:
        value = json.loads(line)
        if rows and (isinstance(value, dict) or len(rows) == _BATCH):
            yield rows
            rows = []
        if isinstance(value, dict):
            yield value
        else:
            rows.append(value)
    if rows:
        yield rows


def _head(value: Mapping[str, Any]) -> tuple[TableClause, Sequence[Kind]]:
    try:
        kinds = {name: KINDS[kind] for name, kind in value["columns"].items()}
        return table(value["table"], *[column(name, kind.stored) for name, kind in kinds.items()]), [*kinds.values()]
    except (KeyError, AttributeError) as error:
        raise Forged("backup_damaged") from error


def _row(target: TableClause, kinds: Sequence[Kind], cells: Sequence[Any]) -> dict[str, Any]:
    pairs = zip(target.columns.keys(), kinds, cells, strict=True)
    return {name: None if cell is None else kind.read(cell) for name, kind, cell in pairs}
