"""The core, put together for one process: database, clock, keys and policy. Edges ask it for pieces of work."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Self

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import (
    access,
    attachments,
    audit,
    calendars,
    cases,
    drafts,
    jobs,
    outbox,
    presence,
    registry,
    saved_filters,
    stations,
    updates,
    warnings,
)
from core.db import SCHEMA_VERSION, Database, is_refusal
from core.errors import Misconfigured
from core.policy.profile import Profile, load
from core.sealing import ProcessKeys, SharedKey, load_process_keys
from core.settings import Settings
from core.work import Actor, Clock, Staff, Work

__all__ = [
    "App",
    "access",
    "attachments",
    "audit",
    "calendars",
    "cases",
    "drafts",
    "jobs",
    "outbox",
    "presence",
    "registry",
    "saved_filters",
    "stations",
    "updates",
    "warnings",
]

_FRESH = timedelta(seconds=30)


class App:
    """One process's core. Open it before use, close it after."""

    def __init__(self, settings: Settings, keys: ProcessKeys, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.keys = keys
        self.clock = clock or Clock(settings.now)
        self.database = Database(settings.database_url)
        self.policy: Profile = load("seed")
        self.jobs = jobs.Jobs()
        self.jobs.schedule("forget jobs that are over", timedelta(hours=1), jobs.sweep)
        self.jobs.handle(warnings.JOB, warnings.carry_term_on)
        self.jobs.schedule("carry terms on", timedelta(seconds=5), warnings.enqueue_due)
        self.jobs.schedule("open and lock rounds", timedelta(minutes=1), stations.see_to_rounds)
        self.jobs.schedule("remind stations", timedelta(seconds=5), stations.remind_due)
        self._installation: registry.Installation | None = None
        self._shared: tuple[datetime, Mapping[str, SharedKey]] | None = None

    @classmethod
    def for_process(cls, settings: Settings, process: str) -> Self:
        """Load the key files of ``process`` and put its core together; raises `Misconfigured`."""
        return cls(settings, load_process_keys(settings.keys, process))

    async def open(self) -> None:
        """Check that the database is one of ours, of this version; raises `Misconfigured` or `Unavailable`."""
        await check_schema(self.database)
        async with self.database.transaction(write=False) as session:
            self._installation = installation = await registry.installation(session)
            calendar = await calendars.calendar(session)
        if self.settings.now is not None and not installation.is_demo:
            raise Misconfigured("JINGSHI_NOW moves the clock of a demo home only; unset it")
        self.policy = replace(load(installation.profile), calendar=calendar)

    async def close(self) -> None:
        """Let go of the database."""
        await self.database.dispose()

    async def installation(self) -> registry.Installation:
        """Return whose home this is, which is read once; raises `Misconfigured` or `Unavailable`."""
        if self._installation is None:
            async with self.database.transaction(write=False) as session:
                self._installation = await registry.installation(session)
        return self._installation

    @asynccontextmanager
    async def work(self, actor: Actor, source: str, *, write: bool = True) -> AsyncIterator[Work]:
        """Begin a piece of work: one transaction, committed when the block ends, undone when it raises."""
        async with self.database.begin(write=write) as transaction:
            if isinstance(actor, Staff) and not self.database.is_sqlite:
                await transaction.connection.execute(_SCOPE, _scope(actor))
            now = self.clock.now()
            if self._shared is None or abs(now - self._shared[0]) > _FRESH:
                keys = await access.load_shared_keys(transaction.session, self.keys.verify_keys["desk"])
                self._shared = (now, keys)
                self.policy = replace(self.policy, calendar=await calendars.calendar(transaction.session))
            yield Work(transaction, self.clock, actor, source, self.keys, self._shared[1], self.policy)

    async def go_on(self, work: Work, staff: Staff) -> Work:
        """Return a piece of work, begun for nobody, as that of somebody who was recognised in it."""
        if not self.database.is_sqlite:
            await work.connection.execute(_SCOPE, _scope(staff))
        return replace(work, actor=staff)

    def forget_shared_keys(self) -> None:
        """Read the shared keys anew at the next piece of work; called after one was made or retired."""
        self._shared = None


# What the policies of row-level security ask (`jingshi/rights.toml`): without it a process sees no item and no case.
_SCOPE: Final = text(
    "SELECT set_config('jingshi.bodies', :bodies, true), set_config('jingshi.registers', :registers, true), "
    "set_config('jingshi.person', :person, true)"
)


def _scope(staff: Staff) -> dict[str, str]:
    """Return the deciding bodies in which somebody holds a role, whose registers they read, and who they are.

    It ends with the transaction.
    """
    bodies = {held.body for held in staff.held if held.body is not None}
    handed_on = {"upper_level"} if "discipline_commission" in bodies else set()
    return {
        "bodies": ",".join(sorted(bodies | handed_on)),
        "registers": ",".join(sorted(access.register_bodies(staff.held))),
        "person": str(staff.person_id),
    }


async def check_schema(database: Database) -> None:
    """Raise `Misconfigured` unless the database has exactly the schema of this version."""
    async with database.transaction(write=False) as session:
        try:
            found = await session.scalar(text("SELECT version_num FROM alembic_version"))
        except DBAPIError as error:
            if is_refusal(error):
                raise
            found = None
    if found is None:
        raise Misconfigured("the database is empty; run: jingshi init")
    if found != SCHEMA_VERSION:
        raise Misconfigured(
            f"the database has schema {found}, this version needs {SCHEMA_VERSION}; run: jingshi upgrade"
        )
