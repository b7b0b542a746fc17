"""The pages over many cases: the queue, my day, what is due, and a search; beside the same over a few cases.

How they are asked says `bench.pages`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bench import pages
from bench.case_homes import FullHome
from bench.case_threads import FOUND, GRANTED, WORD
from bench.client import Answer
from bench.desk import API, Desk
from bench.figures import Figure, Target
from bench.pages import Asked, Page, ask, lines

_SOON: Final = Target("<", 50)
_LATER: Final = 10  # pages after the first one, or as many as a small store has
_ON_A_PAGE: Final = 50


_QUEUE: Final = f"{API}/cases?limit={_ON_A_PAGE}"
_WORDS: Final = {"words": WORD, "reason": "查找同类情形"}
PAGES: Final[Sequence[Page]] = (
    Page("the queue, first page", "supervisor", _QUEUE, _SOON),
    Page("the queue, a later page", "supervisor", _QUEUE, _SOON, later=True),
    Page("the queue, one state", "supervisor", f"{_QUEUE}&state=closed_unfounded", _SOON),
    Page("the officer's queue", "case_officer_org", _QUEUE, _SOON),
    Page("what is due", "supervisor", f"{API}/deadlines", _SOON),
    Page("the console's queue", "supervisor", "/console/cases", _SOON),
    Page("the supervisor's day", "supervisor", "/console", _SOON),
    Page("the clerk's day", "intake_clerk", "/console", _SOON),
    Page("the officer's day", "case_officer_org", "/console", _SOON),
    Page(f"search in {GRANTED}", "case_officer_org", f"{API}/cases/search", Target("<", 150), _WORDS),
)


async def measure(many: FullHome, few: FullHome, *, times: int) -> Asked:
    """Ask both stores for every page so many times, in turns.

    Raises `ValueError` when a page is no page, or a search does not find what is there.
    """
    took = await ask(PAGES, (many, few), requests=_requests, require=require_page, times=times)
    return Asked(many.cases, few.cases, took)


def figures(name: str, asked: Asked) -> Iterator[Figure]:
    """Yield the lines of the pages; the reference is the same page over a few cases."""
    return lines(name, "cases", asked, PAGES)


def require_page(page: Page, answer: Answer) -> None:
    """Raise `ValueError` unless it is a page, and a search looked through all and found what is there."""
    pages.require_page(page, answer)
    if page.given is not None:
        found = json.loads(answer.body)
        if (found["looked_through"], len(found["hits"])) != (GRANTED, FOUND):
            raise ValueError(f"{page.name} did not find what is there")


async def _requests(desk: Desk, full: FullHome) -> Mapping[str, bytes]:
    found = {}
    for page in PAGES:
        path = page.path
        for _ in range(min(_LATER, full.cases // _ON_A_PAGE // 4) if page.later else 0):
            path = json.loads((await desk.send(desk.request(page.role, path))).body)["next"]
        found[page.name] = desk.request(page.role, path, page.given)
    return found
