"""A stub of the platform: the least that answers a bot's requests validly, and remembers the receipts it was sent.

    python -m bench.botapi PORT

It knows the methods that the informant bot calls. A message comes back without its text and buttons, whoever sends it.
``GET /receipts`` answers with the receipts that each chat was sent: ``{"chat": ["receipt", …]}``.
"""

import asyncio
import json
import re
import sys
from collections import defaultdict
from itertools import count
from typing import Final, cast
from urllib.parse import parse_qs

import uvloop
from httptools import HttpRequestParser

from bench.reports import receipt_in

_CHAT: Final = re.compile(rb'(?:^|&)chat_id=(\d+)|"chat_id":(\d+)')  # of a form, or of JSON
_RECEIPT_LIKE: Final = re.compile(rb"(?:-[0-9A-Z]{3}){6}")  # before a body is decoded
_ME: Final = b'{"id":100,"is_bot":true,"first_name":"stub","username":"stub_bot"}'
_MESSAGES: Final = frozenset({b"sendMessage", b"editMessageText", b"editMessageReplyMarkup"})
_DEEDS: Final = frozenset(
    {
        b"setWebhook",
        b"deleteWebhook",
        b"setMyCommands",
        b"setMyDescription",
        b"setMyShortDescription",
        b"answerCallbackQuery",
        b"deleteMessages",
    }
)


class Platform:
    """What is answered, whoever asks, and what is remembered."""

    def __init__(self) -> None:
        self._receipts: dict[bytes, set[str]] = defaultdict(set)
        self._numbers = count(1)

    def answer(self, path: bytes, body: bytes) -> bytes:
        """Return the answer to a request for ``path``."""
        method = path.rpartition(b"/")[2]
        if method in _MESSAGES:
            return _fine(self._message(body))
        if method in _DEEDS:
            return _fine(b"true")
        if method == b"getMe":
            return _fine(_ME)
        if path == b"/receipts":
            told = {chat.decode(): sorted(receipts) for chat, receipts in self._receipts.items()}
            return _response(b"200 OK", json.dumps(told).encode())
        if path == b"/":
            return _response(b"200 OK", b"{}")
        return _response(b"404 Not Found", b'{"ok":false,"error_code":404,"description":"Not Found"}')

    def _message(self, body: bytes) -> bytes:
        found = _CHAT.search(body)
        chat = (found[1] or found[2]) if found else b"0"
        if _RECEIPT_LIKE.search(body):
            text = json.loads(body)["text"] if body.startswith(b"{") else parse_qs(body.decode("ascii"))["text"][0]
            self._receipts[chat].add(receipt_in(text.encode()))
        return b'{"message_id":%d,"date":1790000000,"chat":{"id":%s,"type":"private"}}' % (next(self._numbers), chat)


class Wire(asyncio.Protocol):
    """One connection of a bot."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._transport: asyncio.Transport | None = None
        self._parser = HttpRequestParser(self)
        self._path: list[bytes] = []
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the wire."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        self._parser.feed_data(data)

    def on_url(self, piece: bytes) -> None:
        """Keep a piece of the path; the parser calls it."""
        self._path.append(piece)

    def on_body(self, piece: bytes) -> None:
        """Keep a piece of the body; the parser calls it."""
        self._body.append(piece)

    def on_message_complete(self) -> None:
        """Answer; the parser calls it."""
        path, body = b"".join(self._path), b"".join(self._body)
        self._path.clear()
        self._body.clear()
        if self._transport is not None:
            self._transport.write(self._platform.answer(path, body))


def _fine(result: bytes) -> bytes:
    return _response(b"200 OK", b'{"ok":true,"result":' + result + b"}")


def _response(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


async def serve(port: int) -> None:
    """Serve until the process is ended."""
    platform = Platform()
    server = await asyncio.get_running_loop().create_server(lambda: Wire(platform), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
