"""The people of a station: who they are, letting them in and out; and the officials who live where it is."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, status

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.replies import do_once
from admin_api.api.station_people_shapes import (
    EndedStanding,
    EndOfResidence,
    NewResidence,
    Residence,
    StationInvitation,
    StationLink,
    StationMember,
    StationResident,
)
from admin_api.gate import GuardedRoute
from core.app import access, stations
from core.errors import NotFound
from core.stations import Invited
from core.work import Work

router = APIRouter(prefix="/stations/{station_id}", tags=["stations"], route_class=GuardedRoute)

Reads = Annotated[Work, needs("station.list", write=False)]
Invites = Annotated[Work, needs("station.invite")]
Registers = Annotated[Work, needs("station.register")]


@router.get("/people")
async def list_people(station_id: UUID, work: Reads) -> list[StationMember]:
    """Return who holds which role at a station today, and whether they can be reached in a chat."""
    return [StationMember.model_validate(each) for each in await stations.people_of(work, station_id)]


@router.post("/people/{person_id}/invitation", status_code=status.HTTP_201_CREATED)
async def invite(
    station_id: UUID, person_id: UUID, request: Request, key: IdempotencyKey, work: Invites
) -> StationInvitation:
    """Invite somebody of a station; an earlier invitation of theirs ends. The words are shown this once."""
    made: list[Invited] = []

    async def act() -> access.Result:
        await _require_member(work, station_id, person_id)
        invited = await stations.invite(work, person_id)
        made.append(invited)
        return {"code_until": invited.code_until.isoformat(), "until": invited.until.isoformat()}

    done = await do_once(request, work, key, act)
    words = {"secret": made[0].secret, "code": made[0].code} if made else {"secret": None, "code": None}
    return StationInvitation.model_validate({**done, **words})


@router.post("/people/{person_id}/invitation/withdrawal")
async def withdraw_invitation(
    station_id: UUID, person_id: UUID, request: Request, key: IdempotencyKey, work: Invites
) -> EndedStanding:
    """End an invitation that was not used."""
    return await _ended(request, work, key, station_id, person_id, stations.withdraw_invitation)


@router.post("/people/{person_id}/unpairing")
async def unpair(
    station_id: UUID, person_id: UUID, request: Request, key: IdempotencyKey, work: Invites
) -> EndedStanding:
    """End the pairing of somebody's chat, their personal links, and their invitations."""
    return await _ended(request, work, key, station_id, person_id, stations.unpair)


@router.post("/people/{person_id}/link", status_code=status.HTTP_201_CREATED)
async def make_link(
    station_id: UUID, person_id: UUID, request: Request, key: IdempotencyKey, work: Invites
) -> StationLink:
    """Make somebody of a station a link of their own to its pages; an earlier one ends. It is shown this once."""
    made: list[str] = []

    async def act() -> access.Result:
        await _require_member(work, station_id, person_id)
        made.append(await stations.personal_link(work, person_id))
        await work.session.flush()
        until = await stations.links_until(work, [person_id])
        return {"until": until[person_id].isoformat()}

    done = await do_once(request, work, key, act)
    return StationLink.model_validate({**done, "secret": made[0] if made else None})


@router.post("/people/{person_id}/link/ending")
async def end_link(
    station_id: UUID, person_id: UUID, request: Request, key: IdempotencyKey, work: Invites
) -> EndedStanding:
    """End somebody's personal link."""
    return await _ended(request, work, key, station_id, person_id, stations.end_personal_link)


@router.get("/residents")
async def list_residents(station_id: UUID, work: Reads) -> list[StationResident]:
    """Return the officials who live where a station is; nobody else can be written about there."""
    return [StationResident.model_validate(each) for each in await stations.residents_of(work, station_id)]


@router.post("/residents", status_code=status.HTTP_201_CREATED)
async def add_residence(
    station_id: UUID, given: NewResidence, request: Request, key: IdempotencyKey, work: Registers
) -> Residence:
    """Register that an official in post lives where a station is."""

    async def act() -> access.Result:
        made = await stations.add_residence(work, given.person_id, station_id, since=given.since)
        return {"residence_id": str(made)}

    return Residence.model_validate(await do_once(request, work, key, act))


@router.post("/residents/{residence_id}/end")
async def end_residence(
    station_id: UUID,
    residence_id: UUID,
    given: EndOfResidence,
    request: Request,
    key: IdempotencyKey,
    work: Registers,
) -> Residence:
    """Say the last day of a residence at a station."""

    async def act() -> access.Result:
        if residence_id not in {each.residence_id for each in await stations.residents_of(work, station_id)}:
            raise NotFound("residence_unknown")
        await stations.end_residence(work, residence_id, on=given.on)
        return {"residence_id": str(residence_id)}

    return Residence.model_validate(await do_once(request, work, key, act))


async def _ended(
    request: Request,
    work: Work,
    key: str,
    station_id: UUID,
    person_id: UUID,
    verb: Callable[[Work, UUID], Awaitable[None]],
) -> EndedStanding:
    """End by ``verb`` what somebody of the station had, once."""

    async def act() -> access.Result:
        await _require_member(work, station_id, person_id)
        await verb(work, person_id)
        return {"person_id": str(person_id), "station_id": str(station_id)}

    return EndedStanding.model_validate(await do_once(request, work, key, act))


async def _require_member(work: Work, station_id: UUID, person_id: UUID) -> None:
    """Raise `NotFound` (``person_unknown``) for anybody who is not at this station today."""
    if person_id not in {each.person_id for each in await stations.people_of(work, station_id)}:
        raise NotFound("person_unknown")
