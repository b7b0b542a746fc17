"""In PostgreSQL each worker has a place of its own, and one that lost its place ends."""

import asyncio
from collections.abc import Iterator

import psycopg
import pytest

from core import jobs
from core.app import App
from core.db import Database
from core.jobs.places import PlaceLost, taken
from tests.core.jobs.effects import QUICK
from tests.databases import Cluster

HOLDERS = "FROM pg_locks WHERE locktype = 'advisory' AND classid = 1785294439 AND granted"


@pytest.fixture
def database_url(cluster: Cluster) -> Iterator[str]:
    with cluster.database() as url:
        yield url


async def test_workers_have_different_places_and_take_those_that_are_free(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    async with taken(second) as stays:
        async with taken(first) as one:
            assert [stays.executor, one.executor] == ["worker-1", "worker-2"]
            assert not await stays.is_free("worker-2")
        assert await stays.is_free("worker-2")
        async with taken(first) as again:
            assert again.executor == "worker-2"
    await first.dispose()
    await second.dispose()


async def test_a_place_is_taken_again_when_its_connection_was_lost(database_url: str) -> None:
    database = Database(database_url)
    async with taken(database) as place:
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute(f"SELECT pg_terminate_backend(pid) {HOLDERS}".encode())
            await place.hold()
            assert other.execute(f"SELECT objid {HOLDERS}".encode()).fetchall() == [(1,)]
    await database.dispose()


async def test_a_worker_whose_place_was_taken_ends(core: App, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as other, pytest.raises(PlaceLost):
        async with asyncio.timeout(60), jobs.running(core, core.jobs, pace=QUICK):
            other.execute(f"SELECT pg_terminate_backend(pid) {HOLDERS}".encode())
            other.execute("SELECT pg_advisory_lock(1785294439, 1)")
            await asyncio.Event().wait()
