"""A database on PostgreSQL with a role for each process."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from core.db import Database
from core.sealing import PROCESSES
from jingshi.rights import apply
from tests.databases import Cluster


@dataclass(frozen=True)
class Granted:
    """A migrated database, the owner's URL of it, and the roles that are given their rights there."""

    url: str
    roles: Mapping[str, str]

    def url_of(self, process: str) -> str:
        return self.url.replace("//tests@", f"//{self.roles[process]}@")

    async def apply(self) -> None:
        database = Database(self.url)
        try:
            await apply(database, self.roles)
        finally:
            await database.dispose()

    def run_as(self, process: str, statement: str) -> int:
        """Run a statement as a process, and take it back; return how many rows it met."""
        with psycopg.connect(self.url_of(process)) as connection:
            met = connection.execute(statement.encode()).rowcount
            connection.rollback()
        return met

    def run(self, statement: str) -> int:
        """Run a statement as the owner of the tables; return how many rows it met."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(statement.encode()).rowcount


def held(granted: Granted) -> set[tuple[str, ...]]:
    """Return the privileges of the processes and of PUBLIC on tables and columns, and the policies."""
    holders = [*granted.roles.values(), "PUBLIC"]
    with psycopg.connect(granted.url) as connection:
        return {tuple(map(str, row)) for row in connection.execute(_HELD, {"holders": holders})}


_HELD = """
    SELECT 'column', table_name, column_name, grantee, privilege_type FROM information_schema.column_privileges
    WHERE table_schema IN ('public', 'dbos') AND grantee = ANY(%(holders)s)
    UNION ALL
    SELECT 'table', table_name, '', grantee, privilege_type FROM information_schema.table_privileges
    WHERE table_schema IN ('public', 'dbos') AND grantee = ANY(%(holders)s)
    UNION ALL
    SELECT 'rows', tablename, policyname, roles::text, concat_ws(' ', cmd, qual, 'becomes', with_check) FROM pg_policies
    UNION ALL
    SELECT 'secured', relname, '', '', '' FROM pg_class WHERE relrowsecurity
"""


@contextmanager
def database_with_roles(cluster: Cluster) -> Iterator[Granted]:
    """Give a database and its roles, as long as the block lasts."""
    with cluster.database() as url, roles_in(url) as made:
        yield made


@contextmanager
def roles_in(url: str) -> Iterator[Granted]:
    """Give a database its roles, as long as the block lasts; roles belong to the whole cluster."""
    roles = {process: f"{process.title()}-{secrets.token_hex(6)}" for process in PROCESSES}  # such names need quotes
    _run_each(url, "CREATE ROLE {} LOGIN", roles)
    try:
        yield Granted(url, roles)
    finally:
        _run_each(url, "DROP OWNED BY {0}; DROP ROLE {0}", roles)


def _run_each(url: str, statement: str, roles: Mapping[str, str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for role in roles.values():
            connection.execute(statement.format(f'"{role}"').encode())
