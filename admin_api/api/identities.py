"""Who reported: asked for in a case with a reason, opened by two of three custodians, read by who asked."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, status
from pydantic import Field

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.replies import do_once
from admin_api.api.shapes import Shape
from admin_api.gate import GuardedRoute
from core.app import access
from core.cases import proceedings
from core.work import Work

router = APIRouter(tags=["identities"], route_class=GuardedRoute)


class NewWish(Shape):
    """Whose identity is asked for, and why."""

    item_id: UUID
    reason: Annotated[str, Field(max_length=500, examples=["需当面核对证据原件"])]


class Wish(Shape):
    """A wish to learn who reported, by its id."""

    id: UUID


class CaseWish(Wish):
    """A wish to learn who reported an item: who asked, and which custodians have agreed so far."""

    case_id: UUID
    item_id: UUID
    asked_by: UUID
    asked_at: datetime
    first_id: UUID | None
    first_at: datetime | None
    second_id: UUID | None
    second_at: datetime | None


class CaseIdentities(Shape):
    """The items of a case whose reporters gave a name, and the wishes to learn it."""

    named_items: list[UUID]
    wishes: list[CaseWish]


class Asked(CaseWish):
    """A wish that is not opened yet, as the custodians see it."""

    reason: str


class Identity(Shape):
    """What the reporter gave: name and contact."""

    reporter_name: str = ""
    reporter_contact: str = ""


@router.post("/cases/{case_id}/identities", status_code=status.HTTP_201_CREATED)
async def ask(
    case_id: UUID,
    given: NewWish,
    request: Request,
    work: Annotated[Work, needs("identity.ask")],
    key: IdempotencyKey,
) -> Wish:
    """Ask the custodians who reported an item of the case."""

    async def act() -> access.Result:
        return {"id": str(await proceedings.ask_for_identity(work, case_id, given.item_id, reason=given.reason))}

    return Wish.model_validate(await do_once(request, work, key, act))


@router.get("/cases/{case_id}/identities")
async def list_of_case(case_id: UUID, work: Annotated[Work, needs("identity.ask", write=False)]) -> CaseIdentities:
    """Return which items of the case have a name to ask for, and what was asked; no name stands in it."""
    found = await proceedings.identities_of(work, case_id)
    wishes = [CaseWish.model_validate(each) for each in found.wishes]
    return CaseIdentities(named_items=list(found.named_items), wishes=wishes)


@router.get("/identities")
async def list_asked(work: Annotated[Work, needs("identity.release", write=False)]) -> list[Asked]:
    """Return the wishes that are not opened yet to a custodian; where ``first_id`` is theirs, another one is next."""
    found = await proceedings.identities_asked(work)
    return [Asked(**CaseWish.model_validate(each.wish).model_dump(), reason=each.reason) for each in found]


@router.post("/identities/{wish_id}/release")
async def release(
    wish_id: UUID, request: Request, work: Annotated[Work, needs("identity.release")], key: IdempotencyKey
) -> Wish:
    """Agree as the first custodian."""
    return await _once(request, work, key, wish_id, lambda: proceedings.release_identity(work, wish_id))


@router.post("/identities/{wish_id}/opening")
async def open_(
    wish_id: UUID, request: Request, work: Annotated[Work, needs("identity.release")], key: IdempotencyKey
) -> Wish:
    """Agree as the second custodian: it is opened for who asked, and for nobody else."""
    return await _once(request, work, key, wish_id, lambda: proceedings.open_identity(work, wish_id))


@router.get("/identities/{wish_id}")
async def read(wish_id: UUID, work: Annotated[Work, needs("identity.ask")]) -> Identity:
    """Return name and contact to who asked; the read is recorded."""
    return Identity.model_validate(dict(await proceedings.read_identity(work, wish_id)))


async def _once(request: Request, work: Work, key: str, wish_id: UUID, verb: Callable[[], Awaitable[None]]) -> Wish:
    async def act() -> access.Result:
        await verb()
        return {"id": str(wish_id)}

    return Wish.model_validate(await do_once(request, work, key, act))
