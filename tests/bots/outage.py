"""A database that cannot be had, on either backend."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from core.app import App


@contextmanager
def out_of_reach(app: App) -> Iterator[None]:
    """Keep the database from being written: SQLite is locked by somebody else, PostgreSQL is not where it was."""
    if app.database.is_sqlite:
        with closing(sqlite3.connect(str(app.database.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
    else:
        there = app.database
        app.database = type(there)(there.url.set(port=1).render_as_string(hide_password=False))
        yield
        app.database = there
