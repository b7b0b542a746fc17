"""The store of a home from behind: what its keeper, or whoever breaks it, does by hand."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

import psycopg

from core.db import Base, database_url

_CLOSE_OTHERS: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Store:
    """The database behind ``url``, without any of the project's own care."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.is_sqlite = url.startswith("sqlite")

    def run(self, *statements: str) -> Sequence[Mapping[str, Any]]:
        """Run statements and return the rows of the last one."""
        with self._connected() as connection:
            for statement in statements[:-1]:
                connection.execute(statement)
            rows = connection.execute(statements[-1])
            names = [column[0] for column in rows.description or ()]
            return [dict(zip(names, row, strict=True)) for row in rows.fetchall()] if names else []

    def literal(self, value: object) -> str:
        """Return bytes, a key or text as SQL spells it."""
        if isinstance(value, bytes):
            return f"X'{value.hex()}'" if self.is_sqlite else f"'\\x{value.hex()}'"
        return f"'{value}'"

    def tables(self) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
        """Yield every table with its rows."""
        for name in Base.metadata.tables:
            yield name, self.run(f'SELECT * FROM "{name}"')  # noqa: S608 - our own names

    def overwrite(self, table: str, column: str, content: bytes, *, row_id: object = None) -> None:
        """Put something else into a column, of one row or of all."""
        where = "" if row_id is None else f"WHERE id = {self.literal(row_id)}"
        self.run(f"UPDATE {table} SET {column} = {self.literal(content)} {where}")  # noqa: S608 - our own words

    def leave_deleted(self, text: str) -> None:
        """Delete a row as one should not: its bytes stay on a free page."""
        pragma = ("PRAGMA secure_delete=OFF",) if self.is_sqlite else ()
        self.run(*pragma, f"CREATE TABLE note AS SELECT {self.literal(text)} AS text", "DELETE FROM note")

    def fail(self, text: str) -> None:
        """Send a statement that holds a text and cannot be carried out."""
        with suppress(sqlite3.Error, psycopg.Error):
            self.run(f"SELECT {self.literal(text)}::date")

    def settle(self) -> None:
        """Have PostgreSQL write down what it holds in memory; SQLite keeps nothing there."""
        if not self.is_sqlite:
            self.run("CHECKPOINT")

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Take no writes as long as the block lasts: locked on SQLite, read-only on PostgreSQL."""
        if self.is_sqlite:
            with self._connected() as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield
                connection.execute("ROLLBACK")
        else:
            name = database_url(self._url).database
            self.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on', _CLOSE_OTHERS)
            yield
            self.run("SET default_transaction_read_only = off", f'ALTER DATABASE "{name}" RESET ALL', _CLOSE_OTHERS)

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """Hide a table as long as the block lasts, so that statements fail that nobody expects to."""
        self.run(f"ALTER TABLE {table} RENAME TO hidden")
        yield
        self.run(f"ALTER TABLE hidden RENAME TO {table}")

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        opened: Any = (
            sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
            if self.is_sqlite
            else psycopg.connect(self._url, autocommit=True)
        )
        with closing(opened):
            yield opened
