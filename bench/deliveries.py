"""A client that plays the platform: one update of a chat at a time, and again until it was answered."""

import asyncio
import time
from collections.abc import Sequence
from itertools import count
from typing import Final

from bench.client import OK, Connection, Run, reconnected, timed
from bench.conversations import Conversation

_PAUSE: Final = 0.05  # before what was refused is delivered again; the platform's own is longer
_TRIES: Final = 400


class Deliveries:
    """Holds ``at_once`` conversations at a time over as many connections; of the run, ``accepted`` stays empty.

    With ``again_every`` so many updates come a second time although they were answered, as happens when an answer does
    not reach the platform; these are in none of the figures of the run.
    """

    def __init__(
        self, port: int, conversations: Sequence[Conversation], *, at_once: int, again_every: int | None = None
    ) -> None:
        self.run = Run()
        self._port = port
        self._at_once = at_once
        self._next = iter(conversations)
        self._again_every = again_every
        self._numbers = count(1)
        self._mark, self._marked = 0, asyncio.Event()

    async def reached(self, answered: int) -> None:
        """Wait until so many updates were answered; to be called while `finish` is under way."""
        self._mark = answered
        await self._marked.wait()

    async def finish(self) -> Run:
        """Hold every conversation to its end; raises `TimeoutError` when an update is refused for too long."""
        with timed(self.run):
            await asyncio.gather(*(self._talk() for _ in range(self._at_once)))
        return self.run

    async def _talk(self) -> None:
        connection = await Connection.to(self._port)
        for conversation in self._next:
            for request in conversation:
                connection, seconds = await self._delivered(connection, request)
                self.run.latencies.append(seconds)
                number = next(self._numbers)
                if number == self._mark:
                    self._marked.set()
                if self._again_every and number % self._again_every == 0:
                    connection, _ = await self._delivered(connection, request)
        connection.close()

    async def _delivered(self, connection: Connection, request: bytes) -> tuple[Connection, float]:
        """Deliver until it is answered; return the connection for the next and what the last attempt took."""
        for _ in range(_TRIES):
            begun = time.perf_counter()
            try:
                answer = await connection.send(request)
            except ConnectionError:
                self.run.unanswered += 1
                connection = await reconnected(self._port)
                continue
            if answer.status == OK:
                return connection, time.perf_counter() - begun
            self.run.refused += 1
            await asyncio.sleep(_PAUSE)
        raise TimeoutError
