"""The stations in their rounds: where each stands, what happened to an obligation, what is planned."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.console.station_rounds import unit_id
from admin_api.gate import Caller, GuardedRoute
from admin_api.paging import read_station_place, station_word
from core.app import registry, stations
from core.errors import Invalid
from core.policy.calendar import quarter as quarter_at
from core.stations import Planned
from core.stations.rules.rounds import STATES
from core.stations.rules.schedule import open_quarters
from core.work import Work

router = APIRouter(prefix="/console/stations", route_class=GuardedRoute)

QUARTERS: Final = 8
ON_A_PAGE: Final = 40
TONES: Final[Mapping[str, str]] = {
    "scheduled": "waiting",
    "prompted": "waiting",
    "draft": "working",
    "submitted": "working",
    "returned": "working",
    "signed": "settled",
    "locked": "settled",
    "heard": "settled",
    "reviewed": "settled",
    "archived": "settled",
    "missing": "lacking",
    "excused": "excused",
}
"""The colour of each state in the matrix; its word stands in every cell."""


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of the plan: when, and how many people it would write to, by how they stand."""

    name: str
    planned: Sequence[Planned]

    def count(self, standing: str = "") -> int:
        """Return how many people there are, or how many of them stand so."""
        return sum(1 for each in self.planned if standing in {"", each.standing})


@router.get("")
async def show_matrix(
    visit: Annotated[Visit, sees("station.list")],
    under: Annotated[str, Query(max_length=36)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show where every station stands in the newest rounds, a page at a time, and the form that opens a round."""
    return await _matrix(visit, under=under, after=after)


@router.post("/rounds")
async def open_round(request: Request, caller: Annotated[Caller, posts("station.round")]) -> Response:
    """Open the round of a quarter, after it was confirmed."""
    given = Given(await typed(request))
    quarter = given.text("quarter")

    async def act(work: Work) -> None:
        if not given.flag("confirmed"):
            raise Invalid("not_confirmed", field="confirmed")
        await stations.open_round(work, quarter)

    kept = await attempt(request, caller, "round", given.fields, act)
    if kept is None:
        return go(caller.app, "/console/stations", "said.round_opened", quarter=quarter)
    async with caller.begin(write=False) as work:
        return await _matrix(await visit_of(request, caller, work), kept)


@router.get("/plan")
async def show_plan(
    visit: Annotated[Visit, sees("station.list")],
    quarter: Annotated[str, Query(max_length=10)] = "",
    stage: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show whom the plan of a quarter writes to and when, and one stage in full."""
    quarter = quarter or quarter_at(visit.work.now())
    stages = _stages(await stations.dry_run(visit.work, quarter))
    now = visit.work.now()
    coming = next((each for each in stages if each.planned[0].at > now), stages[-1] if stages else None)
    chosen = next((each for each in stages if each.name == stage), coming)
    people = {each.person_id for each in chosen.planned} if chosen else set()
    return visit.page(
        "station_plan.html",
        here="stations",
        quarter=quarter,
        quarters=sorted({quarter, *open_quarters(now), *(each.quarter for each in await stations.rounds(visit.work))}),
        stages=stages,
        chosen=chosen,
        places={each.id: each for each in await stations.stations(visit.work)},
        people=await registry.people(visit.work, people),
    )


@router.get("/obligations/{obligation_id}")
async def show_obligation(obligation_id: UUID, visit: Annotated[Visit, sees("station.list")]) -> Response:
    """Show what happened to an obligation when, and who was reminded of it."""
    return await _obligation(visit, obligation_id)


@router.post("/obligations/{obligation_id}/excuse")
async def excuse(request: Request, obligation_id: UUID, caller: Annotated[Caller, posts("station.round")]) -> Response:
    """Excuse a station from a round, for a reason."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        await stations.excuse(work, obligation_id, reason=given.text("reason"))

    kept = await attempt(request, caller, "excuse", given.fields, act)
    if kept is None:
        return go(caller.app, f"/console/stations/obligations/{obligation_id}", "said.station_excused")
    async with caller.begin(write=False) as work:
        return await _obligation(await visit_of(request, caller, work), obligation_id, kept)


async def _matrix(visit: Visit, kept: Kept | None = None, *, under: str = "", after: str = "") -> Response:
    below, place = unit_id(under), read_station_place(after)
    found = await stations.matrix(visit.work, limit=QUARTERS, under=below, after=place, most=ON_A_PAGE)
    opened = {each.quarter for each in found.rounds}
    more = {**({"under": under} if under else {}), "after": station_word(found.next)} if found.next else None
    return visit.page(
        "stations.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        matrix=found,
        rounds=list(reversed(found.rounds)),
        states=STATES,
        tones=TONES,
        quarters=[each for each in open_quarters(visit.work.now()) if each not in opened],
        present=quarter_at(visit.work.now()),
        path=await registry.path_of(visit.work, below) if below else [],
        more="/console/stations?" + urlencode(more) if more else None,
        is_first=place is None,
        kept=kept,
    )


async def _obligation(visit: Visit, obligation_id: UUID, kept: Kept | None = None) -> Response:
    return visit.page(
        "station_obligation.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        course=await stations.course(visit.work, obligation_id),
        tones=TONES,
        kept=kept,
    )


def _stages(planned: Sequence[Planned]) -> Sequence[StageView]:
    found: dict[str, list[Planned]] = defaultdict(list)
    for each in planned:
        found[each.stage].append(each)
    return [StageView(name, own) for name, own in found.items()]
