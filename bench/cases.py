"""The pages over many cases: the queue, my day, what is due, and a search; beside the same over a few cases.

The two stores stand in homes of their own, each with a desk process of its own, and are asked in turns. Where both take
as long, the size of the store is not what a page costs.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from bench.case_homes import FullHome
from bench.case_threads import FOUND, GRANTED, WORD
from bench.client import OK, Answer
from bench.desk import API, SERVE, Desk
from bench.figures import Figure, Target, figure, percentile
from bench.processes import Server

_SHARES: Final = (0.5, 0.95)
_JUDGED: Final = 0.95
_SOON: Final = Target("<", 50)
_LATER: Final = 10  # pages after the first one, or as many as a small store has
_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for, by whom, and the bound of its p95, if there is one; ``later`` if pages lie before it."""

    name: str
    role: str
    path: str
    target: Target | None = None
    given: object = None
    later: bool = False


_QUEUE: Final = f"{API}/cases?limit={_ON_A_PAGE}"
_WORDS: Final = {"words": WORD, "reason": "查找同类情形"}
PAGES: Final[Sequence[Page]] = (
    Page("the queue, first page", "supervisor", _QUEUE, _SOON),
    Page("the queue, a later page", "supervisor", _QUEUE, _SOON, later=True),
    Page("the queue, one state", "supervisor", f"{_QUEUE}&state=closed_unfounded", _SOON),
    Page("the officer's queue", "case_officer_org", _QUEUE, _SOON),
    Page("what is due", "supervisor", f"{API}/deadlines", _SOON),
    Page("the console's queue", "supervisor", "/console/cases"),
    Page("the supervisor's day", "supervisor", "/console", _SOON),
    Page("the clerk's day", "intake_clerk", "/console", _SOON),
    Page("the officer's day", "case_officer_org", "/console", _SOON),
    Page(f"search in {GRANTED}", "case_officer_org", f"{API}/cases/search", Target("<", 150), _WORDS),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The seconds that each page took, over many cases and over a few."""

    cases: int
    few: int
    pages: Mapping[str, tuple[Sequence[float], Sequence[float]]]

    def raw(self) -> dict[str, Any]:
        """Return it as it is kept: latencies in ms, of many cases and of a few."""
        return {
            name: [[round(each * 1000, 2) for each in seconds] for seconds in both] for name, both in self.pages.items()
        }


async def measure(many: FullHome, few: FullHome, *, times: int) -> Asked:
    """Ask both stores for every page so many times, in turns.

    Raises `ValueError` when a page is no page, or a search does not find what is there.
    """
    found: dict[str, tuple[list[float], list[float]]] = {page.name: ([], []) for page in PAGES}
    with ExitStack() as stack:
        asked = []
        for full in (many, few):
            server = stack.enter_context(Server.running(SERVE, full.home.desk_environment, full.home.port + 1))
            desk = await Desk.of(server, full.people)
            asked.append((desk, await _requests(desk, full)))
        for turn in range(times + 1):
            for page in PAGES:
                for (desk, requests), seconds in zip(asked, found[page.name], strict=True):
                    took = await _one(desk, page, requests[page.name])
                    if turn:  # the first one warms up
                        seconds.append(took)
    return Asked(many.cases, few.cases, found)


def figures(name: str, asked: Asked) -> Iterator[Figure]:
    """Yield the lines of the pages; the reference is the same page over a few cases."""
    targets = {page.name: page.target for page in PAGES}
    for page, (many, few) in asked.pages.items():
        for share in _SHARES:
            target = targets[page] if share == _JUDGED else None
            label = f"{name}, {asked.cases:,} cases beside {asked.few:,}, {page}: p{share * 100:.0f}"
            reference = percentile(few, share) * 1000
            yield figure(label, percentile(many, share) * 1000, "ms", reference=reference, target=target)


def require_page(page: Page, answer: Answer) -> None:
    """Raise `ValueError` unless it is a page, and a search looked through all and found what is there."""
    if answer.status != OK:
        raise ValueError(f"{page.name} was answered with {answer.status}")
    if page.given is not None:
        found = json.loads(answer.body)
        if (found["looked_through"], len(found["hits"])) != (GRANTED, FOUND):
            raise ValueError(f"{page.name} did not find what is there")


async def _one(desk: Desk, page: Page, request: bytes) -> float:
    begun = time.perf_counter()
    answer = await desk.send(request)
    seconds = time.perf_counter() - begun
    require_page(page, answer)
    return seconds


async def _requests(desk: Desk, full: FullHome) -> Mapping[str, bytes]:
    found = {}
    for page in PAGES:
        path = page.path
        for _ in range(min(_LATER, full.cases // _ON_A_PAGE // 4) if page.later else 0):
            path = json.loads((await desk.send(desk.request(page.role, path))).body)["next"]
        found[page.name] = desk.request(page.role, path, page.given)
    return found
