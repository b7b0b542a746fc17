"""Homes made by the command line, and the command line as a person or a script calls it."""

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jingshi.cli import run
from tests.databases import Cluster


@dataclass
class Answer:
    """What a command printed, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


@dataclass
class Terminal:
    """Calls commands in this process, with an environment of its own."""

    environment: dict[str, str]
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def __call__(self, *words: object, **environment: str) -> Answer:
        with self.patch.context() as patch:
            for name, value in (self.environment | environment).items():
                patch.setenv(name, value)
            self.capture.readouterr()
            code = run([str(word) for word in words])
            printed = self.capture.readouterr()
        return Answer(code, printed.out, printed.err)


@dataclass
class Processes:
    """Starts the command line in processes of its own, and ends what is left of them."""

    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *words: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "jingshi", *map(str, words)],
            env={**os.environ, **self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *words: object, **environment: str) -> Answer:
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=60)
        return Answer(process.returncode, out, err)

    def end(self) -> None:
        for process in self.started:
            process.terminate()
            process.communicate(timeout=30)


def free_ports() -> int:
    """Return a port that is free, and the one after it too."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """To whoever writes, this is what a full disk looks like."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    (tmp_path / "home").mkdir(exist_ok=True)
    return {
        "JINGSHI_HOME": str(tmp_path / "home"),
        "JINGSHI_KEYS": str(tmp_path / "keys"),
        "JINGSHI_DATABASE_URL": database_url,
        "PORT": str(free_ports()),
    }


@pytest.fixture
def jingshi(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    return Terminal(environment, capsys, monkeypatch)


@pytest.fixture
def escrow_file(tmp_path: Path) -> Path:
    return tmp_path / "escrow.txt"


@pytest.fixture
def home(jingshi: Terminal, escrow_file: Path, tmp_path: Path) -> Path:
    """A home that was set up by the command, and marked as a demo."""
    answer = jingshi("init", "--district", "云汀区（虚构）", "--demo", "--escrow-out", escrow_file)
    assert answer.code == 0, answer.err
    return tmp_path / "home"


@pytest.fixture
def processes(environment: dict[str, str]) -> Iterator[Processes]:
    started = Processes(environment)
    yield started
    started.end()


@pytest.fixture
def second_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Another empty database of the same kind, for a home that is brought back."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'home' / 'jingshi.sqlite3'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        with cluster.database() as url:
            yield url


embedded = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, ids=["embedded"])
