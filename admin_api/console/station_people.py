"""The people of a station: how each is reached, letting them in with a card that is shown once, and out again."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from core.app import stations
from core.errors import NotFound
from core.stations import Invited, StationPerson
from core.work import Work

router = APIRouter(prefix="/console/stations", route_class=GuardedRoute)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a station, with everything that they are there."""

    person: StationPerson
    roles: Sequence[str]

    @property
    def is_in(self) -> bool:
        """Whether a chat stands for them, be it one that is gone."""
        return self.person.standing in {"paired", "unreachable"}


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
    return await _end(
        request, caller, (station_id, person_id), stations.withdraw_invitation, "said.invitation_withdrawn"
    )


@router.post("/{station_id}/people/{person_id}/link")
async def make_link(
    request: Request, station_id: UUID, person_id: UUID, caller: Annotated[Caller, posts("station.invite")]
) -> Response:
    """Make somebody of a station a link of their own to its pages, and show the card that bears it: this once."""
    made: list[str] = []

    async def act(work: Work) -> None:
        await _of_station(work, station_id, person_id)
        made.append(await stations.personal_link(work, person_id))

    kept = await attempt(request, caller, "people", {}, act)
    async with caller.begin(write=False) as work:
        visit = await visit_of(request, caller, work)
        if kept is not None:
            return await _station(visit, station_id, kept)
        return await _link_card(visit, station_id, person_id, made[0])


@router.post("/{station_id}/people/{person_id}/link/ending")
async def end_link(
    request: Request, station_id: UUID, person_id: UUID, caller: Annotated[Caller, posts("station.invite")]
) -> Response:
    """End somebody's personal link, for instance after a lost telephone."""
    return await _end(request, caller, (station_id, person_id), stations.end_personal_link, "said.link_ended")


@router.post("/{station_id}/people/{person_id}/unpairing")
async def unpair(
    request: Request, station_id: UUID, person_id: UUID, caller: Annotated[Caller, posts("station.invite")]
) -> Response:
    """End the pairing of somebody's chat."""
    return await _end(request, caller, (station_id, person_id), stations.unpair, "said.unpaired")


async def _end(
    request: Request,
    caller: Caller,
    whose: tuple[UUID, UUID],
    verb: Callable[[Work, UUID], Awaitable[None]],
    said: str,
) -> Response:
    """End something of a person of a station, who is named by both."""
    station_id, person_id = whose

    async def act(work: Work) -> None:
        await _of_station(work, station_id, person_id)
        await verb(work, person_id)

    kept = await attempt(request, caller, "people", {}, act)
    return await _back(request, caller, station_id, said, kept)


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


async def _station(visit: Visit, station_id: UUID, kept: Kept | None = None) -> Response:
    people: dict[UUID, list[StationPerson]] = defaultdict(list)
    for each in await stations.people_of(visit.work, station_id):
        people[each.person_id].append(each)
    return visit.page(
        "station.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        station=await stations.station(visit.work, station_id),
        members=[Member(held[0], [each.role for each in held]) for held in people.values()],
        links=await stations.links_until(visit.work, list(people)),
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
        station=await stations.station(visit.work, station_id),
        member=await _of_station(visit.work, station_id, person_id),
        invited=invited,
        word=word,
        bot=bot,
        picture=Markup(segno.make_qr(word, error="m").svg_inline(scale=4, omitsize=True)),  # noqa: S704 - drawn here
    )
    page.headers["cache-control"] = "no-store"
    return page


async def _link_card(visit: Visit, station_id: UUID, person_id: UUID, secret: str) -> Response:
    """Return the page with the card that bears the link; nothing keeps it."""
    settings = visit.caller.app.settings
    public = settings.public_url or f"http://{settings.host}:{settings.public_port}"
    link = f"{public}/station/{secret}"
    page = visit.page(
        "station_link.html",
        here="stations",
        station=await stations.station(visit.work, station_id),
        member=await _of_station(visit.work, station_id, person_id),
        link=link,
        until=(await stations.links_until(visit.work, [person_id]))[person_id],
        phone=settings.stations_phone,
        picture=Markup(segno.make_qr(link, error="m").svg_inline(scale=4, omitsize=True)),  # noqa: S704 - drawn here
    )
    page.headers["cache-control"] = "no-store"
    return page
