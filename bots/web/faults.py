"""What a person is told when something cannot be done: what to do next, and that nothing is lost that can be kept."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from bots.faults import log_fault
from bots.web.headers import LOG
from bots.web.visit import Elsewhere, Handler, Visit
from core.errors import Conflict, Invalid, JingshiError, NotFound, Stale, TooLarge, TooMany, Unavailable

NOT_READY: Final = frozenset({"no_shared_key", "upper_level_unreachable"})  # conflicts that an operator resolves
_NOT_READY_RETRY: Final = 600  # seconds
_STATUS: Final[tuple[tuple[type[JingshiError], int], ...]] = (
    (TooLarge, 413),
    (Invalid, 400),
    (NotFound, 404),
    (Conflict, 409),
    (Stale, 409),
)
FAULTS: Final = frozenset({400, 403, 404, 405, 409, 413, 500})
"""The faults that have a text of their own."""


def guarded(get: Handler | None, post: Handler | None) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of a page: a refusal of the core becomes a page in the language of the person."""

    async def endpoint(request: Request) -> Response:
        handler = post if request.method == "POST" else get
        if handler is None:
            raise HTTPException(405)
        visit = Visit(request, await request.app.state.site.installation())
        if request.method == "POST" and visit.is_foreign:
            return fault_page(visit, 403)
        try:
            return await handler(visit)
        except Elsewhere as found:
            return visit.go(found.path, **found.query)
        except JingshiError as error:
            return refused(visit, error)
        finally:
            await visit.tidy()

    return endpoint


def refused(visit: Visit, error: JingshiError) -> Response:
    """Return the page for a refusal."""
    if isinstance(error, TooMany):
        return _later(visit, "too_many", 429, error.retry_after)
    if isinstance(error, Unavailable):
        log_fault(LOG, error)
        return _later(visit, "retry", 503, error.retry_after)
    if error.code in NOT_READY and not visit.at_station:
        log_fault(LOG, error)
        return _later(visit, "not_ready", 503, _NOT_READY_RETRY)
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    if status == 500:  # noqa: PLR2004 - what nobody foresaw
        log_fault(LOG, error)
    response = fault_page(visit, status)
    if status == 413:  # noqa: PLR2004 - the rest of a body that is too long is not waited for
        response.headers["connection"] = "close"
    return response


def _later(visit: Visit, template: str, status: int, seconds: int) -> Response:
    fields = [(name, value) for name, values in visit.posted.texts.items() for value in values]
    response = visit.page(
        f"station_{template}" if visit.at_station else template,
        status=status,
        seconds=seconds,
        fields=fields,
        had_files=visit.posted.had_files,
        again=visit.href(visit.request.url.path),
        posts=visit.request.method == "POST",
    )
    response.headers["retry-after"] = str(seconds)
    return response


async def not_served(request: Request, error: Exception) -> Response:
    """Return the page for what the router refuses: an unknown address, or a method that a page has not."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    visit = Visit(request, await request.app.state.site.installation())
    response = fault_page(visit, status)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def broken(scope: Scope) -> Response:
    """Return the page for a fault that nobody foresaw."""
    return fault_page(Visit(Request(scope)), 500)


def fault_page(visit: Visit, status: int) -> Response:
    """Return the page for a fault, among the pages where the person was."""
    template = "station_fault" if visit.at_station else "fault"
    return visit.page(template, status=status, fault=status if status in FAULTS else 400)
