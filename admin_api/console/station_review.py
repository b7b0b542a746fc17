"""The half-year review: which books are to be read, what is left in each, and which said that there was nothing."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.console.stations import TONES
from admin_api.gate import Caller, GuardedRoute
from core.app import stations
from core.policy.calendar import half as half_at
from core.stations import BookStanding, Station
from core.work import Work

router = APIRouter(prefix="/console/stations/review", route_class=GuardedRoute)


@router.get("")
async def show_review(
    visit: Annotated[Visit, sees("station.review")], half: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """Show the books of a half-year, and what is left in each for whoever looks."""
    return await _page(visit, half)


@router.post("/nothing")
async def set_down_reviewed(request: Request, caller: Annotated[Caller, posts("station.review")]) -> Response:
    """Set down as reviewed the records in which nothing is left to decide."""
    given = Given(await typed(request))
    half, made = given.text("half"), list[int]()

    async def act(work: Work) -> None:
        made.append(await stations.set_down_reviewed(work, half))

    kept = await attempt(request, caller, "nothing", given.fields, act)
    if kept is None:
        return go(caller.app, f"/console/stations/review?half={half}", "said.set_down_reviewed", count=made[0])
    async with caller.begin(write=False) as work:
        return await _page(await visit_of(request, caller, work), "", kept)


async def _page(visit: Visit, half: str, kept: Kept | None = None) -> Response:
    halves = await _halves(visit)
    review = await stations.review(visit.work, half or halves[0])
    return visit.page(
        "station_review.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        review=review,
        halves=sorted({*halves, review.half}, reverse=True),
        rows=_rows(review.books),
        following=review.next_after(None),
        done=[each for each in review.books if each.is_done],
        tones=TONES,
        is_over=review.half < half_at(visit.work.now()),
        kept=kept,
    )


async def _halves(visit: Visit) -> Sequence[str]:
    """Return the half-years of the newest rounds; first the last one of which both rounds are locked, if any is."""
    rounds = await stations.rounds(visit.work)
    found = dict.fromkeys(stations.half_of(each.quarter) for each in rounds)
    open_ones = {stations.half_of(each.quarter) for each in rounds if not each.is_locked}
    ordered = [*(each for each in found if each not in open_ones), *(each for each in found if each in open_ones)]
    return ordered or [half_at(visit.work.now())]


def _rows(books: Sequence[BookStanding]) -> Sequence[tuple[Station, dict[str, BookStanding]]]:
    """Return the books by station, and of each station by quarter."""
    found: dict[UUID, tuple[Station, dict[str, BookStanding]]] = {}
    for each in books:
        found.setdefault(each.station.id, (each.station, {}))[1][each.quarter] = each
    return list(found.values())
