"""Shared keys: colleagues who wait for one, and keys that are due for a new one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from admin_api.console.gate import Visit, acts, go, names_of, posts, sees
from admin_api.console.grant import require_typed_name
from admin_api.gate import Caller, GuardedRoute
from core.app import access

router = APIRouter(prefix="/console/keys", route_class=GuardedRoute)


@router.get("")
async def show_keys(visit: Annotated[Visit, sees("shared_key.grant")]) -> Response:
    """Show who waits for a key that the person at work holds."""
    held = await access.held_keys(visit.work)
    waiting = [each for key in held for each in key.waiting]
    names = await names_of(visit, {each.person_id for each in waiting})
    due = [key.purpose for key in held if key.is_due] if visit.may("shared_key.rotate") else []
    return visit.page("keys.html", here="keys", waiting=waiting, names=names, due=due)


@router.post("/{purpose}/grant")
async def grant(
    purpose: str,
    visit: Annotated[Visit, acts("shared_key.grant")],
    person_id: Annotated[UUID, Form()],
    typed_name: Annotated[str, Form(max_length=100)],
) -> Response:
    """Hand the key on, if the name typed is the colleague's; a second time changes nothing."""
    name = await require_typed_name(visit, person_id, typed_name)
    await access.grant_shared_key(visit.work, purpose, person_id)
    return visit.go("/console/keys", "said.key_granted", name=name)


@router.post("/{purpose}/rotate")
async def rotate(purpose: str, caller: Annotated[Caller, posts("shared_key.rotate")]) -> Response:
    """Make a new key for the purpose."""
    async with caller.begin() as work:
        await access.rotate_shared_key(work, purpose)
    caller.app.forget_shared_keys()
    return go(caller.app, "/console/keys", "said.key_rotated")
