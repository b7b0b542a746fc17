"""The one place where errors meet the framework."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from admin_api.console.pages import problem_page
from admin_api.faults import log_fault
from admin_api.problems import Problem, answer, describe, describe_fields, describe_http, headers_of
from admin_api.texts import language_of
from core.errors import JingshiError, KeyLocked, NotSignedIn


def install(app: FastAPI) -> None:
    """Let every expected error of this application be answered here."""
    app.add_exception_handler(JingshiError, _expected)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _from_framework)


async def _expected(request: Request, error: Exception) -> Response:
    if not isinstance(error, JingshiError):
        raise error
    problem = describe(error, language_of(request))
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log_fault(error)
    return _way_in(request, error) or _told(request, problem, headers_of(error))


async def _unfit(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return _told(request, describe_fields(error, language_of(request)), {})


async def _from_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _told(request, describe_http(error, language_of(request)), {})


def _told(request: Request, problem: Problem, headers: dict[str, str]) -> Response:
    if _for_people(request):
        return problem_page(request, problem, headers)
    return answer(problem, headers)


def _way_in(request: Request, error: JingshiError) -> Response | None:
    """At the console, being signed out or locked leads to the form that helps, and back again."""
    if not _for_people(request):
        return None
    places: dict[type[JingshiError], str] = {NotSignedIn: "/console/sign-in", KeyLocked: "/console/unlock"}
    place = next((path for kind, path in places.items() if isinstance(error, kind)), None)
    if place is None:
        return None
    back = {"next": request.url.path} if request.method == "GET" and request.url.path != "/console" else {}
    return RedirectResponse(f"{place}?{urlencode(back)}" if back else place, HTTPStatus.SEE_OTHER)


def _for_people(request: Request) -> bool:
    return request.url.path.startswith("/console")
