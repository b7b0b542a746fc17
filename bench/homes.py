"""Homes to measure: made by ``jingshi init``, with the units of the demo district and one clerk who opens items."""

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Self

import psycopg
from sqlalchemy import make_url

from core import access, registry
from core.app import App
from core.db import Database
from core.registry import Role, Unit, UnitKind
from core.sealing import PROCESSES, Cost, new_escrow
from core.settings import Settings
from core.work import System
from jingshi import rights
from jingshi.demo import lists
from tests.databases import Cluster, free_port

OFFICE: Final = "leading_group_office"
UNIT: Final = "township.luting"
_DURABLE: Final = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
_OURS: Final = ("JINGSHI_", "PYTHON")  # without compiled bytecode, for one, a start takes twice as long
_DATABASES: Final = tuple(
    f"{kind}_{name}"
    for name in ("pages", "chats", "cases", "few", "terms", "rounds", "stations", "few_stations")
    for kind in ("home", "reference")
)
_ROLES: Final = {process: f"bench_{process}" for process in PROCESSES}
OPERATOR: Final = System("bench")


@dataclass(frozen=True, slots=True)
class Clerk:
    """What a clerk signs in with and opens items with."""

    username: str
    password: str
    passphrase: str
    totp_secret: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """A home on one database, and where the reference may keep its rows: on the same disk, in the same server."""

    name: str
    folder: Path
    database_url: str
    reference_url: str
    port: int
    clerk: Clerk

    @classmethod
    async def make(cls, name: str, folder: Path, database_url: str, reference_url: str) -> Self:
        """Set a home up and fill it."""
        clerk = Clerk("clerk", secrets.token_urlsafe(16), secrets.token_urlsafe(16))
        home = cls(name, folder, database_url, reference_url, free_port(), clerk)
        escrow = new_escrow()
        await asyncio.to_thread(home._init, escrow.recipient)
        await _give_rights(database_url)
        return replace(home, clerk=await _fill(home, escrow.identity))

    def _init(self, escrow_recipient: str) -> None:
        words = [sys.executable, "-m", "jingshi", "init", "--demo", "--district", "云汀区（虚构）"]
        words += ["--escrow-recipient", escrow_recipient]
        subprocess.run(words, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of the processes of this home; Python's own settings are left at their defaults."""
        told = {
            "JINGSHI_HOME": str(self.folder / "home"),
            "JINGSHI_DATABASE_URL": self.database_url,
            "PORT": str(self.port),
        }
        return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)} | told

    @property
    def desk_environment(self) -> Mapping[str, str]:
        """The environment of the desk: on PostgreSQL it connects as its own role, with its rights and no others."""
        url = make_url(self.database_url)
        if url.get_backend_name() == "sqlite":
            return self.environment
        return {**self.environment, "JINGSHI_DATABASE_URL": url.set(username=_ROLES["desk"]).render_as_string()}

    @property
    def settings(self) -> Settings:
        """The same, as the core reads it."""
        return Settings.from_environment(self.environment)

    def settle(self) -> None:
        """Let what was inserted in bulk be put in order and written out at once, not beside what is measured next."""
        if make_url(self.database_url).get_backend_name() == "postgresql":
            with psycopg.connect(self.database_url, autocommit=True) as connection:
                connection.execute("VACUUM (ANALYZE)")
                connection.execute("CHECKPOINT")
        os.sync()

    def told(self, receipts: Mapping[int, str]) -> bytes:
        """Return what the reader (`bench.reading`) is handed on its standard input."""
        return json.dumps({"clerk": asdict(self.clerk), "receipts": receipts}).encode()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Run a PostgreSQL server that forgets nothing, with a role for each process, as long as the block lasts."""
    folder.mkdir()
    with Cluster.start(folder, options=_DURABLE) as running:
        with psycopg.connect(running.url("postgres"), autocommit=True) as connection:
            for role in _ROLES.values():
                connection.execute(f"CREATE ROLE {role} LOGIN".encode())
        for name in _DATABASES:
            running.create(name)
        yield running


async def _give_rights(database_url: str) -> None:
    database = Database(database_url)
    try:
        if not database.is_sqlite:
            await rights.apply(database, _ROLES)
    finally:
        await database.dispose()


async def _fill(home: Home, escrow_identity: str) -> Clerk:
    app = App.for_process(home.settings, "desk")
    try:
        async with app.work(OPERATOR, "cli") as work:
            units: dict[str, Unit] = {}
            for place in lists.places():
                units[place.code] = await registry.add_unit(
                    work,
                    code=place.code,
                    kind=UnitKind(place.kind),
                    name=place.name,
                    name_en=place.name_en,
                    parent_id=units[place.under].id if place.under else None,
                    position=len(units),
                )
            person = await registry.add_person(work, "甄测", is_fictional=True)
            await registry.appoint(work, person.id, Role.INTAKE_CLERK, units[OFFICE].id, since=work.clock.today())
        clerk, cheap = home.clerk, Cost(passes=1, memory=8 * 2**20)
        async with app.work(OPERATOR, "cli") as work:
            made = await access.create_account(
                work,
                person_id=person.id,
                username=clerk.username,
                password=clerk.password,
                passphrase=clerk.passphrase,
                cost=cheap,
            )
            await access.recover_shared_key(work, f"intake:{OFFICE}", person.id, escrow_identity)
    finally:
        await app.close()
    return replace(clerk, totp_secret=made.totp_secret)
