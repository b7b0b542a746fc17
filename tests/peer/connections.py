"""Connections that break: closed without an answer, or in the middle of one."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TRANSPORT = "peer.transport"


class Breakable(HttpToolsProtocol):
    """Hands the connection on to the application, which may close it."""

    def on_headers_complete(self) -> None:
        self.scope["extensions"] = {_TRANSPORT: self.transport}  # type: ignore[dict-item]  # a transport is no dictionary
        super().on_headers_complete()


class Dropped(Response):
    """No answer at all: the connection is closed."""

    def __init__(self) -> None:
        super().__init__(status_code=444)  # what the log of requests shows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent
        transport: asyncio.Transport = scope["extensions"][_TRANSPORT]
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


class Broken(Response):
    """Half of a file, then the connection is closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport: asyncio.Transport = scope["extensions"][_TRANSPORT]
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
