"""The pages over many obligations of stations: the matrix, who is missing, and the rest; beside the same over a few.

How they are asked says `bench.pages`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bench.desk import API, Desk
from bench.figures import Figure, Target
from bench.pages import Asked, Page, ask, lines, require_page
from bench.station_homes import Stationed

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


async def measure(many: Stationed, few: Stationed, *, times: int) -> Asked:
    """Ask both stores for every page so many times, in turns; raises `ValueError` when a page is no page."""
    took = await ask(PAGES, (many, few), requests=_requests, require=require_page, times=times)
    return Asked(many.obligations, few.obligations, took)


def figures(name: str, asked: Asked) -> Iterator[Figure]:
    """Yield the lines of the pages; the reference is the same page over a few obligations."""
    return lines(name, "obligations", asked, PAGES)


async def _requests(desk: Desk, _store: Stationed) -> Mapping[str, bytes]:
    rounds = json.loads((await desk.send(desk.request(_WHO, f"{API}/stations/rounds"))).body)
    quarter, before = rounds[0]["quarter"], rounds[1]["quarter"]
    return {page.name: desk.request(page.role, page.path.format(quarter=quarter, before=before)) for page in PAGES}
