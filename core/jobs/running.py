"""The worker's side: the engine's threads claim jobs, the handlers run on the worker's own loop."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from core.errors import Misconfigured, Unavailable
from core.jobs import places, store
from core.jobs.quiet import Parked, quieten, silence
from core.jobs.vocabulary import Context, Jobs, read
from core.work import System

if TYPE_CHECKING:
    from dbos import DBOSConfig

LOG: Final = logging.getLogger(__name__)
_AT_ONCE: Final = 16
_MOST_STARTS: Final = 20  # a job that was interrupted more often than this is parked: it may be what ends the worker
_SECONDS_TO_FINISH: Final = 2
_CONNECTIONS: Final = 6
_ACTOR: Final = System("worker")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a worker waits, in seconds."""

    poll: float = 0.5  # between two looks for jobs
    look: float = 5.0  # between two looks for jobs that were begun and that nobody carries out
    grace: float = 10.0  # a restart of PostgreSQL frees every place for a moment: only what stays lost is put back
    outage: float = 2.0  # between tries while the store is away; these are not counted
    pauses: tuple[float, ...] = (1.0, 5.0, 25.0, 125.0)  # after each failure but the last


_USUAL: Final = Pace()


@asynccontextmanager
async def running(context: Context, jobs: Jobs, *, pace: Pace = _USUAL) -> AsyncIterator[None]:
    """Carry out jobs as long as the block lasts; what is not finished then is begun anew by the next worker.

    ``jobs`` has every handler already. One block at a time in a process. Raises `Misconfigured` when the tables are not
    of this version, `Unavailable` when the database cannot be reached, `PlaceLost` when the block must end at once.
    """
    async with places.taken(context.database) as place:
        engine = _Engine(context, jobs, pace, place)
        try:
            await engine.start()
            async with asyncio.TaskGroup() as tasks:
                looking = tasks.create_task(engine.look_after())
                yield
                looking.cancel()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None  # there is one: the block's own, or that the place was lost
        finally:
            await asyncio.shield(engine.stop())


class _Engine:
    def __init__(self, context: Context, jobs: Jobs, pace: Pace, place: places.Place) -> None:
        self._context = context
        self._jobs = jobs
        self._pace = pace
        self._place = place
        self._loop = asyncio.get_running_loop()
        self._lost_since: Mapping[store.Begun, float] = {}

    async def start(self) -> None:
        quieten()
        from dbos._error import DBOSInitializationError  # noqa: PLC0415 - it takes half a second, off the other processes' way

        try:
            await asyncio.to_thread(self._launch, self._config())
        except DBOSInitializationError as error:
            raise Misconfigured("the tables of the jobs are not of this version; run: jingshi upgrade") from error
        except SQLAlchemyError as error:
            raise Unavailable("database_unavailable") from error

    async def stop(self) -> None:
        from dbos import DBOS  # noqa: PLC0415 - as above

        silence()
        seconds = _SECONDS_TO_FINISH if _carried_out_here() else 0  # the engine counts whole seconds
        finish = partial(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=seconds)
        await asyncio.to_thread(finish)

    async def look_after(self) -> None:
        """Put back, again and again, what was begun and nobody carries out: here or by a worker that has died."""
        while True:
            await asyncio.sleep(self._pace.look)
            with suppress(Unavailable):
                await self._place.hold()
                await self._put_back_lost()

    async def _put_back_lost(self) -> None:
        async with self._context.work(_ACTOR, "worker", write=False) as work:
            begun = await store.begun(work)
        now, here = self._loop.time(), _carried_out_here()
        lost = [job for job in begun if await self._is_lost(job, here)]
        self._lost_since = {job: self._lost_since.get(job, now) for job in lost}
        due = [job for job, since in self._lost_since.items() if now - since >= self._pace.grace]
        if due:
            async with self._context.work(_ACTOR, "worker") as work:
                for job in due:
                    await store.put_back(work, job)
            LOG.warning("%d jobs that nobody carried out any more are begun anew", len(due))

    async def _is_lost(self, job: store.Begun, here: Collection[str]) -> bool:
        if job.executor == self._place.executor:
            return job.key not in here
        return await self._place.is_free(job.executor)

    def _config(self) -> "DBOSConfig":
        from dbos import DBOSPortableJSONSerializer  # noqa: PLC0415 - as above

        return {
            "name": store.APPLICATION,
            "application_version": store.VERSION,
            "executor_id": self._place.executor,
            "system_database_url": store.engine_url(self._context.database.url),
            "dbos_system_schema": store.SCHEMA,
            "run_migrations": False,
            "serializer": DBOSPortableJSONSerializer(),
            "sys_db_pool_size": _CONNECTIONS,
            "db_engine_kwargs": {"hide_parameters": True},
            "max_executor_threads": _AT_ONCE,
            "scheduler_polling_interval_sec": 3600.0,
            "log_level": "WARNING",
        }

    def _launch(self, config: "DBOSConfig") -> None:
        """Begin to claim jobs; in a thread without a loop, so that the engine takes none of ours."""
        from dbos import DBOS  # noqa: PLC0415 - as above

        DBOS(config=config)

        async def job(name: str, *ids: str | int) -> None:
            key = DBOS.workflow_id or ""
            work = self._carry_out(key, name, ids)
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

        DBOS.workflow(name=store.WORKFLOW, max_recovery_attempts=_MOST_STARTS)(job)
        DBOS.launch()
        DBOS.register_queue(
            store.QUEUE, worker_concurrency=_AT_ONCE, polling_interval_sec=self._pace.poll, on_conflict="always_update"
        )

    async def _carry_out(self, key: str, name: str, ids: Sequence[str | int]) -> None:
        handler = self._jobs.handlers.get(name)
        if handler is None:
            LOG.error("job %s: there is no handler of this name", name)
            raise Parked("no handler")
        failures, is_waiting = 0, False
        while True:
            try:
                await handler(self._context, *read(ids))
            except Unavailable:
                if not is_waiting:
                    LOG.warning("job %s: the store is unavailable; it is tried until it is back", name)
                is_waiting, pause = True, self._pace.outage
            except Exception as error:  # a slip in one job's code is no reason to stop the others
                failures += 1
                LOG.error("job %s failed, %d of %d", name, failures, len(self._pace.pauses) + 1, exc_info=error)  # noqa: TRY400 - it is this
                if failures > len(self._pace.pauses):
                    raise Parked(type(error).__qualname__) from None
                pause = self._pace.pauses[failures - 1]
            else:
                return
            await asyncio.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 - no secret hangs on it
            if not await self._is_wanted(key):
                return

    async def _is_wanted(self, key: str) -> bool:
        try:
            async with self._context.work(_ACTOR, "worker", write=False) as work:
                return await store.is_wanted(work, key)
        except Unavailable:
            return True


def _carried_out_here() -> Collection[str]:
    """Return the keys of the jobs that the engine of this process carries out at present."""
    from dbos import _dbos  # noqa: PLC0415 - as above

    engine = _dbos._dbos_global_instance  # noqa: SLF001 - it has no public name; the version is pinned
    return [] if engine is None else engine._active_workflows_set.activeList()  # noqa: SLF001 - as above
