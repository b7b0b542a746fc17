"""A real home with one clerk, and its processes as whoever runs it would start them; all they say goes to files."""

import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from time import time_ns
from typing import Final

from core import access, registry
from core.app import App
from core.registry import Role
from core.settings import Settings
from jingshi.identities import read_identity
from tests.builders import CHEAP, OPERATOR, SINCE
from tests.databases import free_port

OFFICE: Final = "leading_group_office"
UNIT: Final = "luting"
CLERK: Final = "clerk"
_WITHIN: Final = 30.0  # seconds
_EVERY: Final = 0.02
_never = Event()


def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened; raises `TimeoutError` when it does not."""
    for _ in range(int(_WITHIN / _EVERY)):
        if happened():
            return
        _never.wait(_EVERY)
    raise TimeoutError


def keep_open_files(pid: int, target: Path) -> None:
    """Copy into ``target`` the files that a process holds open, whether or not they have a name."""
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if handle.is_file():
                (target / f"{pid}-{handle.name}-{time_ns()}").write_bytes(handle.read_bytes())


@contextmanager
def _cores_allowed() -> Iterator[None]:
    """Let what is started in this block dump its memory when it crashes, as far as this machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@dataclass
class House:
    """A home in ``folder``, beside its key files, what its processes said, and what they may have left behind."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # of its environment, beside what every house is told
    temporary_files_made: bool = False  # by processes that were up: to load a form, pyxform writes it to a file
    _started: int = 0
    _seen: int = 0

    def __post_init__(self) -> None:
        for name in ("tmp", "cwd", "logs", "kept", "away"):
            self.path(name).mkdir()
        self._seen = self._stamp()

    def path(self, *names: str) -> Path:
        """Return a place in the folder: ``home``, ``keys``, ``tmp``, ``cwd``, ``logs``, ``kept`` and ``away``."""
        return self.folder.joinpath(*names)

    @property
    def environment(self) -> dict[str, str]:
        told = {
            "JINGSHI_HOME": str(self.path("home")),
            "JINGSHI_KEYS": str(self.path("keys")),
            "JINGSHI_DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "TMPDIR": str(self.path("tmp")),
        }
        others = ("JINGSHI_", "COV")  # no coverage either: people's machines do not measure it
        return {name: value for name, value in os.environ.items() if not name.startswith(others)} | told | self.told

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    @property
    def escrow_identity(self) -> str:
        return read_identity(self.path("away", "escrow.txt"))

    def make(self, *, unit_name: str, password: str, passphrase: str) -> str:
        """Set the home up with one unit and an intake clerk of the office; return the clerk's TOTP secret."""
        escrow = str(self.path("away", "escrow.txt"))
        self.command("init", "--district", "云汀区（虚构）", "--escrow-out", escrow)
        return asyncio.run(self._fill(unit_name, password, passphrase))

    def command(self, *words: str) -> None:
        """Run a command of ``jingshi`` to its end."""
        assert self._begin(words[0], *words).wait() == 0

    def start(self, *kinds: str) -> None:
        """Start processes, and wait until each says that it is ready."""
        self.look_for_temporary_files()
        for kind in kinds:
            self.running[kind] = self._begin(kind, "serve", "--only", kind)
        for kind in kinds:
            until(partial(self._said, kind))
        self._seen = self._stamp()

    def look_for_temporary_files(self) -> None:
        """Note whether a temporary file was made since the last start, even one that is gone or never had a name."""
        self.temporary_files_made |= self._stamp() != self._seen

    def _stamp(self) -> int:
        """Return when a name was last made or removed among the temporary files; Python tries the folder out first."""
        return self.path("tmp").stat().st_mtime_ns

    def kill(self, kind: str, number: signal.Signals = signal.SIGKILL) -> None:
        """End a process as a power cut would, or with another signal."""
        process = self.running.pop(kind)
        process.send_signal(number)
        process.wait()

    def stop(self) -> None:
        """End every process as an operator would."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            assert process.wait() == 0
        self.running.clear()

    def end(self) -> None:
        """End every process that is left, however it is done."""
        for kind in [*self.running]:
            self.kill(kind)

    def parts(self) -> Sequence[Path]:
        """Return the beginnings of files that are coming in, or came in when the power failed."""
        return list(self.path("home", "attachments").glob("*/*.part"))

    def keep(self, name: str, moment: str) -> None:
        """Copy one of the folders as it is at this moment, to be searched with all else."""
        shutil.copytree(self.path(name), self.path("kept", moment))

    def keep_open_files(self, kind: str) -> None:
        """Copy the files that a process holds open at this moment, those without a name included."""
        keep_open_files(self.running[kind].pid, self.path("kept"))

    def _begin(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        self._started += 1
        stem = f"{self._started:02}-{name}"
        with self.path("logs", f"{stem}.out").open("wb") as out, self.path("logs", f"{stem}.err").open("wb") as err:
            told: Sequence[str] = [sys.executable, "-m", "jingshi", *words]
            with _cores_allowed():
                return subprocess.Popen(told, stdout=out, stderr=err, cwd=self.path("cwd"), env=self.environment)  # noqa: S603 - our own words

    def _said(self, kind: str) -> bytes:
        """Return what the latest process of a kind has printed."""
        if self.running[kind].poll() is not None:
            raise RuntimeError(f"{kind} does not start")
        return max(self.path("logs").glob(f"*-{kind}.out")).read_bytes()

    async def _fill(self, unit_name: str, password: str, passphrase: str) -> str:
        app = App.for_process(self.settings, "desk")
        try:
            async with app.work(OPERATOR, "cli") as work:
                await registry.add_unit(work, code=UNIT, kind="township", name=unit_name)
                office = (await registry.units(work, kinds=[OFFICE]))[0]
                person = await registry.add_person(work, "甄测", is_fictional=True)
                await access.appoint(work, person.id, Role.INTAKE_CLERK, office.id, since=SINCE)
                made = await access.create_account(
                    work, person_id=person.id, username=CLERK, password=password, passphrase=passphrase, cost=CHEAP
                )
                await access.recover_shared_key(work, f"intake:{OFFICE}", person.id, self.escrow_identity)
        finally:
            await app.close()
        return made.totp_secret
