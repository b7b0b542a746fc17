"""What every answer of the desk carries, and from where a form may come."""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from admin_api.faults import log_fault
from admin_api.problems import answer, describe
from core.errors import Denied, TooLarge
from core.texts import choose_language

BODY_LIMIT: Final = 1024 * 1024  # bytes of forms and JSON
FILES_LIMIT: Final = 128 * 1024 * 1024  # bytes of files that come together; each one is bounded as it is sealed
_FILES: Final = re.compile(r"/(?:api/v1|console)/cases/[^/]+/files")
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": CONTENT_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Shell:
    """Adds `HEADERS` to every answer, refuses bodies over their limit and turns an unforeseen fault into a bare 500.

    An answer that sets one of the headers itself keeps its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        too_large = _too_large(headers, FILES_LIMIT if _FILES.fullmatch(scope["path"]) else BODY_LIMIT)
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                sent = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    sent.setdefault(name, value)
            await send(message)

        if too_large is not None:
            problem = answer(describe(too_large, choose_language(headers.get("accept-language"))), {})
            await problem(scope, receive, send_with_headers)
            return
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last place: nothing of the fault may reach a log or the caller
            log_fault(error)
            if not begun:
                await _bare_fault(send_with_headers)


def same_origin(headers: Headers) -> bool:
    """Tell whether a browser sent the request from a page of ours (Fetch Metadata, else Origin); raises nothing."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    return origin.partition("://")[2] == headers.get("host", "") != ""


def require_same_origin(headers: Headers) -> None:
    """Raise `Denied` (``cross_site``) for a request that another site made the browser send."""
    if not same_origin(headers):
        raise Denied("cross_site")


def _too_large(headers: Headers, limit: int) -> TooLarge | None:
    """Say so when a body is over the limit or hides its length; what is announced is what the server lets through."""
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdigit() or int(length) > limit:
        return TooLarge("body_too_large", limit=limit)
    return None


async def _bare_fault(send: Send) -> None:
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    body = b'{"type":"urn:jingshi:problem:internal","title":"Internal error","status":500}'
    await send({"type": "http.response.body", "body": body})
