"""How the rights of the processes on PostgreSQL are written down and given."""

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.db import Base, Database
from core.errors import Misconfigured
from core.sealing import PROCESSES
from jingshi import cli
from jingshi.rights import RIGHTS, Right, apply, parse, statements
from tests.databases import Cluster, migrate
from tests.jingshi.granted import Granted, database_with_roles, held

ROLES = {process: process for process in PROCESSES}


@pytest.fixture
def ungranted(cluster: Cluster) -> Iterator[Granted]:
    with database_with_roles(cluster) as made:
        yield made


def test_every_table_has_its_rights_and_every_right_its_table() -> None:
    assert {name for name in RIGHTS if "." not in name} == {*Base.metadata.tables, "alembic_version"}


def test_every_table_of_the_jobs_has_its_rights(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("empty")) as connection:
        found = connection.execute("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = 'dbos'")
        assert {name for name in RIGHTS if "." in name} == {name for (name,) in found}


def test_rights_name_columns_that_there_are() -> None:
    for name, table in Base.metadata.tables.items():
        for granted in RIGHTS[name].values():
            named = {column for right in granted.values() for column in right.columns}
            assert named <= set(table.columns.keys()), name


def test_only_what_can_be_narrowed_is_narrowed() -> None:
    for name, holders in RIGHTS.items():
        for granted in holders.values():
            for privilege, right in granted.items():
                assert not right.columns or privilege in {"select", "update"}, name
                assert right.becomes == Right().becomes or privilege == "update", name


async def test_giving_rights_again_leaves_the_same(ungranted: Granted) -> None:
    await ungranted.apply()
    once = held(ungranted)
    await ungranted.apply()
    assert held(ungranted) == once


async def test_what_somebody_granted_by_hand_is_taken_away(ungranted: Granted) -> None:
    await ungranted.apply()
    once = held(ungranted)
    ungranted.run(f'GRANT ALL ON item, audit_entry TO PUBLIC, "{ungranted.roles["intake"]}"')
    ungranted.run("GRANT SELECT (secret_hash) ON session TO PUBLIC")
    ungranted.run("CREATE POLICY jingshi_old ON unit USING (false)")
    ungranted.run("ALTER TABLE unit ENABLE ROW LEVEL SECURITY")
    await ungranted.apply()
    assert held(ungranted) == once


async def test_a_role_is_refused_that_is_not_there_or_that_no_grant_bounds(ungranted: Granted) -> None:
    database, roles = Database(ungranted.url), dict(ungranted.roles)
    for name, complaint in (("nobody-here", "there is no database role"), ("tests", "must own nothing")):
        with pytest.raises(Misconfigured, match=complaint):
            await apply(database, roles | {"desk": name})
    await database.dispose()
    assert held(ungranted) == set()


async def test_a_process_gives_itself_no_rights(ungranted: Granted) -> None:
    await ungranted.apply()
    database = Database(ungranted.url_of("desk"))
    with pytest.raises(Misconfigured, match="only the owner"):
        await apply(database, ungranted.roles)
    await database.dispose()


def test_the_owner_of_the_database_need_not_be_a_superuser(cluster: Cluster, ungranted: Granted) -> None:
    owner = f"owner_{secrets.token_hex(6)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN".encode())
        connection.execute(f"CREATE DATABASE {owner} OWNER {owner}".encode())
        own = Granted(cluster.url(owner).replace("//tests@", f"//{owner}@"), ungranted.roles)
        migrate(own.url)
        asyncio.run(own.apply())
        asyncio.run(ungranted.apply())
        assert held(own) == held(ungranted)
        connection.execute(f"DROP DATABASE {owner} WITH (FORCE)".encode())
        connection.execute(f"DROP ROLE {owner}".encode())


@pytest.mark.parametrize("roles", [{}, {"intake": "a", "desk": "b"}, ROLES | {"desk": "intake"}, ROLES | {"desk": ""}])
def test_each_process_needs_a_role_of_its_own(roles: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match="role of its own"):
        statements(roles)


def test_a_role_with_a_strange_name_is_quoted() -> None:
    made = "\n".join(statements(ROLES | {"desk": 'desk"; DROP TABLE item; --'}))
    assert '"desk""; DROP TABLE item; --"' in made
    assert made.count("DROP TABLE") == made.count('""; DROP TABLE')


@pytest.mark.parametrize(
    "toml",
    [
        'item.someone.select = "all"',
        'item.desk.truncate = "all"',
        'item.desk.select = "some"',
        "item.desk.select = {}",
        'item.desk.select = { column = ["id"] }',
    ],
)
def test_a_line_that_does_not_fit_is_named(toml: str) -> None:
    with pytest.raises(Misconfigured, match="item"):
        parse(toml)


def test_the_command_prints_what_it_would_do(
    ungranted: Granted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINGSHI_DATABASE_URL", ungranted.url)
    words = ["rights", *(word for process, role in ungranted.roles.items() for word in (f"--{process}", role))]
    assert cli.run(words) == 0
    printed = capsys.readouterr().out
    assert held(ungranted) == set()
    with psycopg.connect(ungranted.url, autocommit=True) as connection:
        connection.execute(printed.encode())
    by_hand = held(ungranted)
    assert cli.run([*words, "--apply"]) == 0
    assert held(ungranted) == by_hand
    assert by_hand != set()


def test_the_command_says_what_protects_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINGSHI_HOME", str(tmp_path))
    monkeypatch.delenv("JINGSHI_DATABASE_URL", raising=False)
    assert cli.run(["rights", "--intake", "a", "--desk", "b", "--worker", "c"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "permissions of the file" in complaint
