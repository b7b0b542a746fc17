"""Expected errors become answers here and nowhere else: problem+json (RFC 9457) for machines, a page for people."""

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from admin_api.texts import known, speak
from core.errors import (
    Conflict,
    Denied,
    Forged,
    Invalid,
    JingshiError,
    KeyLocked,
    Misconfigured,
    NotFound,
    NotSignedIn,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)

TYPE_PREFIX: Final = "urn:jingshi:problem:"
CONTENT_TYPE: Final = "application/problem+json"


class BadRequest(Invalid):
    """The request itself is not one that can be answered, whatever it is about."""

    kind = "bad_request"


STATUS: Final[dict[type[JingshiError], int]] = {
    BadRequest: 400,
    NotSignedIn: 401,
    Denied: 403,
    NotFound: 404,
    Conflict: 409,
    Stale: 412,
    TooLarge: 413,
    Invalid: 422,
    KeyLocked: 423,
    TooMany: 429,
    Forged: 500,
    Misconfigured: 500,
    Unavailable: 503,
}
"""The status of every class of expected error; a class not listed goes by its nearest parent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, told to a caller in their language. ``extra`` are the members that belong to its type."""

    type: str
    title: str
    status: int
    detail: str
    extra: dict[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """Return the members of the JSON object."""
        own = {"type": self.type, "title": self.title, "status": self.status, "detail": self.detail}
        return own | self.extra


def status_of(error: JingshiError) -> int:
    """Return the HTTP status for an expected error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def describe(error: JingshiError, language: str) -> Problem:
    """Return the problem that an expected error is, in ``language``."""
    translate = speak(language)
    title = translate(f"problem.{error.kind}")
    text = known(translate, f"error.{error.code}")
    detail = text.format(**error.params) if text else title
    return Problem(TYPE_PREFIX + error.code, title, status_of(error), detail, dict(error.params))


def describe_fields(error: RequestValidationError, language: str) -> Problem:
    """Return the problem of a request that does not fit its form; what was given is not repeated."""
    translate = speak(language)
    fields = [
        {
            "field": ".".join(str(step) for step in each["loc"][1:]) or str(each["loc"][0]),
            "code": each["type"],
            "detail": known(translate, f"field.{each['type']}") or translate("field.other"),
        }
        for each in error.errors()
    ]
    title, detail = translate("problem.invalid"), translate("error.fields_do_not_fit")
    return Problem(f"{TYPE_PREFIX}fields_do_not_fit", title, 422, detail, {"errors": fields})


def describe_http(error: HTTPException, language: str) -> Problem:
    """Return the problem that the framework itself found, with its status."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return describe(NotFound("page_not_found"), language)
    code = "method_not_allowed" if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else "not_readable"
    return replace(describe(BadRequest(code), language), status=error.status_code)


def answer(problem: Problem, headers: dict[str, str]) -> JSONResponse:
    """Return the problem as JSON."""
    return JSONResponse(problem.members(), problem.status, headers, media_type=CONTENT_TYPE)


def headers_of(error: JingshiError) -> dict[str, str]:
    """Return the headers that go with an error: how to sign in, or when to come back."""
    if isinstance(error, NotSignedIn):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, TooMany | Unavailable):
        return {"retry-after": str(error.retry_after)}
    return {}
