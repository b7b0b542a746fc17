"""What must hold besides speed: nothing is lost when intake is killed, memory stays, the first answer comes soon."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.client import Load
from bench.figures import Figure, Target, figure
from bench.homes import UNIT, Home
from bench.processes import Server
from bench.reports import prepared, receipt_in
from bench.speed import INTAKE

_AT_ONCE: Final = 16
_FIRST: Final = 1_000_000  # numbers of the reports of this part; those of the rounds begin at 0
_GROWTH: Final = Target("<", 5)
_FIRST_ANSWER: Final = Target("<", 3)


@dataclass(frozen=True, slots=True)
class Loss:
    """Reports posted, accepted (the client holds the receipt), in flight at the kill, and read in a second process."""

    posted: int
    accepted: int
    unanswered: int
    refused: int
    read: int

    @property
    def lost(self) -> int:
        """Accepted, and not there."""
        return self.accepted - self.read


@dataclass(frozen=True, slots=True)
class Read:
    """The numbers of the reports that either side reads; an item that is there twice is read twice."""

    by_receipt: Sequence[int]
    by_staff: Sequence[int]


async def loss(home: Home, reports: int) -> Loss:
    """Post ``reports``, kill intake midway and start it anew; read every accepted one in a second process."""
    numbers = range(_FIRST, _FIRST + reports)
    with Server.running(INTAKE, home.environment, home.port) as intake:
        await intake.answers()
        load = Load(home.port, prepared(numbers, unit=UNIT), at_once=_AT_ONCE)
        posting = asyncio.ensure_future(load.finish())
        midway = asyncio.ensure_future(load.reached(reports // 2))
        await asyncio.wait({posting, midway}, return_when=asyncio.FIRST_COMPLETED)
        midway.cancel()
        intake.kill()
        intake.start()
        run = await posting
    receipts = {numbers[place]: receipt_in(page) for place, page in run.accepted.items()}
    found = await asyncio.to_thread(read_by_both, home, receipts)
    read = set(found.by_receipt) & set(found.by_staff)
    return Loss(reports, len(receipts), run.unanswered, run.refused, len(read))


async def growth(home: Home, since: int, until: int) -> tuple[float, float]:
    """Return intake's memory (MiB) after ``since`` and after ``until`` reports in one process."""
    with Server.running(INTAKE, home.environment, home.port) as intake:
        await intake.answers()
        weighed = []
        for numbers in (range(since), range(since, until)):
            await Load(home.port, prepared(numbers, unit=UNIT), at_once=_AT_ONCE).finish()
            weighed.append(intake.rss())
    return weighed[0], weighed[1]


async def first_answers(home: Home, tries: int) -> dict[str, float]:
    """Return the slowest of ``tries`` starts, in seconds, of intake alone and of either port of a whole ``serve``."""
    slowest = dict.fromkeys(
        ("serve --only intake: the start page", "serve: the start page", "serve: the staff port"), 0.0
    )
    for _ in range(tries):
        with Server.running(INTAKE, home.environment, home.port) as intake:
            found = [await intake.answers()]
        with Server.running(("jingshi", "serve"), home.environment, home.port) as whole:
            staff = whole.answers("/healthz", port=home.port + 1)
            found += await asyncio.gather(whole.answers(), staff)
        slowest = {name: max(before, now) for (name, before), now in zip(slowest.items(), found, strict=True)}
    return slowest


def loss_figures(name: str, found: Loss) -> Iterator[Figure]:
    """Yield the lines of the kill."""
    label = f"{name}, kill -9 midway of {found.posted:,}"
    yield figure(f"{label}: accepted", found.accepted, "reports")
    yield figure(f"{label}: cut off unanswered", found.unanswered, "reports")
    yield figure(f"{label}: read in a second process", found.read, "reports")
    yield figure(f"{label}: lost", found.lost, "reports", target=Target("=", 0))


def growth_figures(name: str, since: int, until: int, found: tuple[float, float]) -> Iterator[Figure]:
    """Yield the line of memory."""
    label = f"{name}: growth of intake's memory (RSS), report {since:,} to {until:,}"
    yield figure(label, found[1] - found[0], "MiB", target=_GROWTH)


def start_figures(name: str, found: dict[str, float]) -> Iterator[Figure]:
    """Yield the lines of the starts."""
    for what, seconds in found.items():
        yield figure(f"{name}, {what} answers after", seconds, "s", target=_FIRST_ANSWER)


def read_by_both(home: Home, receipts: Mapping[int, str]) -> Read:
    """Read reports by their receipts and all items as a clerk, in a process of its own."""
    words = [sys.executable, "-m", "bench.reading"]
    done = subprocess.run(words, input=home.told(receipts), env=home.environment, check=True, stdout=subprocess.PIPE)
    return Read(**json.loads(done.stdout))
