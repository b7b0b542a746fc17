"""What is asked for all day reads no table that grows from end to end, whatever the store holds."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from core.app import App
from core.cases.proceedings.tables import SUPERVISED
from core.cases.proceedings.waiting import _NEXT_STEPS as OF_CASES
from core.sealing import Escrow
from core.warnings.tables import WAITING
from core.warnings.waiting import _BY_STATE as OF_MEASURES
from tests.admin_api.colleagues import the_colleagues
from tests.admin_api.conftest import Connect

GROW = frozenset(
    {"item", "fact", "reply", "card", "triage", "case_file", "case_item", "case_member", "case_entry", "deadline"}
    | {"measure", "remedy", "served_code", "subject_message", "seal", "opening", "audit_entry"}
)
PAGES = {
    "clerk": ("/console", "/console/items", "/console/items?waiting=1", "/console/cases"),
    "supervisor": ("/console", "/console/cases", "/console/meetings", "/console/measures"),
    "org": ("/console", "/console/cases", "/console/measures"),
    "group": ("/console", "/console/cases", "/console/meetings"),
}
Asked = list[tuple[str, object]]


@contextmanager
def asked(desk: App) -> Iterator[Asked]:
    """Gather the statements that run meanwhile, with what they are given."""
    found: Asked = []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_: object) -> None:
        found.append((statement, given))

    engine = desk.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


async def plans(desk: App, statements: Asked) -> AsyncIterator[tuple[str, Sequence[str]]]:
    """Yield each query with the lines of its plan; PostgreSQL would read an empty table whole, unless told not to."""
    explain = "EXPLAIN QUERY PLAN" if desk.database.is_sqlite else "EXPLAIN"
    async with desk.database.engine.connect() as connection:
        if not desk.database.is_sqlite:
            await connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, given in statements:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                rows = await connection.exec_driver_sql(f"{explain} {statement}", given)  # type: ignore[arg-type]
                yield statement, [str(row[-1]) for row in rows]


def read_whole(line: str) -> str:
    """Return the table that a line of a plan reads from end to end, as it comes, or nothing."""
    found = re.search(r"^SCAN (\w+?)(_\d+)?$|Seq Scan on (\w+)", line)
    return (found[1] or found[3]) if found else ""


@pytest.mark.parametrize("name", PAGES)
async def test_no_page_of_the_day_reads_a_table_that_grows_whole(
    desk: App, escrow: Escrow, browse: Connect, name: str
) -> None:
    colleagues = await the_colleagues(desk, escrow, browse)
    with asked(desk) as statements:
        for path in PAGES[name]:
            assert (await colleagues.at(name).get(path)).status_code == 200, path
    assert len(statements) > len(PAGES[name])
    async for statement, plan in plans(desk, statements):
        assert not GROW.intersection(map(read_whole, plan)), f"{statement}\n{plan}"


def test_the_states_in_which_somebody_is_awaited_are_those_that_the_index_has() -> None:
    def states(where: str) -> set[str]:
        return set(re.findall(r"'(\w+)'", where))

    assert states(str(SUPERVISED)) == set(OF_CASES) - {"group_meeting_done"}
    assert set(OF_MEASURES) <= states(str(WAITING))
