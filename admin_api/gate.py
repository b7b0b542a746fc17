"""The gate before every route: who calls, and whether their roles let them through.

A route says which row of the permission matrix it needs; the verbs behind it authorise again, object by object.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from fastapi.routing import APIRoute

from core.app import App, access
from core.errors import Denied, NotSignedIn
from core.work import Staff, System, Work

NOBODY: Final = System("desk")
"""Who acts while nobody is signed in: the desk itself, which may what the public may."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request that has passed the gate, and how their pieces of work begin."""

    app: App
    source: str
    staff: Staff | None
    secret: str = field(repr=False)

    def begin(self, *, write: bool = True) -> AbstractAsyncContextManager[Work]:
        """Begin a piece of work of this caller."""
        return self.app.work(self.staff or NOBODY, self.source, write=write)

    @property
    def member(self) -> Staff:
        """The member of staff; raises `NotSignedIn` when there is none."""
        if self.staff is None:
            raise NotSignedIn("not_signed_in")
        return self.staff


async def identify(app: App, secret: str, source: str) -> Caller:
    """Return the member of staff who shows ``secret``, of a session or a token; raise `NotSignedIn`."""
    async with app.work(NOBODY, source) as work:
        staff = await access.authenticate(work, secret)
    return Caller(app, source, staff, secret)


@asynccontextmanager
async def at_work(
    request: Request, permission: str, secret: str, source: str, *, write: bool = True
) -> AsyncIterator[tuple[Caller, Work]]:
    """Begin a piece of work, recognise in it who shows ``secret``, and go on as theirs: one transaction.

    Raises as `admit` before anything else is done. Where the work only reads, that a session is used is noted after.
    """
    app: App = request.app.state.core
    if not secret:
        caller = _let_through(Caller(app, source, None, ""), permission)
        async with caller.begin(write=write) as work:
            yield caller, work
        return
    async with app.work(NOBODY, source, write=write) as work:
        staff, is_noted = await access.recognise(work, secret)
        caller = _let_through(Caller(app, source, staff, secret), permission)
        if write and not is_noted:
            await access.note_seen(work, staff)
        yield caller, await app.go_on(work, staff)
    if not write and not is_noted:
        async with app.work(NOBODY, source) as work:
            await access.note_seen(work, staff)


async def admit(request: Request, permission: str, secret: str, source: str) -> Caller:
    """Return the caller behind ``secret``, who has ``permission``; raise `NotSignedIn` or `Denied`."""
    app: App = request.app.state.core
    caller = await identify(app, secret, source) if secret else Caller(app, source, None, "")
    return _let_through(caller, permission)


def _let_through(caller: Caller, permission: str) -> Caller:
    if not access.may(caller.staff, permission):
        raise NotSignedIn("not_signed_in") if caller.staff is None else Denied("not_permitted", permission=permission)
    return caller


Enter = Callable[..., Awaitable[Caller] | AsyncIterator[Any]]


def guards(permission: str, enter: Enter) -> Enter:
    """Mark ``enter`` as the dependency that lets through who has ``permission``, a row of the matrix."""
    if permission not in access.PERMISSIONS:
        raise KeyError(permission)
    enter.permission = permission  # type: ignore[attr-defined]  # read back by `permission_of`
    return enter


def permission_of(route: APIRoute) -> str | None:
    """Return the permission that a route asks for at the gate, if it asks for any."""
    waiting = list(route.dependant.dependencies)
    while waiting:
        each = waiting.pop()
        found = getattr(each.call, "permission", None)
        if isinstance(found, str):
            return found
        waiting.extend(each.dependencies)
    return None


class GuardedRoute(APIRoute):
    """A route that cannot exist without a permission, and tells it in OpenAPI as ``x-permission``."""

    def __init__(self, *args: Any, **settings: Any) -> None:  # noqa: ANN401 - handed on as they are
        super().__init__(*args, **settings)
        permission = permission_of(self)
        if permission is None:
            raise TypeError(f"{self.path} asks for no permission")
        self.openapi_extra = {**(self.openapi_extra or {}), "x-permission": permission}
