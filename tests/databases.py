"""Both databases for the tests: a PostgreSQL cluster of their own, and an empty SQLite file to copy."""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg

from core.db import Database
from jingshi.schema import upgrade

BACKENDS = ("sqlite", "postgresql")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "autovacuum=off")


def migrate(url: str) -> None:
    """Bring an empty database to the newest schema."""

    async def run() -> None:
        database = Database(url)
        await upgrade(database)
        await database.dispose()

    asyncio.run(run())


def sqlite_template(folder: Path) -> Path:
    """Make one migrated SQLite file, without a WAL beside it, for tests to copy."""
    path = folder / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@dataclass
class Cluster:
    """A PostgreSQL server of Debian's packages, on a free port of the loopback, gone after the tests."""

    port: int

    @classmethod
    @contextmanager
    def start(cls, folder: Path, *, options: Sequence[str] = FAST) -> Iterator[Self]:
        """Run a server in ``folder``, with the settings ``options``, as long as the block lasts."""
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        sockets = folder / "sockets"
        sockets.mkdir(mode=0o777)
        as_owner = _as_owner(data, sockets)
        port = free_port()
        binaries = _binaries()
        words = " ".join(f"-c {option}" for option in (*options, f"port={port}", f"unix_socket_directories={sockets}"))
        initdb = [f"{binaries}/initdb", "-D", str(data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*as_owner, *initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
        pg_ctl = [*as_owner, f"{binaries}/pg_ctl", "-D", str(data), "-w"]
        start = [*pg_ctl, "-l", f"{data}/log", "-o", f"-c listen_addresses=127.0.0.1 {words}", "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - as above
        try:
            cluster = cls(port)
            cluster.create("empty")
            migrate(cluster.url("empty"))
            yield cluster
        finally:
            subprocess.run([*pg_ctl, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - as above

    def url(self, name: str) -> str:
        """Return the URL of a database of this cluster."""
        return f"postgresql://tests@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template1") -> None:
        """Make a database, as a copy of ``template``."""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')  # a third of the default's time

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of a migrated, empty database, as long as the block lasts."""
        name = f"t_{secrets.token_hex(6)}"
        self.create(name, "empty")
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def _binaries() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        raise RuntimeError("PostgreSQL is missing; install Debian's package postgresql")
    return str(Path(initdb).parent)


def _as_owner(*folders: Path) -> list[str]:
    """Return the words before a command that PostgreSQL refuses to root, after giving it the folders."""
    if os.getuid() != 0:
        return []
    for folder in folders:
        shutil.chown(folder, "postgres", "postgres")
    for parent in folders[0].parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o011)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--inh-caps=-all"]


def free_port() -> int:
    """Return a port of the loopback that nobody has at present."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
