"""Signing in and out, and the caller's key."""

from typing import Annotated

from fastapi import APIRouter, status

from admin_api.api.gate import calls, needs
from admin_api.api.shapes import Begun, Passphrase, Role, Session, SignIn
from admin_api.gate import Caller, GuardedRoute, identify
from core.app import access, registry
from core.work import Work

router = APIRouter(tags=["sessions"], route_class=GuardedRoute)


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
async def sign_in(given: SignIn, caller: Annotated[Caller, calls("session.create")]) -> Begun:
    """Sign in with user name, password and a TOTP code; the token in the answer goes into ``Authorization: Bearer``."""
    begun = await access.sign_in(caller.begin, username=given.username, password=given.password, totp=given.totp)
    if given.passphrase is not None:
        member = await identify(caller.app, begun.secret, caller.source)
        await access.unlock(member.begin, begun.secret, given.passphrase)
    unlocked = given.passphrase is not None
    return Begun(token=begun.secret, id=begun.session_id, expires_at=begun.expires_at, unlocked=unlocked)


@router.get("/session")
async def read_session(work: Annotated[Work, needs("session.read", write=False)]) -> Session:
    """Return who the caller is, which roles they hold today, and whether their key is unlocked."""
    staff = access.permit(work, "session.read")
    person = await registry.person(work, staff.person_id)
    roles = [Role.model_validate(held) for held in staff.held]
    return Session(person_id=person.id, name=person.name, roles=roles, unlocked=staff.key is not None)


@router.delete("/session", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(work: Annotated[Work, needs("session.end")]) -> None:
    """End this session or token."""
    await access.sign_out(work)


@router.post("/session/unlock", status_code=status.HTTP_204_NO_CONTENT)
async def unlock(given: Passphrase, caller: Annotated[Caller, calls("session.unlock")]) -> None:
    """Unlock the caller's key for as long as the session lasts."""
    await access.unlock(caller.begin, caller.secret, given.passphrase)


@router.post("/session/lock", status_code=status.HTTP_204_NO_CONTENT)
async def lock(work: Annotated[Work, needs("session.unlock")]) -> None:
    """Lock the caller's key; reading content needs the passphrase again."""
    await access.lock(work)
