"""Many terms that run out while workers are killed: each is reminded, opened for assessment and ended once.

The clock is a demo's: first it shows the present day, on which every reminder is due, then a day two years on.
"""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select

from bench.case_homes import lay
from bench.figures import Figure, Target, figure
from bench.homes import OPERATOR, Home
from bench.measure_rows import running, signer
from bench.processes import Server
from core.app import App
from core.cases.proceedings.tables import CaseEntry
from core.deadlines import Deadline
from core.warnings.tables import Measure
from core.work import Work

WORKER: Final = ("jingshi", "serve", "--only", "worker")
_STANDSTILL: Final = timedelta(days=2 * 365)
_WITHIN: Final = 3600.0
_NONE: Final = Target("=", 0)
_SAID: Final = ("term_reminded", "assessment_opened", "term_ended")


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of so many terms: how often each thing was said, beyond once or never, and how long it took."""

    terms: int
    ended: int
    twice: Mapping[str, int]
    lost: Mapping[str, int]
    reminding_s: float
    ending_s: float


async def carrying(home: Home, terms: int) -> Carried:
    """Lay so many terms, let workers carry them on, and kill one of them when a third is done, each time."""
    app = App.for_process(home.settings, "desk")
    try:
        async with app.work(OPERATOR, "cli") as work:
            desk = await signer(work)
        await lay(app, running(desk, terms))
        reminding = await _through(app, home, terms, Measure.reminded > 0)
        moved = {"JINGSHI_NOW": (desk.now + _STANDSTILL).isoformat()}
        ending = await _through(app, home, terms, Measure.ended_at.is_not(None), **moved)
        async with app.work(OPERATOR, "cli", write=False) as work:
            said = {kind: await _said(work, kind) for kind in _SAID}
            said["assessment"] = await _clocks(work)
            ended = await _count(work, Measure.state == "term_ended")
    finally:
        await app.close()
    twice = {kind: lines - measures for kind, (lines, measures) in said.items()}
    lost = {kind: terms - measures for kind, (_, measures) in said.items()}
    return Carried(terms, ended, twice, lost, reminding, ending)


def carrying_figures(name: str, found: Carried) -> Iterator[Figure]:
    """Yield the lines of the terms."""
    label = f"{name}, {found.terms:,} terms, kill -9, two years"
    yield figure(f"{label}: ended", found.ended, "terms", target=Target("=", found.terms))
    yield figure(f"{label}: said or begun twice", sum(found.twice.values()), "steps", target=_NONE)
    yield figure(f"{label}: lost", sum(found.lost.values()), "steps", target=_NONE)
    yield figure(f"{label}: all reminded after", found.reminding_s, "s")
    yield figure(f"{label}: all opened and ended after", found.ending_s, "s")


async def _through(app: App, home: Home, terms: int, done: ColumnElement[bool], **told: str) -> float:
    """Return the seconds until workers have done something for each term, although one is killed and begins anew."""
    begun = time.perf_counter()
    with ExitStack() as stack:
        first, *_ = [
            stack.enter_context(Server.running(WORKER, environment | told, home.port)) for environment in _homes(home)
        ]
        await _until(app, done, terms // 3)
        first.kill()
        first.start()
        await _until(app, done, terms)
        return time.perf_counter() - begun


def _homes(home: Home) -> list[dict[str, str]]:
    """Return the environments of the workers: SQLite takes one at a time, PostgreSQL several, each in its own home."""
    first = dict(home.environment)
    if home.name == "SQLite":
        return [first]
    other = home.folder / "second"
    other.mkdir(exist_ok=True)
    return [first, first | {"JINGSHI_HOME": str(other), "JINGSHI_KEYS": str(home.settings.keys)}]


async def _until(app: App, done: ColumnElement[bool], terms: int) -> None:
    async with asyncio.timeout(_WITHIN):
        while True:
            async with app.work(OPERATOR, "cli", write=False) as work:
                if await _count(work, done) >= terms:
                    return
            await asyncio.sleep(0.2)


async def _count(work: Work, which: ColumnElement[bool]) -> int:
    return await work.session.scalar(select(func.count()).select_from(Measure).where(which)) or 0


async def _said(work: Work, kind: str) -> tuple[int, int]:
    """Return how many entries of a kind there are, and in how many cases; each case has one measure."""
    query = select(func.count(), func.count(CaseEntry.case_id.distinct())).where(CaseEntry.kind == kind)
    lines, measures = (await work.session.execute(query)).one()
    return lines, measures


async def _clocks(work: Work) -> tuple[int, int]:
    query = select(func.count(), func.count(Deadline.subject_id.distinct())).where(Deadline.kind == "assessment")
    lines, measures = (await work.session.execute(query)).one()
    return lines, measures
