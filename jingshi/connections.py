"""Connections that say nothing, or never finish their request's head, are closed; uvicorn itself bounds neither."""

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD: Final = 32 * 2**10  # bytes of request line and headers; browsers send one or two thousand


class Patient(HttpToolsProtocol):
    """uvicorn's HTTP protocol with an end to its patience.

    A connection has `seconds` from its beginning, and again from the first byte after each answer, to bring a whole
    head of at most `MOST_HEAD` bytes; the silence between two requests is bounded by uvicorn's keep-alive.
    """

    seconds: float = 10.0
    _closing: asyncio.TimerHandle | None = None
    _in_body: bool = False
    _head: int = 0  # bytes received since a head was last complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a head or a body, and close when a head grows too long."""
        if not self._in_body:
            self._head += len(data)
            if self._closing is None:
                self._wait()
        super().data_received(data)
        if self._closing is not None and self._head > MOST_HEAD:
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Hand the request on."""
        self._arrived()
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Expect another head."""
        self._in_body = False
        super().on_message_complete()

    def _wait(self) -> None:
        self._closing = self.loop.call_later(self.seconds, self.transport.close)

    def _arrived(self) -> None:
        self._head = 0
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
