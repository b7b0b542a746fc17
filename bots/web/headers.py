"""What every answer carries, and the last place where a fault is caught: one small ASGI layer."""

import logging
from collections.abc import Callable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bots.faults import log_fault

CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": CONTENT_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=(), browsing-topics=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
FaultPage = Callable[[Scope], Response]

LOG: Final = logging.getLogger("jingshi.web")


class Shell:
    """Adds `HEADERS` to every answer (one that sets a header itself keeps it) and turns a fault into its page."""

    def __init__(self, app: ASGIApp, fault_page: FaultPage) -> None:
        self.app = app
        self.fault_page = fault_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return  # nobody is there any more; what was stored of a file is gone already
        except Exception as error:  # noqa: BLE001 - the last place: nothing of a fault may reach a log or a person
            log_fault(LOG, error)
            if not begun:
                await self.fault_page(scope)(scope, receive, send_with_headers)
