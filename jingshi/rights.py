"""Least rights on PostgreSQL: what each process may do in the database, from `rights.toml` to SQL.

Each process connects as a role of its own. The owner of the tables is a fourth role, for the commands at the machine;
row-level security does not bind it.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from types import MappingProxyType
from typing import Final, Literal, get_args

from psycopg.sql import Identifier
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.app import check_schema
from core.db import Database
from core.errors import Misconfigured, RightMissing
from core.sealing import PROCESSES

Privilege = Literal["select", "insert", "update", "delete"]
PRIVILEGES: Final[tuple[Privilege, ...]] = get_args(Privilege)
EVERY_ROW: Final = "true"
_POLICY: Final = "jingshi_"


@dataclass(frozen=True, slots=True)
class Right:
    """What one privilege covers: no ``columns`` are all of them; ``rows`` and ``becomes`` are conditions in SQL."""

    columns: tuple[str, ...] = ()
    rows: str = EVERY_ROW
    becomes: str = EVERY_ROW

    @property
    def is_for_every_row(self) -> bool:
        """Whether no row is excepted, neither before nor after."""
        return self.rows == self.becomes == EVERY_ROW


Rights = Mapping[str, Mapping[str, Mapping[Privilege, Right]]]
"""By table, process and privilege; what is not there is not granted."""


def parse(toml: str) -> Rights:
    """Return the rights that the TOML text describes; raise `Misconfigured` for a line that does not fit."""
    tables = tomllib.loads(toml)
    for name, holders in tables.items():
        for process, granted in holders.items():
            if process not in PROCESSES or not granted.keys() <= set(PRIVILEGES):
                raise Misconfigured(f"rights on {name}: {process} {', '.join(granted)} is no process with privileges")
    return MappingProxyType(
        {
            name: {
                process: {privilege: _right(f"{name}.{process}.{privilege}", told) for privilege, told in each.items()}
                for process, each in holders.items()
            }
            for name, holders in tables.items()
        }
    )


def _right(where: str, told: object) -> Right:
    if told == "all":
        return Right()
    if not isinstance(told, dict) or not told or not told.keys() <= {"columns", "rows", "becomes"}:
        raise Misconfigured(f'the right {where} is neither "all" nor a table of columns, rows and becomes')
    return Right(tuple(told.get("columns", ())), told.get("rows", EVERY_ROW), told.get("becomes", EVERY_ROW))


RIGHTS: Final = parse(files(__package__).joinpath("rights.toml").read_text(encoding="utf-8"))


def statements(roles: Mapping[str, str], rights: Rights = RIGHTS) -> Sequence[str]:
    """Return the SQL that gives the role of each process its rights, and takes everything else from them and PUBLIC.

    ``roles`` maps ``intake``, ``desk`` and ``worker`` to names of roles. Run in one transaction, it leaves the same
    however often it runs. Raises `Misconfigured` unless these are three roles.
    """
    if roles.keys() != set(PROCESSES) or len(set(roles.values())) != len(PROCESSES) or not all(roles.values()):
        raise Misconfigured("each process needs a database role of its own")
    quoted = {process: _quoted(name) for process, name in roles.items()}
    everybody = ", ".join(["PUBLIC", *quoted.values()])
    schemas = dict.fromkeys(_schema(table) for table in rights)
    return [
        f"REVOKE ALL ON {', '.join(map(_table, rights))} FROM {everybody}",
        f"REVOKE ALL ON SCHEMA {', '.join(schemas)} FROM {everybody}",
        *(f"GRANT USAGE ON SCHEMA {each} TO {', '.join(_users(each, rights, quoted))}" for each in schemas),
        _DROP_POLICIES,
        *chain.from_iterable(_grants(table, holders, quoted) for table, holders in rights.items()),
    ]


async def apply(database: Database, roles: Mapping[str, str]) -> None:
    """Give the roles their rights, all in one transaction; ``database`` is connected as the owner of the tables.

    Raises `Misconfigured` on SQLite, for a schema of another version, for a role that does not exist, for one whose
    rights no grant can bound, and when somebody else is connected than the owner.
    """
    require_postgresql(database)
    wanted = statements(roles)
    await check_schema(database)
    try:
        async with database.transaction() as session:
            await _require_plain(session, roles)
            connection = await session.connection()
            for statement in wanted:
                await connection.exec_driver_sql(statement)
    except RightMissing as error:
        raise Misconfigured("only the owner of the tables gives rights; JINGSHI_DATABASE_URL names another") from error


def require_postgresql(database: Database) -> None:
    """Raise `Misconfigured` on SQLite."""
    if database.is_sqlite:
        raise Misconfigured("SQLite knows no roles: there, the permissions of the files protect the home")


def _grants(table: str, holders: Mapping[str, Mapping[Privilege, Right]], roles: Mapping[str, str]) -> Iterator[str]:
    for process, granted in holders.items():
        named = ", ".join(_privilege(privilege, right) for privilege, right in granted.items())
        yield f"GRANT {named} ON {_table(table)} TO {roles[process]}"
    if all(right.is_for_every_row for granted in holders.values() for right in granted.values()):
        return
    yield f"ALTER TABLE {_table(table)} ENABLE ROW LEVEL SECURITY"  # from here on, no policy means no row
    for process, granted in holders.items():
        for privilege, right in granted.items():
            policy = _quoted(f"{_POLICY}{process}_{privilege}")
            on = f"{_table(table)} FOR {privilege.upper()} TO {roles[process]}"
            yield f"CREATE POLICY {policy} ON {on} {_condition(privilege, right)}"


def _privilege(privilege: Privilege, right: Right) -> str:
    columns = f" ({', '.join(map(_quoted, right.columns))})" if right.columns else ""
    return privilege.upper() + columns


def _condition(privilege: Privilege, right: Right) -> str:
    if privilege == "insert":
        return f"WITH CHECK ({right.rows})"
    return f"USING ({right.rows})" + (f" WITH CHECK ({right.becomes})" if privilege == "update" else "")


def _users(schema: str, rights: Rights, roles: Mapping[str, str]) -> list[str]:
    """Return the roles that have a right on a table of this schema."""
    holding = {process for table, holders in rights.items() if _schema(table) == schema for process in holders}
    return [role for process, role in roles.items() if process in holding]


def _schema(table: str) -> str:
    """Return the schema of a table: our own are in ``public`` and named without it."""
    return table.rpartition(".")[0] or "public"


def _table(name: str) -> str:
    return f"{_schema(name)}.{_quoted(name.rpartition('.')[2])}"


def _quoted(name: str) -> str:
    return Identifier(name).as_string()


_DROP_POLICIES: Final = f"""\
DO $$
DECLARE ours record;
BEGIN
  FOR ours IN
    SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' AND starts_with(policyname, '{_POLICY}')
  LOOP
    EXECUTE 'DROP POLICY ' || quote_ident(ours.policyname) || ' ON public.' || quote_ident(ours.tablename);
    EXECUTE 'ALTER TABLE public.' || quote_ident(ours.tablename) || ' DISABLE ROW LEVEL SECURITY';
  END LOOP;
END $$"""  # noqa: S608 - a constant prefix

_PLAIN: Final = text("""
    SELECT rolname, NOT (
      rolsuper OR rolbypassrls OR rolcreaterole
      OR EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid)
      OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
    ) AS is_plain
    FROM pg_roles WHERE rolname = ANY(:names)""")


async def _require_plain(session: AsyncSession, roles: Mapping[str, str]) -> None:
    """Raise `Misconfigured` unless the roles are there and can do only what they are granted."""
    names = list(roles.values())
    found = {row.rolname: row.is_plain for row in await session.execute(_PLAIN, {"names": names})}
    for name in names:
        if name not in found:
            raise Misconfigured(f"there is no database role {name}; make it with: CREATE ROLE … LOGIN")
        if not found[name]:
            raise Misconfigured(
                f"the database role {name} must own nothing, belong to no other role and be no superuser; "
                "otherwise no grant bounds it"
            )
