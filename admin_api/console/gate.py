"""How people pass the gate: a cookie that only this site sends, and a token in every form."""

import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from admin_api.console.attempts import kept_in
from admin_api.console.pages import render
from admin_api.console.tasks import Tasks, tasks
from admin_api.gate import Caller, admit, at_work, guards
from admin_api.headers import SAFE_METHODS, require_same_origin
from admin_api.texts import language_of
from core.app import App, access, registry
from core.errors import Denied
from core.work import Staff, Work

_COOKIE: Final = "jingshi_desk"
_FLASH: Final = "jingshi_said"
_NAVIGATION: Final = (
    ("day", "/console", "session.read"),
    ("inbox", "/console/items", "item.read_metadata"),
    ("entries", "/console/entries", "register.enter"),
    ("registers", "/console/registers", "register.read"),
    ("cases", "/console/cases", "case.read"),
    ("measures", "/console/measures", "measure.list"),
    ("stations", "/console/stations", "station.list"),
    ("held", "/console/stations/held", "station.release_entries"),
    ("meetings", "/console/meetings", "meeting.list"),
    ("notices", "/console/notices", "notice.list"),
    ("identities", "/console/identities", "identity.release"),
    ("packets", "/console/packets", "packet.list"),
    ("keys", "/console/keys", "shared_key.grant"),
    ("officials", "/console/officials", "official.list"),
    ("units", "/console/units", "unit.list"),
    ("audit", "/console/audit", "audit.read"),
    ("account", "/console/account", "session.read"),
)
_OF_ONE_BODY: Final = {"packets": "discipline_commission"}
"""Entries that only one deciding body has."""


def set_cookie(response: Response, app: App, name: str, value: str, *, seconds: int | None = None) -> None:
    """Set a cookie that no script reads and no other site makes the browser send; ``seconds`` 0 deletes it."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=app.settings.secure_cookies, httponly=True, samesite="strict"
    )


def session_cookie(app: App) -> str:
    """Return the name of the cookie of a session; under TLS a neighbouring host cannot set one of this name."""
    return f"__Host-{_COOKIE}" if app.settings.secure_cookies else _COOKIE


def csrf_token(secret: str) -> str:
    """Return the token that goes with a session's secret into its forms."""
    return blake2b(secret.encode(), digest_size=16, person=b"csrf").hexdigest()


def go(app: App, path: str, said: str = "", *, tone: str = "done", **placeholders: str | int) -> Response:
    """Send the browser to ``path``; the text with the id ``said`` is shown there once, as ``done`` or ``problem``."""
    response = RedirectResponse(path, HTTPStatus.SEE_OTHER)
    if said:
        word = json.dumps([said, tone, placeholders]).encode().hex()
        set_cookie(response, app, _FLASH, word, seconds=60)
    return response


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody signed in to the console, with a piece of work open."""

    request: Request
    caller: Caller
    work: Work
    name: str
    installation: registry.Installation
    tasks: Tasks

    @property
    def staff(self) -> Staff:
        """Who is signed in."""
        return self.caller.member

    @property
    def language(self) -> str:
        """The language of the page."""
        return language_of(self.request)

    def may(self, permission: str) -> bool:
        """Tell whether the person's roles give them a permission anywhere."""
        return access.may(self.staff, permission)

    def page(self, template: str, *, here: str, status: int = HTTPStatus.OK, **values: Any) -> HTMLResponse:  # noqa: ANN401 - what the template asks for
        """Return a page of the console; ``here`` is the entry of the navigation that it belongs to."""
        entries = [
            (name, path)
            for name, path, permission in _NAVIGATION
            if access.may(self.staff, permission, body=_OF_ONE_BODY.get(name))
        ]
        said = self.request.cookies.get(_FLASH)
        kept = values.pop("kept", None)
        frame = {
            "here": here,
            "navigation": entries,
            "waiting_counts": self.tasks.counts,
            "me": self.name,
            "unlocked": self.staff.key is not None,
            "district": self.installation.district,
            "is_demo": self.installation.is_demo,
            "csrf": csrf_token(self.caller.secret),
            "said": _read_flash(said),
            "path": self.request.url.path,
            "may": self.may,
            "kept": kept,
            "typed_in": kept_in(kept),
        }
        response = render(self.language, template, frame | values, status)
        if said is not None:
            set_cookie(response, self.caller.app, _FLASH, "", seconds=0)
        return response

    def go(self, path: str, said: str = "", **placeholders: str | int) -> Response:
        """Send the browser on after something was done, and say so there."""
        return go(self.caller.app, path, said, tone="done", **placeholders)


def calls(permission: str) -> Any:  # noqa: ANN401 - stands as the annotation of a parameter
    """Depend on the `Caller`, who has ``permission``; no transaction is open."""

    async def enter(request: Request) -> Caller:
        return await admit(request, permission, _secret(request), "console")

    return Depends(guards(permission, enter))


def anybody(permission: str) -> Any:  # noqa: ANN401 - as above
    """Depend on a `Caller` of a public page; a cookie is left aside, and a form must still be ours."""

    async def enter(request: Request) -> Caller:
        if request.method not in SAFE_METHODS:
            require_same_origin(request.headers)
        return await admit(request, permission, "", "console")

    return Depends(guards(permission, enter))


def posts(permission: str) -> Any:  # noqa: ANN401 - as above
    """Depend on the `Caller` of a form of ours; another site's raises `Denied` (``cross_site``)."""

    async def enter(
        request: Request, caller: Annotated[Caller, calls(permission)], token: Annotated[str, Form(alias="csrf")] = ""
    ) -> Caller:
        _require_our_form(request, caller, token)
        return caller

    return Depends(guards(permission, enter))


def sees(permission: str, *, write: bool = False) -> Any:  # noqa: ANN401 - as above
    """Depend on a `Visit` that reads; ``write`` when reading is itself recorded."""

    async def enter(request: Request) -> AsyncIterator[Visit]:
        async with at_work(request, permission, _secret(request), "console", write=write) as (caller, work):
            yield await visit_of(request, caller, work)

    return Depends(guards(permission, enter), scope="function")


def acts(permission: str) -> Any:  # noqa: ANN401 - as above
    """Depend on a `Visit` that changes something, by a form of ours; committed before the answer leaves."""

    async def enter(request: Request, token: Annotated[str, Form(alias="csrf")] = "") -> AsyncIterator[Visit]:
        async with at_work(request, permission, _secret(request), "console") as (caller, work):
            _require_our_form(request, caller, token)
            yield await visit_of(request, caller, work)

    return Depends(guards(permission, enter), scope="function")


async def visit_of(request: Request, caller: Caller, work: Work) -> Visit:
    """Return the visit of somebody whose piece of work is open."""
    person = await registry.person(work, caller.member.person_id)
    waiting = await tasks(work, caller.member)
    return Visit(request, caller, work, person.name, await caller.app.installation(), waiting)


async def names_of(visit: Visit, people: set[UUID]) -> dict[UUID, str]:
    """Return the names of people by id."""
    return {person_id: (await registry.person(visit.work, person_id)).name for person_id in people}


def _secret(request: Request) -> str:
    return request.cookies.get(session_cookie(request.app.state.core), "")


def _require_our_form(request: Request, caller: Caller, token: str) -> None:
    """Raise `Denied` (``cross_site``, ``form_token_wrong``) unless a form of ours was sent, by this session."""
    require_same_origin(request.headers)
    if not hmac.compare_digest(token.encode(), csrf_token(caller.secret).encode()):
        raise Denied("form_token_wrong")


def _read_flash(word: str | None) -> tuple[str, str, dict[str, str | int]] | None:
    try:
        given = json.loads(bytes.fromhex(word or ""))
        json.dumps(given, ensure_ascii=False).encode()  # half a surrogate pair is no text
        said, tone, placeholders = given
        return str(said), str(tone), dict(placeholders)
    except (ValueError, TypeError, RecursionError):
        return None
