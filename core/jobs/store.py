"""Jobs as rows, written and read in the transaction of a piece of work.

The tables are those of DBOS: in PostgreSQL in a schema of their own, in SQLite among ours.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    TableClause,
    cast,
    column,
    create_engine,
    delete,
    extract,
    func,
    select,
    table,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError

from core.errors import Misconfigured
from core.jobs.quiet import quieten
from core.jobs.vocabulary import Id, written
from core.work import Work

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions

APPLICATION: Final = "jingshi"
QUEUE: Final = "jobs"
WORKFLOW: Final = "job"
VERSION: Final = (
    "1"  # of what a job's row means, not of the program: a newer program carries out what an older enqueued
)
SCHEMA: Final = "dbos"
KEPT: Final = timedelta(days=1)  # the engine notes moments to the millisecond: not for longer than they are of use
FAILED_KEPT: Final = timedelta(days=30)
_DONE: Final = ("SUCCESS", "CANCELLED")
_FAILED: Final = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "workflow_status": (
        "workflow_uuid",
        "status",
        "queue_name",
        "executor_id",
        "owner_xid",
        "started_at_epoch_ms",
        "updated_at",
        "completed_at",
    ),
    "workflow_input": ("workflow_uuid",),
    "workflow_output": ("workflow_uuid", "error"),
}


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that is not tried any more; ``error`` is the name of a class of error, ``at`` by the database's clock."""

    key: str
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A job that a worker has begun: ``executor`` is its place, ``owner`` this beginning and no other."""

    key: str
    executor: str
    owner: str


async def enqueue(work: Work, name: str, key: str, *ids: Id) -> None:
    """Have a job carried out once this work is committed; nothing is left of it when it is undone.

    A key is enqueued once: again does nothing. The key is the name and ids, ``term:{id}:{version}``; raises `Invalid`
    for any other key, and for arguments that are no ids.
    """
    arguments = written(name, key, ids)
    connection = await work.session.connection()
    client = _client(connection.dialect.name)
    options: EnqueueOptions = {
        "workflow_name": WORKFLOW,
        "queue_name": QUEUE,
        "workflow_id": key,
        "app_version": VERSION,
    }
    await connection.run_sync(lambda sync: client.enqueue_in_transaction(sync, options, *arguments))


async def unknown(work: Work, keys: Collection[str]) -> Sequence[str]:
    """Return which of these keys were never enqueued, or are forgotten since, in their order.

    To enqueue a key again does nothing, and costs as much as the first time: who asks often asks this first.
    """
    jobs = _table(work, "workflow_status")
    known = set(await work.session.scalars(select(jobs.c.workflow_uuid).where(jobs.c.workflow_uuid.in_(keys))))
    return [key for key in keys if key not in known]


async def cancel(work: Work, key: str) -> bool:
    """Take a job back that is not done; return whether there was one. One that has begun is not tried a second time."""
    jobs = _table(work, "workflow_status")
    over = {"status": "CANCELLED", "queue_name": None, "owner_xid": None, "started_at_epoch_ms": None}
    done = await work.session.execute(
        update(jobs)
        .where(jobs.c.workflow_uuid == key, jobs.c.status.not_in(_DONE))
        .values(**over, updated_at=_now_ms(), completed_at=_now_ms())
        .returning(jobs.c.workflow_uuid)
    )
    return done.first() is not None


async def failed(work: Work) -> Sequence[Failed]:
    """Return the jobs that are not tried any more, the oldest first."""
    jobs, outputs = _table(work, "workflow_status"), _table(work, "workflow_output")
    found = await work.session.execute(
        select(jobs.c.workflow_uuid, jobs.c.completed_at, outputs.c.error)
        .select_from(jobs.outerjoin(outputs, outputs.c.workflow_uuid == jobs.c.workflow_uuid))
        .where(jobs.c.status.in_(_FAILED))
        .order_by(jobs.c.completed_at, jobs.c.workflow_uuid)
    )
    return [Failed(key, _error(error), datetime.fromtimestamp(at / 1000, UTC)) for key, at, error in found]


async def is_wanted(work: Work, key: str) -> bool:
    """Return whether a job that was begun has not been taken back since."""
    jobs = _table(work, "workflow_status")
    status = await work.session.scalar(select(jobs.c.status).where(jobs.c.workflow_uuid == key))
    return status == "PENDING"


async def begun(work: Work) -> Sequence[Begun]:
    """Return the jobs that a worker has begun and not ended."""
    jobs = _table(work, "workflow_status")
    found = select(jobs.c.workflow_uuid, jobs.c.executor_id, jobs.c.owner_xid).where(jobs.c.status == "PENDING")
    return [Begun(*row) for row in await work.session.execute(found)]


async def put_back(work: Work, job: Begun) -> None:
    """Have a job begun anew, unless it has ended or somebody has begun it anew already."""
    jobs = _table(work, "workflow_status")
    await work.session.execute(
        update(jobs)
        .where(jobs.c.workflow_uuid == job.key, jobs.c.owner_xid == job.owner, jobs.c.status == "PENDING")
        .values(status="ENQUEUED", owner_xid=None, started_at_epoch_ms=None, updated_at=_now_ms())
    )


async def sweep(work: Work) -> None:
    """Forget the jobs that have been done for a day, or parked for 30 days, by the clock of the database."""
    jobs = _table(work, "workflow_status")
    is_old = (jobs.c.status.in_(_DONE) & (jobs.c.completed_at < _ago_ms(KEPT))) | (
        jobs.c.status.in_(_FAILED) & (jobs.c.completed_at < _ago_ms(FAILED_KEPT))
    )
    old = select(jobs.c.workflow_uuid).where(is_old)
    for name in ("workflow_input", "workflow_output"):
        each = _table(work, name)
        await work.session.execute(delete(each).where(each.c.workflow_uuid.in_(old)))
    await work.session.execute(delete(jobs).where(is_old))


async def migrate(url: URL) -> None:
    """Make the tables of the jobs, or bring them to this version; ``url`` is connected as their owner.

    Raises `Misconfigured` when the owner may not.
    """
    quieten()
    from dbos import DBOS  # noqa: PLC0415 - it takes half a second, and most processes have no use for it

    try:
        await asyncio.to_thread(partial(DBOS.migrate, engine_url(url), schema=SCHEMA))
    except ProgrammingError as error:
        raise Misconfigured("who makes the tables must be allowed to create a schema in the database") from error


def is_table(name: str) -> bool:
    """Return whether a table among ours in SQLite is one of the jobs'."""
    from dbos._schemas.system_database import SystemSchema  # noqa: PLC0415 - as above

    return name == "dbos_migrations" or name in {each.name for each in SystemSchema.metadata_obj.tables.values()}


def engine_url(url: URL) -> str:
    """Return our database's URL as the engine takes it: it has threads and a driver of its own."""
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return url.set(drivername=driver).render_as_string(hide_password=False)


def _now_ms() -> ColumnElement[int]:
    """Return the clock of the database, by which the engine goes."""
    return cast(extract("epoch", func.now()), BigInteger) * 1000


def _ago_ms(age: timedelta) -> ColumnElement[int]:
    return _now_ms() - int(age.total_seconds() * 1000)


def _table(work: Work, name: str) -> TableClause:
    """Return one of the engine's tables, as far as this package looks into it."""
    is_sqlite = work.session.get_bind().dialect.name == "sqlite"
    return table(name, *map(column, _TABLES[name]), schema=None if is_sqlite else SCHEMA)


def _error(stored: Any) -> str:  # noqa: ANN401 - a cell
    return json.loads(stored)["message"] if stored else "interrupted too often"


@cache
def _client(dialect: str) -> "DBOSClient":
    """Return what writes jobs into a transaction of ours. Its engine never connects: it tells the dialect."""
    quieten()
    from dbos import DBOSClient, DBOSPortableJSONSerializer  # noqa: PLC0415 - as above

    engine = create_engine("sqlite://" if dialect == "sqlite" else "postgresql+psycopg://")
    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=DBOSPortableJSONSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )
