"""How machines pass the gate: a bearer secret, of a session or of an API token."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from admin_api.gate import Caller, admit, at_work, guards
from admin_api.problems import BadRequest
from core.work import Work

_bearer = HTTPBearer(auto_error=False, description="The secret of a session (POST /sessions) or of an API token.")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def calls(permission: str) -> Any:  # noqa: ANN401 - stands as the default or annotation of a parameter
    """Depend on the `Caller`, who has ``permission``; no transaction is open."""

    async def enter(request: Request, credentials: _Credentials) -> Caller:
        return await admit(request, permission, credentials.credentials if credentials else "", "api")

    return Depends(guards(permission, enter))


def needs(permission: str, *, write: bool = True) -> Any:  # noqa: ANN401 - as above
    """Depend on a piece of `Work` of a caller who has ``permission``; committed before the answer leaves."""

    async def enter(request: Request, credentials: _Credentials) -> AsyncIterator[Work]:
        secret = credentials.credentials if credentials else ""
        async with at_work(request, permission, secret, "api", write=write) as (_, work):
            yield work

    return Depends(guards(permission, enter), scope="function")


def _required(key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None) -> str:
    if not key:
        raise BadRequest("idempotency_key_missing")
    return key


IdempotencyKey = Annotated[str, Depends(_required)]
"""The caller's own word for this request: repeated with it, the request does nothing more and is answered alike."""
