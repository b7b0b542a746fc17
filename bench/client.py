"""A light client: it shares two cores with the server that it measures, so it speaks HTTP over bare connections."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Self, cast

from httptools import HttpResponseParser

OK: Final = 200
_WITHIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the bytes that came with it."""

    status: int
    body: bytes = field(repr=False)


class Connection(asyncio.Protocol):
    """One connection, kept open: a request, its answer, the next request."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._begin()

    @classmethod
    async def to(cls, port: int) -> Self:
        """Connect to a port of this machine; raises `OSError`."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    async def send(self, request: bytes) -> Answer:
        """Return the answer to ``request``; raises `ConnectionError` when the connection ends before it."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the wire."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the base class names it
        """Tell whoever waits that no answer comes."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        self._parser.feed_data(data)

    def on_body(self, piece: bytes) -> None:
        """Keep a piece of the body; the parser calls it."""
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """Hand over the answer; the parser calls it."""
        answer = Answer(self._parser.get_status_code(), b"".join(self._pieces))
        keep = self._parser.should_keep_alive()
        self._begin()
        if not keep:
            self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)

    def _begin(self) -> None:
        self._pieces: list[bytes] = []
        self._parser = HttpResponseParser(self)


@dataclass(slots=True)
class Run:
    """What came of some requests: the seconds of each accepted one, what it was answered, and what else happened."""

    latencies: list[float] = field(default_factory=list)
    accepted: dict[int, bytes] = field(default_factory=dict, repr=False)  # by place among the requests
    refused: int = 0
    unanswered: int = 0
    seconds: float = 0.0
    client_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Accepted requests per second."""
        return len(self.latencies) / self.seconds


class Load:
    """Posts requests over ``at_once`` connections, each of which sends the next request as soon as it was answered.

    Every request is sent once: what was under way when the server died counts as ``unanswered``.
    """

    def __init__(self, port: int, requests: Sequence[bytes], *, at_once: int) -> None:
        self.run = Run()
        self._port = port
        self._at_once = at_once
        self._next = iter(enumerate(requests))
        self._mark, self._marked = 0, asyncio.Event()

    async def reached(self, accepted: int) -> None:
        """Wait until so many were accepted; to be called while `finish` is under way."""
        self._mark = accepted
        await self._marked.wait()

    async def finish(self) -> Run:
        """Post everything and return what came of it."""
        with timed(self.run):
            await asyncio.gather(*(self._post_all() for _ in range(self._at_once)))
        return self.run

    async def _post_all(self) -> None:
        connection = await Connection.to(self._port)
        for place, request in self._next:
            try:
                await self._post(connection, place, request)
            except ConnectionError:
                self.run.unanswered += 1
                connection = await reconnected(self._port)
        connection.close()

    async def _post(self, connection: Connection, place: int, request: bytes) -> None:
        begun = time.perf_counter()
        answer = await connection.send(request)
        if answer.status == OK:
            self.run.latencies.append(time.perf_counter() - begun)
            self.run.accepted[place] = answer.body
            if len(self.run.accepted) == self._mark:
                self._marked.set()
        else:
            self.run.refused += 1


async def reconnected(port: int) -> Connection:
    """Try until a server is there again; raises `TimeoutError` when none comes."""
    async with asyncio.timeout(_WITHIN):
        while True:
            try:
                return await Connection.to(port)
            except OSError:
                await asyncio.sleep(0.02)


@contextmanager
def timed(run: Run) -> Iterator[None]:
    """Note in ``run`` what the block takes, and what it takes of the client's CPU."""
    begun, cpu = time.perf_counter(), time.process_time()
    yield
    run.seconds = time.perf_counter() - begun
    run.client_cpu = time.process_time() - cpu
