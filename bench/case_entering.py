"""Many clerks enter what came by telephone, at once, into a store full of cases; no number is missing afterwards."""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from bench.case_homes import FullHome
from bench.client import Connection
from bench.desk import API, CREATED, SERVE, Desk
from bench.figures import Figure, Target, figure, percentile
from bench.homes import UNIT
from bench.processes import Server
from tests.core.cases.items.entries import inputs_for

AT_ONCE: Final = 64


@dataclass(slots=True)
class Entering:
    """Entries, the seconds of each that was taken, the numbers they were given, and how many were refused."""

    latencies: list[float] = field(default_factory=list, repr=False)
    numbers: list[int] = field(default_factory=list, repr=False)
    refused: int = 0
    seconds: float = 0.0

    @property
    def missing(self) -> int:
        """Numbers that nobody was given although a later one was, and such as were given twice."""
        given = set(self.numbers)
        return len(set(range(min(given), max(given) + 1)) - given) + len(self.numbers) - len(given)


async def entering(full: FullHome, entries: int) -> Entering:
    """Enter so many, each connection the next as soon as one was answered."""
    found = Entering()
    with Server.running(SERVE, full.home.desk_environment, full.home.port + 1) as server:
        desk = await Desk.of(server, {"intake_clerk": full.people["intake_clerk"]})
        given = {"way": "telephone", "inputs": inputs_for("telephone", unit=UNIT), "text": "来电反映窗口推诿。"}
        requests = iter(
            [desk.request("intake_clerk", f"{API}/entries", given, key=uuid4().hex) for _ in range(entries)]
        )
        begun = time.perf_counter()
        await asyncio.gather(*(_enter(desk.port, requests, found) for _ in range(AT_ONCE)))
        found.seconds = time.perf_counter() - begun
    return found


def entering_figures(name: str, found: Entering) -> Iterator[Figure]:
    """Yield the lines of the entries."""
    label = f"{name}, {AT_ONCE} clerks enter at once"
    yield figure(f"{label}: entries", len(found.latencies) / found.seconds, "1/s")
    yield figure(f"{label}: p95", percentile(found.latencies, 0.95) * 1000, "ms")
    yield figure(f"{label}: refused", found.refused, "entries", target=Target("=", 0))
    yield figure(f"{label}: numbers missing or twice", found.missing, "numbers", target=Target("=", 0))


async def _enter(port: int, requests: Iterable[bytes], found: Entering) -> None:
    connection = await Connection.to(port)
    for request in requests:
        begun = time.perf_counter()
        answer = await connection.send(request)
        if answer.status == CREATED:
            found.latencies.append(time.perf_counter() - begun)
            found.numbers.append(json.loads(answer.body)["number"])
        else:
            found.refused += 1
    connection.close()
