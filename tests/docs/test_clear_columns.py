"""``docs/clear-columns.md`` says of every column what it gives away, and gives a reason for what lies in clear."""

from datetime import date
from importlib import import_module

import pytest
from sqlalchemy import Column

from core.db import Base, Instant
from tests.docs.pages import ROOT, table

import_module("core.app")  # registers every table

HEADER = ("table", "column", "kind", "why")
ROWS = table((ROOT / "docs" / "clear-columns.md").read_text(), HEADER)
COLUMNS = {(place.name, column.name): column for place in Base.metadata.sorted_tables for column in place.columns}
LISTED = [(row["table"], row["column"]) for row in ROWS]

KINDS = {"id", "clear", "time", "sealed", "hash", "key", "signature", "count"}
NEEDS_A_REASON = {"clear", "time"}
UNREADABLE = {"sealed", "hash", "key", "signature"}
ENCODED_HASHES = {("account", "password_hash")}  # argon2 writes its hash, salt and cost as one line of text


def test_every_column_is_listed_once_and_nothing_else_is() -> None:
    assert [place for place in COLUMNS if place not in LISTED] == []
    assert [place for place in LISTED if place not in COLUMNS] == []
    assert sorted(set(LISTED)) == sorted(LISTED)


def test_every_kind_is_one_of_the_closed_list() -> None:
    assert [row for row in ROWS if row["kind"] not in KINDS] == []


def test_what_lies_in_clear_and_every_time_has_a_reason() -> None:
    bare = {"", "-", "–", "—"}
    assert [row for row in ROWS if row["kind"] in NEEDS_A_REASON and row["why"] in bare] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['table']}.{row['column']}")
def test_the_kind_fits_what_the_column_can_hold(row: dict[str, str]) -> None:
    place = (row["table"], row["column"])
    assert row["kind"] in fitting_kinds(COLUMNS[place]) or (row["kind"] == "hash" and place in ENCODED_HASHES)


def fitting_kinds(column: Column[object]) -> set[str]:
    """Bytes are never clear, text is never sealed, a moment is a time."""
    if isinstance(column.type, Instant):
        return {"time"}
    holds = column.type.python_type
    if holds is bytes:
        return UNREADABLE
    if holds is date:
        return {"time"}
    if holds is int:
        return {"id", "count"}
    return {"id", "clear"}
