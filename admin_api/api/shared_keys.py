"""Shared keys: who waits for one, handing it on, making a new one after somebody left."""

from typing import Annotated

from fastapi import APIRouter, Request, status

from admin_api.api.gate import IdempotencyKey, calls, needs
from admin_api.api.replies import do_once
from admin_api.api.shapes import KeyGrant, NewKeyGrant, Waiting
from admin_api.gate import Caller, GuardedRoute
from core.app import access
from core.work import Work

router = APIRouter(prefix="/shared-keys", tags=["shared keys"], route_class=GuardedRoute)


@router.get("/waiting")
async def list_waiting(work: Annotated[Work, needs("shared_key.grant", write=False)]) -> list[Waiting]:
    """Return the colleagues who wait for a key that the caller holds."""
    return [Waiting.model_validate(each) for key in await access.held_keys(work) for each in key.waiting]


@router.post("/{purpose}/grants", status_code=status.HTTP_201_CREATED)
async def grant(
    purpose: str,
    given: NewKeyGrant,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("shared_key.grant")],
) -> KeyGrant:
    """Hand a shared key on to a colleague whose role entitles them."""

    async def act() -> access.Result:
        await access.grant_shared_key(work, purpose, given.person_id)
        return {"purpose": purpose, "person_id": str(given.person_id)}

    return KeyGrant.model_validate(await do_once(request, work, key, act))


@router.get("/due")
async def list_due(work: Annotated[Work, needs("shared_key.rotate", write=False)]) -> list[str]:
    """Return the purposes whose keys the caller holds and which are due for a new one."""
    return [key.purpose for key in await access.held_keys(work) if key.is_due]


@router.post("/{purpose}/rotation", status_code=status.HTTP_204_NO_CONTENT)
async def rotate(
    purpose: str, request: Request, key: IdempotencyKey, caller: Annotated[Caller, calls("shared_key.rotate")]
) -> None:
    """Make a new key for a purpose; its holders who are still entitled hold the new one too."""
    async with caller.begin() as work:

        async def act() -> access.Result:
            return {"id": str((await access.rotate_shared_key(work, purpose)).id)}

        await do_once(request, work, key, act)
    caller.app.forget_shared_keys()
