"""One's own account: secrets, sessions, tokens."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from admin_api.console.gate import Visit, acts, go, posts, sees
from admin_api.gate import Caller, GuardedRoute
from core.app import access, registry
from core.errors import JingshiError
from core.sealing import fingerprint

router = APIRouter(prefix="/console/account", route_class=GuardedRoute)

Secret = Annotated[str, Form(max_length=200)]
_HOME = "/console/account"


@router.get("")
async def show_account(visit: Annotated[Visit, sees("session.read")]) -> Response:
    """Show roles, the key's fingerprint, sessions and tokens."""
    return await _page(visit)


@router.post("/password")
async def change_password(
    caller: Annotated[Caller, posts("credential.change")], old: Secret, new: Secret, again: Secret
) -> Response:
    """Change the password; other sessions end."""
    if new != again:
        return go(caller.app, _HOME, "error.secrets_differ", tone="problem")
    try:
        await access.change_password(caller.begin, old=old, new=new)
    except JingshiError as error:
        return go(caller.app, _HOME, f"error.{error.code}", tone="problem", **error.params)
    return go(caller.app, _HOME, "said.password_changed")


@router.post("/passphrase")
async def change_passphrase(
    caller: Annotated[Caller, posts("credential.change")], old: Secret, new: Secret, again: Secret
) -> Response:
    """Change the passphrase of the key."""
    if new != again:
        return go(caller.app, _HOME, "error.secrets_differ", tone="problem")
    try:
        await access.change_passphrase(caller.begin, old=old, new=new)
    except JingshiError as error:
        return go(caller.app, _HOME, f"error.{error.code}", tone="problem", **error.params)
    return go(caller.app, _HOME, "said.passphrase_changed")


@router.post("/sessions/{session_id}/end")
async def end_session(session_id: UUID, visit: Annotated[Visit, acts("session.end")]) -> Response:
    """End one of one's own sessions or tokens."""
    await access.sign_out(visit.work, session_id)
    return visit.go(_HOME, "said.session_ended")


@router.post("/tokens")
async def create_token(
    visit: Annotated[Visit, acts("token.manage")],
    name: Annotated[str, Form(max_length=100)],
    days: Annotated[int, Form(ge=1, le=366)],
) -> Response:
    """Make a token and show it this once."""
    made = await access.create_token(visit.work, name=name, days=days)
    return await _page(visit, made=made.secret)


async def _page(visit: Visit, made: str = "") -> Response:
    units = {each.id: each.label(visit.language) for each in await registry.units(visit.work)}
    sessions = await access.sessions(visit.work)
    return visit.page(
        "account.html",
        here="account",
        held=visit.staff.held,
        units=units,
        fingerprint=fingerprint(visit.staff.key.public) if visit.staff.key else "",
        sessions=[each for each in sessions if each.kind == "sign_in"],
        tokens=[each for each in sessions if each.kind == "token"],
        made=made,
    )
