"""The question of the personnel system over many measures: one official, one action, one day; each is recorded.

The store is the one that is full of cases: a measure is laid for each of them, five to a person. The reference is the
same question to a home with a few.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from bench.case_homes import FullHome, lay
from bench.client import OK, Answer
from bench.desk import API, SERVE, Desk
from bench.figures import Figure, Target, figure, percentile
from bench.homes import OFFICE, OPERATOR
from bench.measure_rows import served, signer
from bench.processes import Server
from core import registry
from core.app import App
from core.cases.proceedings.tables import CaseFile
from core.registry.tables import Official, Person
from core.warnings.thread import person_hash
from core.work import Work

_EACH: Final = 5
_TARGETS: Final = {0.5: None, 0.99: Target("<", 10)}
_ROLE: Final = "supervisor"
_WARM: Final = 20


@dataclass(frozen=True, slots=True)
class Warned:
    """A store with so many measures, and the officials on whom they were served, each with a day that is blocked."""

    full: FullHome
    measures: int
    officials: Sequence[UUID] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Questions:
    """The seconds that each answer took, over many measures and over a few; and how many answers blocked."""

    measures: int
    few: int
    seconds: Sequence[float]
    beside: Sequence[float]
    blocked: int


async def warned(full: FullHome) -> Warned:
    """Lay a measure for each case of a store, over a fifth as many officials."""
    app = App.for_process(full.home.settings, "desk")
    try:
        async with app.work(OPERATOR, "cli") as work:
            by = await signer(work)
            case_ids = (await work.session.scalars(select(CaseFile.id))).all()
            officials = await _officials(work, max(len(case_ids) // _EACH, 1))
            people = [person_hash(work, f"person:{person_id}") for person_id in officials.values()]
        await lay(app, served(by, case_ids, people))
    finally:
        await app.close()
    full.home.settle()
    return Warned(full, len(case_ids), list(officials))


async def measure(many: Warned, few: Warned, *, times: int) -> Questions:
    """Ask so many times about one official after the other, in turns; raises `ValueError` for what is no answer."""
    taken: tuple[list[float], list[float]] = ([], [])
    blocked = 0
    with ExitStack() as stack:
        desks = []
        for store in (many, few):
            home = store.full.home
            server = stack.enter_context(Server.running(SERVE, home.desk_environment, home.port + 1))
            desks.append((await Desk.of(server, {_ROLE: store.full.people[_ROLE]}), store))
        for turn in range(times + _WARM):
            for (desk, store), seconds in zip(desks, taken, strict=True):
                request = desk.request(_ROLE, question(store, turn))
                begun = time.perf_counter()
                answer = await desk.send(request)
                took = time.perf_counter() - begun
                said = require_answer(answer)
                if turn >= _WARM:
                    seconds.append(took)
                    blocked += said == "blocked" and store is many
    return Questions(many.measures, few.measures, *taken, blocked)


def figures(name: str, asked: Questions) -> Iterator[Figure]:
    """Yield the lines of the questions."""
    label = f"{name}, {asked.measures:,} measures beside {asked.few:,}, eligibility"
    yield figure(f"{label}: blocked", asked.blocked, f"of {len(asked.seconds):,}")
    for share, target in _TARGETS.items():
        value, reference = (percentile(each, share) * 1000 for each in (asked.seconds, asked.beside))
        yield figure(f"{label}: p{share * 100:.0f}", value, "ms", reference=reference, target=target)


def question(store: Warned, turn: int) -> str:
    """Return the address of a question; neighbours in the store are asked about far apart."""
    official = store.officials[turn * 7919 % len(store.officials)]
    return f"{API}/eligibility?official={official}&action=promotion"


def require_answer(answer: Answer) -> str:
    """Return the answer; raise `ValueError` when it is none."""
    if answer.status != OK:
        raise ValueError(f"the question was answered with {answer.status}")
    said: str = json.loads(answer.body)["answer"]
    return said


async def _officials(work: Work, number: int) -> dict[UUID, UUID]:
    """Put so many people into the register; return their posts, and whose they are."""
    unit = await registry.unit_by_code(work, OFFICE)
    made = {uuid4(): uuid4() for _ in range(number)}
    people = [{"id": person_id, "name": "甄测", "is_fictional": True} for person_id in made.values()]
    post = {"unit_id": unit.id, "post": "副主任", "rank": "deputy_section", "is_principal": False}
    since = work.clock.today() - timedelta(days=3650)
    posts = [{"id": id_, "person_id": person_id, "since": since, **post} for id_, person_id in made.items()]
    await work.connection.execute(insert(Person), people)
    await work.connection.execute(insert(Official), posts)
    return made
