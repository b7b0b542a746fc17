"""What the database port promises."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Integer, String, bindparam, column, select, text
from sqlalchemy.exc import DBAPIError

from core.db import Database, Instant, written_out
from core.db import database_url as read_url
from core.errors import Misconfigured, Unavailable
from tests.databases import Cluster

FIRST_ROW = text("INSERT INTO installation (id, district, profile, is_demo) VALUES (1, '', 'seed', true)")


async def test_a_block_that_raises_changes_nothing(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(LookupError):
        async with database.transaction() as session:
            await session.execute(
                text("INSERT INTO installation (id, district, profile, is_demo) VALUES (1, 'x', 'seed', true)")
            )
            raise LookupError
    async with database.transaction(write=False) as session:
        assert await session.scalar(text("SELECT count(*) FROM installation")) == 0
    await database.dispose()


async def test_writers_wait_for_one_another_and_none_is_lost(database_url: str) -> None:
    database = Database(database_url)
    async with database.transaction() as session:
        await session.execute(
            text("INSERT INTO installation (id, district, profile, is_demo) VALUES (1, '', 'seed', true)")
        )

    async def append() -> None:
        async with database.transaction() as session:
            await session.execute(text("UPDATE installation SET district = district || 'x'"))

    await asyncio.gather(*(append() for _ in range(20)))
    async with database.transaction(write=False) as session:
        assert await session.scalar(text("SELECT district FROM installation")) == "x" * 20
    await database.dispose()


async def test_a_reader_of_sqlite_cannot_write_by_accident(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE t (n integer)"))
    async with database.transaction(write=False) as session:
        await session.execute(text("INSERT INTO t VALUES (1)"))
    async with database.transaction(write=False) as session:
        assert await session.scalar(text("SELECT count(*) FROM t")) == 0
    await database.dispose()


async def test_postgresql_refuses_a_reader_who_writes(cluster: Cluster) -> None:
    with cluster.database() as url:
        database = Database(url)
        with pytest.raises(DBAPIError, match="read-only transaction"):
            async with database.transaction(write=False) as session:
                await session.execute(FIRST_ROW)
        async with database.transaction() as session:
            await session.execute(FIRST_ROW)
        await database.dispose()


async def test_a_postgresql_that_takes_no_writes_is_unavailable_to_who_writes_and_still_read(cluster: Cluster) -> None:
    with cluster.database() as url:
        database = Database(url)
        async with database.transaction() as session:
            await session.execute(FIRST_ROW)
            await session.execute(
                text(f"ALTER DATABASE {database.url.database} SET default_transaction_read_only = on")
            )
        await database.dispose()
        for _ in range(2):
            async with database.transaction(write=False) as session:
                assert await session.scalar(text("SELECT count(*) FROM installation")) == 1
            with pytest.raises(Unavailable):
                async with database.transaction() as session:
                    await session.execute(text("DELETE FROM installation"))
        await database.dispose()


async def test_postgresql_keeps_what_readers_ask_often_prepared(cluster: Cluster) -> None:
    with cluster.database() as url:
        database = Database(url)
        for number in range(8):
            async with database.transaction(write=False) as session:
                assert await session.scalar(text("SELECT :number + 1"), {"number": number}) == number + 1
        async with database.transaction(write=False) as session:
            kept = (await session.scalars(text("SELECT statement FROM pg_prepared_statements"))).all()
        assert any(each.startswith("SELECT $1 + 1") for each in kept)
        await database.dispose()


def test_a_statement_written_out_is_given_only_what_it_asks_for() -> None:
    place, kind = column("place", Integer), column("kind", String)
    query = select(place).where(place.in_([1, 2]), kind == bindparam("kind"), place < 9).limit(3)
    written = str(written_out(query).params(kind="x").compile(compile_kwargs={"render_postcompile": True}))
    assert " ".join(written.split()) == "SELECT place WHERE place IN (1, 2) AND kind = :kind AND place < 9 LIMIT 3"


async def test_a_locked_file_is_unavailable_and_says_when_to_come_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    holder, other = Database(url), Database(url)
    async with holder.transaction() as session:
        await session.execute(text("CREATE TABLE t (n integer)"))
        with pytest.raises(Unavailable) as refusal:
            async with other.transaction() as late:
                await late.execute(text("SELECT 1"))
    assert refusal.value.retry_after > 0
    await holder.dispose()
    await other.dispose()


async def test_who_gives_up_waiting_for_a_locked_file_leaves_it_usable(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    holder, other = Database(url), Database(url)

    async def insert() -> None:
        async with other.transaction() as session:
            await session.execute(text("INSERT INTO t VALUES (1)"))

    async with holder.transaction() as session:
        await session.execute(text("CREATE TABLE t (n integer)"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(insert(), 0.1)
    await insert()
    async with holder.transaction(write=False) as session:
        assert await session.scalar(text("SELECT count(*) FROM t")) == 1
    await holder.dispose()
    await other.dispose()


async def test_a_server_that_is_down_is_unavailable() -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2")
    with pytest.raises(Unavailable):
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
    await database.dispose()


async def test_a_wrong_statement_is_not_taken_for_an_outage(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(DBAPIError):
        async with database.transaction() as session:
            await session.execute(text("SELECT no_such_column FROM unit"))
    await database.dispose()


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://here:port/x", "nonsense", ""])
def test_another_kind_of_database_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        read_url(url)
    assert "JINGSHI_DATABASE_URL" in str(refusal.value)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(datetime(2026, 9, 30), Database("sqlite:///unused").engine.dialect)  # noqa: DTZ001 - the point


def test_moments_come_back_in_utc_whatever_zone_they_were_stored_in() -> None:
    dialect = Database("sqlite:///unused").engine.dialect
    shanghai = datetime(2026, 9, 30, 9, tzinfo=timezone(timedelta(hours=8)))
    stored = Instant().process_bind_param(shanghai, dialect)
    assert stored == datetime(2026, 9, 30, 1, tzinfo=UTC)
    assert stored is not None
    assert Instant().process_result_value(stored.replace(tzinfo=None), dialect) == shanghai
