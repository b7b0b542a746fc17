"""The stations: where each stands in the rounds, its people and how they are let in, what is sent, whom to call."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

import segno
from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from core.app import registry, stations
from core.errors import Invalid, NotFound
from core.policy.calendar import quarter as quarter_at
from core.stations import Invited, Planned, StationPerson
from core.work import Work

router = APIRouter(prefix="/console/stations", route_class=GuardedRoute)

QUARTERS: Final = 8
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
    "missing": "missing",
    "excused": "excused",
}
"""The colour of each state in the matrix; its word stands in every cell."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a station, with everything that they are there."""

    person: StationPerson
    roles: Sequence[str]

    @property
    def is_in(self) -> bool:
        """Whether a chat stands for them, be it one that is gone."""
        return self.person.standing in {"paired", "unreachable"}


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of the plan: when, and how many people it would write to, by how they stand."""

    name: str
    planned: Sequence[Planned]

    def count(self, standing: str = "") -> int:
        """Return how many people there are, or how many of them stand so."""
        return sum(1 for each in self.planned if standing in {"", each.standing})


@router.get("")
async def show_matrix(visit: Annotated[Visit, sees("station.list")]) -> Response:
    """Show where every station stands in the newest rounds, and the form that opens a round."""
    return await _matrix(visit)


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
    """Show whom the plan of a quarter writes to and when, one stage in full, and whom somebody has to call now."""
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
        quarters=sorted({quarter, *_quarters(visit), *(each.quarter for each in await stations.rounds(visit.work))}),
        stages=stages,
        chosen=chosen,
        places={each.id: each for each in await stations.stations(visit.work)},
        people=await registry.people(visit.work, people),
        calls=await stations.call_list(visit.work),
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


@router.get("/{station_id}")
async def show_station(station_id: UUID, visit: Annotated[Visit, sees("station.list")]) -> Response:
    """Show the people of a station, how each can be reached, and the officials who live there."""
    return await _station(visit, station_id)


@router.post("/{station_id}/people/{person_id}/invitation")
async def invite(
    request: Request, station_id: UUID, person_id: UUID, caller: Annotated[Caller, posts("station.invite")]
) -> Response:
    """Invite somebody of a station, and show the card that is handed over: this once."""
    made: list[Invited] = []

    async def act(work: Work) -> None:
        await _of_station(work, station_id, person_id)
        made.append(await stations.invite(work, person_id))

    kept = await attempt(request, caller, "people", {}, act)
    async with caller.begin(write=False) as work:
        visit = await visit_of(request, caller, work)
        if kept is not None:
            return await _station(visit, station_id, kept)
        return await _card(visit, station_id, person_id, made[0])


@router.post("/{station_id}/people/{person_id}/invitation/withdrawal")
async def withdraw_invitation(
    request: Request, station_id: UUID, person_id: UUID, caller: Annotated[Caller, posts("station.invite")]
) -> Response:
    """End an invitation that was not used."""

    async def act(work: Work) -> None:
        await _of_station(work, station_id, person_id)
        await stations.withdraw_invitation(work, person_id)

    kept = await attempt(request, caller, "people", {}, act)
    return await _back(request, caller, station_id, "said.invitation_withdrawn", kept)


@router.post("/{station_id}/people/{person_id}/unpairing")
async def unpair(
    request: Request, station_id: UUID, person_id: UUID, caller: Annotated[Caller, posts("station.invite")]
) -> Response:
    """End the pairing of somebody's chat."""

    async def act(work: Work) -> None:
        await _of_station(work, station_id, person_id)
        await stations.unpair(work, person_id)

    kept = await attempt(request, caller, "people", {}, act)
    return await _back(request, caller, station_id, "said.unpaired", kept)


async def _of_station(work: Work, station_id: UUID, person_id: UUID) -> StationPerson:
    """Return somebody who is at this station today; raise `NotFound` (``person_unknown``)."""
    for each in await stations.people_of(work, station_id):
        if each.person_id == person_id:
            return each
    raise NotFound("person_unknown")


async def _back(request: Request, caller: Caller, station_id: UUID, said: str, kept: Kept | None) -> Response:
    if kept is None:
        return go(caller.app, f"/console/stations/{station_id}", said)
    async with caller.begin(write=False) as work:
        return await _station(await visit_of(request, caller, work), station_id, kept)


async def _matrix(visit: Visit, kept: Kept | None = None) -> Response:
    found = await stations.matrix(visit.work, limit=QUARTERS)
    opened = {each.quarter for each in found.rounds}
    return visit.page(
        "stations.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        matrix=found,
        rounds=list(reversed(found.rounds)),
        tones=TONES,
        quarters=[each for each in _quarters(visit) if each not in opened],
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


async def _station(visit: Visit, station_id: UUID, kept: Kept | None = None) -> Response:
    people: dict[UUID, list[StationPerson]] = defaultdict(list)
    for each in await stations.people_of(visit.work, station_id):
        people[each.person_id].append(each)
    return visit.page(
        "station.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        station=await _named(visit, station_id),
        members=[Member(held[0], [each.role for each in held]) for held in people.values()],
        residents=await stations.residents_of(visit.work, station_id),
        kept=kept,
    )


async def _card(visit: Visit, station_id: UUID, person_id: UUID, invited: Invited) -> Response:
    """Return the page with the card that bears the word; nothing keeps it."""
    bot = visit.caller.app.settings.liaison_name
    word = f"https://t.me/{bot}?start={invited.secret}" if bot else invited.secret
    page = visit.page(
        "station_invited.html",
        here="stations",
        station=await _named(visit, station_id),
        member=await _of_station(visit.work, station_id, person_id),
        invited=invited,
        word=word,
        bot=bot,
        picture=Markup(segno.make_qr(word, error="m").svg_inline(scale=4, omitsize=True)),  # noqa: S704 - drawn here
    )
    page.headers["cache-control"] = "no-store"
    return page


async def _named(visit: Visit, station_id: UUID) -> stations.Station:
    return next(each for each in await stations.stations(visit.work) if each.id == station_id)


def _stages(planned: Sequence[Planned]) -> Sequence[StageView]:
    found: dict[str, list[Planned]] = defaultdict(list)
    for each in planned:
        found[each.stage].append(each)
    return [StageView(name, own) for name, own in found.items()]


def _quarters(visit: Visit) -> Sequence[str]:
    """Return the present quarter and the next one."""
    present = quarter_at(visit.work.now())
    year, place = int(present[:4]), int(present[5:])
    return [present, f"{year + place // 4:04}Q{place % 4 + 1}"]
