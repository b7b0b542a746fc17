"""API tokens: machines act for one account, and may no more than it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.gate import needs
from admin_api.api.shapes import Begun, NewToken, Token
from admin_api.gate import GuardedRoute
from core.app import access
from core.work import Work

router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=GuardedRoute)


@router.get("")
async def list_tokens(work: Annotated[Work, needs("token.manage", write=False)]) -> list[Token]:
    """Return the caller's tokens, the last used first."""
    found = await access.sessions(work)
    return [
        Token(
            id=each.id,
            name=each.name,
            created_at=each.created_at,
            seen_at=each.seen_at,
            expires_at=each.expires_at,
            unlocked=each.unlocked,
        )
        for each in found
        if each.kind == "token"
    ]


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_token(given: NewToken, work: Annotated[Work, needs("token.manage")]) -> Begun:
    """Make a token; if the caller's key is unlocked, the token can open what the caller can."""
    unlocked = access.permit(work, "token.manage").key is not None
    made = await access.create_token(work, name=given.name, days=given.days)
    return Begun(token=made.secret, id=made.session_id, expires_at=made.expires_at, unlocked=unlocked)


@router.delete("/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_token(token_id: UUID, work: Annotated[Work, needs("token.manage")]) -> None:
    """End a token."""
    await access.revoke_token(work, token_id)
