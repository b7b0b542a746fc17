"""What staff do with an item: answer or ask back, let a colleague open it, take that back."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, status

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.shapes import Grant, NewGrant, NewReply, Reply, Revocation
from admin_api.gate import GuardedRoute
from admin_api.revisions import require_seen
from core.app import access, cases
from core.work import Work

router = APIRouter(prefix="/items/{item_id}", tags=["items"], route_class=GuardedRoute)


async def do_once(request: Request, work: Work, key: str, act: Callable[[], Awaitable[access.Result]]) -> access.Result:
    """Do what the request asks unless it was done under this key before; return the result of the first time."""
    asked = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return await access.once(work, key=key, request=asked, act=act)


@router.post("/replies", status_code=status.HTTP_201_CREATED)
async def reply(
    item_id: UUID,
    given: NewReply,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("item.ask")],
    seen: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the item as the caller saw it.")
    ] = None,
) -> Reply:
    """Send the reporter an answer or a question, to be read with the receipt."""
    verb = cases.answer if given.kind == "answer" else cases.ask_back

    async def act() -> access.Result:
        require_seen(await cases.summary(work, item_id), seen)
        return {"id": str(await verb(work, item_id, given.text)), "kind": given.kind}

    return Reply.model_validate(await do_once(request, work, key, act))


@router.post("/grants", status_code=status.HTTP_201_CREATED)
async def grant(
    item_id: UUID,
    given: NewGrant,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("item.grant")],
) -> Grant:
    """Let a colleague open the item: its key is sealed to theirs."""

    async def act() -> access.Result:
        await cases.grant(work, item_id, given.person_id, reason=given.reason)
        return {"item_id": str(item_id), "person_id": str(given.person_id)}

    return Grant.model_validate(await do_once(request, work, key, act))


@router.delete("/grants/{person_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke(item_id: UUID, person_id: UUID, given: Revocation, work: Annotated[Work, needs("item.grant")]) -> None:
    """Take a grant back; what the colleague has read they know, but nothing more opens to them."""
    await cases.revoke(work, item_id, person_id, reason=given.reason)
