"""The worker's side: the engine's threads claim jobs, the handlers run on the worker's own loop."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from core.errors import Misconfigured, Unavailable
from core.jobs import places, store
from core.jobs.quiet import Parked, quieten
from core.jobs.vocabulary import Context, Jobs, read
from core.work import System

if TYPE_CHECKING:
    from dbos import DBOSConfig

LOG: Final = logging.getLogger(__name__)
PAUSES: Final = (1.0, 5.0, 25.0, 125.0)  # seconds after each failure but the last
_OUTAGE: Final = 2.0  # seconds between tries while the store is away, which are not counted
_AT_ONCE: Final = 16
_POLL: Final = 1.0
_MOST_STARTS: Final = 20  # a job that was interrupted more often than this is parked: it may be what ends the worker
_SECONDS_TO_FINISH: Final = 2
_CONNECTIONS: Final = 6
_ACTOR: Final = System("worker")


@asynccontextmanager
async def running(context: Context, jobs: Jobs, *, pauses: Sequence[float] = PAUSES) -> AsyncIterator[None]:
    """Carry out jobs as long as the block lasts; what is not finished then is begun anew by the next worker.

    ``jobs`` has every handler already. One block at a time in a process. Raises `Misconfigured` when the tables are not
    of this version, `Unavailable` when the database cannot be reached.
    """
    async with places.taken(context.database) as place:
        engine = _Engine(context, jobs, pauses)
        try:
            await engine.start(place.executor)
            yield
        finally:
            await asyncio.shield(engine.stop())


class _Engine:
    def __init__(self, context: Context, jobs: Jobs, pauses: Sequence[float]) -> None:
        self._context = context
        self._jobs = jobs
        self._pauses = pauses
        self._loop = asyncio.get_running_loop()

    async def start(self, executor: str) -> None:
        quieten()
        from dbos._error import DBOSInitializationError  # noqa: PLC0415 - it takes half a second, off the other processes' way

        try:
            await asyncio.to_thread(self._launch, self._config(executor))
        except DBOSInitializationError as error:
            raise Misconfigured("the tables of the jobs are not of this version; run: jingshi upgrade") from error
        except SQLAlchemyError as error:
            raise Unavailable("database_unavailable") from error

    async def stop(self) -> None:
        from dbos import DBOS  # noqa: PLC0415 - as above

        finish = partial(DBOS.destroy, destroy_registry=True, workflow_completion_timeout_sec=_SECONDS_TO_FINISH)
        await asyncio.to_thread(finish)

    def _config(self, executor: str) -> "DBOSConfig":
        from dbos import DBOSPortableJSONSerializer  # noqa: PLC0415 - as above

        return {
            "name": store.APPLICATION,
            "application_version": store.VERSION,
            "executor_id": executor,
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
            store.QUEUE, worker_concurrency=_AT_ONCE, polling_interval_sec=_POLL, on_conflict="always_update"
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
                is_waiting, pause = True, _OUTAGE
            except Exception as error:  # a slip in one job's code is no reason to stop the others
                failures += 1
                LOG.error("job %s failed, %d of %d", name, failures, len(self._pauses) + 1, exc_info=error)  # noqa: TRY400 - it is this
                if failures > len(self._pauses):
                    raise Parked(type(error).__qualname__) from None
                pause = self._pauses[failures - 1]
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
