"""The way in and out: sign-in, the passphrase, locking, signing out, the language."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from admin_api.console.gate import Visit, acts, anybody, calls, csrf_token, go, posts, session_cookie, set_cookie
from admin_api.console.pages import render
from admin_api.gate import Caller, GuardedRoute
from admin_api.problems import Problem, describe
from admin_api.texts import LANGUAGE_COOKIE, language_of
from core.app import access
from core.errors import JingshiError
from core.texts import LANGUAGES

router = APIRouter(prefix="/console", route_class=GuardedRoute)

_YEAR: Final = 365 * 24 * 3600  # seconds
Onward = Annotated[str, Query(alias="next", max_length=300)]
OnwardField = Annotated[str, Form(alias="next", max_length=300)]
Secret = Annotated[str, Form(max_length=200)]


def own_path(path: str) -> str:
    """Return ``path`` if it is a page of the console, else the first one: no form leads out of this house."""
    return path if path.startswith("/console/") and "\\" not in path else "/console"


@router.get("/sign-in")
async def show_sign_in(
    request: Request, _: Annotated[Caller, anybody("session.create")], onward: Onward = "/console"
) -> Response:
    """Show the form."""
    return _page(request, "sign_in.html", onward=own_path(onward), username="", problem=None)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    caller: Annotated[Caller, anybody("session.create")],
    username: Annotated[str, Form(max_length=64)],
    password: Secret,
    totp: Annotated[str, Form(max_length=10)],
    onward: OnwardField = "/console",
) -> Response:
    """Begin a session and lead on to the passphrase."""
    try:
        begun = await access.sign_in(caller.begin, username=username, password=password, totp=totp.replace(" ", ""))
    except JingshiError as error:
        problem = describe(error, language_of(request))
        return _page(request, "sign_in.html", onward=own_path(onward), username=username, problem=problem)
    response = go(caller.app, _unlock_path(own_path(onward)))
    set_cookie(response, caller.app, session_cookie(caller.app), begun.secret)
    return response


@router.get("/unlock")
async def show_unlock(
    request: Request, caller: Annotated[Caller, calls("session.unlock")], onward: Onward = "/console"
) -> Response:
    """Show the form for the passphrase, or go on where the key is unlocked already."""
    if caller.member.key is not None:
        return go(caller.app, own_path(onward))
    return _page(request, "unlock.html", onward=own_path(onward), csrf=csrf_token(caller.secret), problem=None)


@router.post("/unlock")
async def unlock(
    request: Request,
    caller: Annotated[Caller, posts("session.unlock")],
    passphrase: Secret,
    onward: OnwardField = "/console",
) -> Response:
    """Unlock the key for as long as the session lasts."""
    try:
        await access.unlock(caller.begin, caller.secret, passphrase)
    except JingshiError as error:
        problem = describe(error, language_of(request))
        csrf = csrf_token(caller.secret)
        return _page(request, "unlock.html", onward=own_path(onward), csrf=csrf, problem=problem)
    return go(caller.app, own_path(onward), "said.unlocked")


@router.post("/lock")
async def lock(visit: Annotated[Visit, acts("session.unlock")]) -> Response:
    """Lock the key; the session goes on."""
    await access.lock(visit.work)
    return visit.go("/console", "said.locked")


@router.post("/sign-out")
async def sign_out(visit: Annotated[Visit, acts("session.end")]) -> Response:
    """End the session."""
    await access.sign_out(visit.work)
    response = visit.go("/console/sign-in")
    set_cookie(response, visit.caller.app, session_cookie(visit.caller.app), "", seconds=0)
    return response


@router.post("/language")
async def choose_language(
    caller: Annotated[Caller, anybody("session.create")],
    language: Annotated[str, Form(max_length=10)],
    onward: OnwardField = "/console",
) -> Response:
    """Remember the language in this browser."""
    response = go(caller.app, own_path(onward))
    if language in LANGUAGES:
        set_cookie(response, caller.app, LANGUAGE_COOKIE, language, seconds=_YEAR)
    return response


def _unlock_path(onward: str) -> str:
    return "/console/unlock" if onward == "/console" else f"/console/unlock?{urlencode({'next': onward})}"


def _page(request: Request, template: str, *, problem: Problem | None, **values: Any) -> Response:  # noqa: ANN401 - what the template asks for
    status = problem.status if problem else 200
    return render(language_of(request), template, {"problem": problem, "path": request.url.path, **values}, status)
