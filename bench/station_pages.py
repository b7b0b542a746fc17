"""The pages over many obligations of stations: the matrix, who is missing, and the rest; beside the same over a few.

As for cases (`bench.cases`): two homes, each with a desk process of its own, are asked in turns.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from bench.cases import Page
from bench.client import OK, Answer
from bench.desk import API, SERVE, Desk
from bench.figures import Figure, Target, figure, percentile
from bench.processes import Server
from bench.station_homes import Stationed

_SHARES: Final = (0.5, 0.95)
_JUDGED: Final = 0.95
_SOON: Final = Target("<", 100)
_CONSOLE: Final = "/console/stations"
_ROUND: Final = f"{API}/stations/rounds/{{quarter}}"
_WHO: Final = "supervisor"
PAGES: Final[Sequence[Page]] = (
    Page("the matrix", _WHO, _CONSOLE, _SOON),
    Page("who owes a record", _WHO, f"{_CONSOLE}/list?what=owed", _SOON),
    Page("who was missing in a round that is over", _WHO, f"{_CONSOLE}/list?what=missing&quarter={{before}}", _SOON),
    Page("what was sent back", _WHO, f"{_CONSOLE}/list?what=returned", _SOON),
    Page("who owes a record, for a machine", _WHO, f"{_ROUND}/list?what=owed", _SOON),
    Page("who is out of reach", _WHO, f"{_CONSOLE}/list?what=unreachable", _SOON),
    Page("the tree", _WHO, f"{_CONSOLE}/tree"),
    Page("the figures", _WHO, f"{_CONSOLE}/figures"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The seconds that each page took, over many obligations and over a few."""

    obligations: int
    few: int
    pages: Mapping[str, tuple[Sequence[float], Sequence[float]]]

    def raw(self) -> dict[str, Any]:
        """Return it as it is kept: latencies in ms, over many and over a few."""
        return {
            name: [[round(each * 1000, 2) for each in seconds] for seconds in both] for name, both in self.pages.items()
        }


async def measure(many: Stationed, few: Stationed, *, times: int) -> Asked:
    """Ask both stores for every page so many times, in turns; raises `ValueError` when a page is no page."""
    found: dict[str, tuple[list[float], list[float]]] = {page.name: ([], []) for page in PAGES}
    with ExitStack() as stack:
        asked = []
        for each in (many, few):
            server = stack.enter_context(Server.running(SERVE, each.home.desk_environment, each.home.port + 1))
            desk = await Desk.of(server, each.people)
            asked.append((desk, await _requests(desk)))
        for turn in range(times + 1):
            for page in PAGES:
                for (desk, requests), seconds in zip(asked, found[page.name], strict=True):
                    begun = time.perf_counter()
                    answer = await desk.send(requests[page.name])
                    took = time.perf_counter() - begun
                    require_page(page, answer)
                    if turn:  # the first one warms up
                        seconds.append(took)
    return Asked(many.obligations, few.obligations, found)


def figures(name: str, asked: Asked) -> Iterator[Figure]:
    """Yield the lines of the pages; the reference is the same page over a few obligations."""
    targets = {page.name: page.target for page in PAGES}
    for page, (many, few) in asked.pages.items():
        for share in _SHARES:
            target = targets[page] if share == _JUDGED else None
            label = f"{name}, {asked.obligations:,} obligations beside {asked.few:,}, {page}: p{share * 100:.0f}"
            reference = percentile(few, share) * 1000
            yield figure(label, percentile(many, share) * 1000, "ms", reference=reference, target=target)


def require_page(page: Page, answer: Answer) -> None:
    """Raise `ValueError` unless it is a page."""
    if answer.status != OK:
        raise ValueError(f"{page.name} was answered with {answer.status}")


async def _requests(desk: Desk) -> Mapping[str, bytes]:
    rounds = json.loads((await desk.send(desk.request(_WHO, f"{API}/stations/rounds"))).body)
    quarter, before = rounds[0]["quarter"], rounds[1]["quarter"]
    return {page.name: desk.request(page.role, page.path.format(quarter=quarter, before=before)) for page in PAGES}
