"""Servers as processes of their own: started, waited for, weighed, killed."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Self

import psutil

from bench.client import Connection

MIB: Final = 2**20
_WITHIN: Final = 30.0
_EVERY: Final = 0.01


class Server:
    """A Python process, with those that it starts, that answers on a port of this machine."""

    def __init__(self, module: Sequence[str], environment: Mapping[str, str], port: int) -> None:
        self._words = [sys.executable, "-m", *module]
        self._environment = environment
        self.port = port
        self.start()

    @classmethod
    @contextmanager
    def running(cls, module: Sequence[str], environment: Mapping[str, str], port: int) -> Iterator[Self]:
        """Run ``python -m MODULE …`` as long as the block lasts."""
        server = cls(module, environment, port)
        try:
            yield server
        finally:
            server.stop()

    def start(self) -> None:
        """Start it, for the first time or anew."""
        self.started = time.perf_counter()
        self._process = subprocess.Popen(self._words, env=self._environment, stdout=subprocess.DEVNULL)

    async def answers(self, path: str = "/", *, port: int | None = None) -> float:
        """Return the seconds from the start to the first 200 for ``path``; raises `TimeoutError`, `RuntimeError`."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
        async with asyncio.timeout(_WITHIN):
            while not await _is_answered(port or self.port, request):
                if self._process.poll() is not None:
                    raise RuntimeError(f"{' '.join(self._words[1:])} ended with {self._process.returncode}")
                await asyncio.sleep(_EVERY)
        return time.perf_counter() - self.started

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL, to all of it."""
        for process in self._all():
            process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it as an operator would, or else as a power cut would."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_WITHIN)
            except subprocess.TimeoutExpired:
                self.kill()

    def cpu(self) -> float:
        """Return the CPU-seconds used so far, user and system."""
        return sum(sum(process.cpu_times()[:2]) for process in self._all())

    def rss(self) -> float:
        """Return the resident memory, in MiB."""
        return sum(process.memory_info().rss for process in self._all()) / MIB

    def _all(self) -> list[psutil.Process]:
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]


async def _is_answered(port: int, request: bytes) -> bool:
    try:
        connection = await Connection.to(port)
    except OSError:
        return False
    try:
        return (await connection.send(request)).status == 200  # noqa: PLR2004 - OK
    except ConnectionError:
        return False
    finally:
        connection.close()
