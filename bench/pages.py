"""Pages over many rows of something, beside the same over a few: asked in turns, and put into lines.

The two stores stand in homes of their own, each with a desk process of its own. Where both take as long, the size of
the store is not what a page costs.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from bench.client import OK, Answer
from bench.desk import SERVE, Desk
from bench.figures import Figure, Target, figure, percentile
from bench.homes import Clerk, Home
from bench.processes import Server

_SHARES: Final = (0.5, 0.95)
_JUDGED: Final = 0.95


@dataclass(frozen=True, slots=True)
class Page:
    """What is asked for, by whom, and the bound of its p95, if there is one; ``later`` if pages lie before it."""

    name: str
    role: str
    path: str
    target: Target | None = None
    given: object = None
    later: bool = False


class Store(Protocol):
    """A filled home, and by role what its people sign in with."""

    @property
    def home(self) -> Home:
        """The home."""

    @property
    def people(self) -> Mapping[str, Clerk]:
        """Who signs in."""


S = TypeVar("S", bound=Store)


@dataclass(frozen=True, slots=True)
class Asked:
    """The seconds that each page took, over many of what there is and over a few."""

    many: int
    few: int
    pages: Mapping[str, tuple[Sequence[float], Sequence[float]]]

    def raw(self) -> dict[str, Any]:
        """Return it as it is kept: latencies in ms, over many and over a few."""
        return {
            name: [[round(each * 1000, 2) for each in seconds] for seconds in both] for name, both in self.pages.items()
        }


async def ask(
    pages: Sequence[Page],
    stores: tuple[S, S],
    *,
    requests: Callable[[Desk, S], Awaitable[Mapping[str, bytes]]],
    require: Callable[[Page, Answer], None],
    times: int,
) -> Mapping[str, tuple[list[float], list[float]]]:
    """Ask both stores for every page so many times, in turns; return the seconds by page, many before few.

    ``requests`` says how each page is asked for in a store, ``require`` raises when an answer is not what it should be.
    """
    found: dict[str, tuple[list[float], list[float]]] = {page.name: ([], []) for page in pages}
    with ExitStack() as stack:
        asked = []
        for store in stores:
            server = stack.enter_context(Server.running(SERVE, store.home.desk_environment, store.home.port + 1))
            desk = await Desk.of(server, store.people)
            asked.append((desk, await requests(desk, store)))
        for turn in range(times + 1):
            for page in pages:
                for (desk, by_page), seconds in zip(asked, found[page.name], strict=True):
                    begun = time.perf_counter()
                    answer = await desk.send(by_page[page.name])
                    took = time.perf_counter() - begun
                    require(page, answer)
                    if turn:  # the first one warms up
                        seconds.append(took)
    return found


def lines(name: str, what: str, asked: Asked, pages: Sequence[Page]) -> Iterator[Figure]:
    """Yield the lines of the pages over so many of ``what``; the reference is the same page over a few."""
    targets = {page.name: page.target for page in pages}
    for page, (many, few) in asked.pages.items():
        for share in _SHARES:
            target = targets[page] if share == _JUDGED else None
            label = f"{name}, {asked.many:,} {what} beside {asked.few:,}, {page}: p{share * 100:.0f}"
            reference = percentile(few, share) * 1000
            yield figure(label, percentile(many, share) * 1000, "ms", reference=reference, target=target)


def require_page(page: Page, answer: Answer) -> None:
    """Raise `ValueError` unless it is a page."""
    if answer.status != OK:
        raise ValueError(f"{page.name} was answered with {answer.status}")
