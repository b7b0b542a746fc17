"""Multipart bodies (RFC 7578) read part by part as they arrive; nothing of a file is put down anywhere in between."""

from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.errors import Invalid

MAX_PARTS: Final = 200


class _Mark(Enum):
    END = "the end of a part"
    OVER = "the end of the body"


_Event = Mapping[bytes, bytes] | bytes | _Mark  # the headers of a part, a piece of its content, a mark


@dataclass
class Part:
    """One part: a field, or a file when it has a ``filename``. Read its `chunks` before asking for the next part."""

    name: str
    filename: str | None
    media_type: str
    _reader: "_Reader" = field(repr=False)
    _ended: bool = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the content in pieces as they came; a second call goes on where the first one stopped."""
        while not self._ended:
            event = await self._reader.event()
            if isinstance(event, bytes):
                yield event
            else:
                self._ended = True

    async def drop(self) -> None:
        """Read the rest and forget it."""
        async for _ in self.chunks():
            pass


async def parts(body: AsyncIterator[bytes], content_type: str) -> AsyncIterator[Part]:
    """Yield the parts of a body of ``content_type``; raise `Invalid` (``form_unreadable``) where it cannot be read."""
    _, options = parse_options_header(content_type)
    reader = _Reader(body, options.get(b"boundary", b""))
    for _ in range(MAX_PARTS):
        headers = await reader.event()
        if not isinstance(headers, Mapping):
            return
        part = _part(headers, reader)
        yield part
        await part.drop()
    raise Invalid("form_unreadable")


def _part(headers: Mapping[bytes, bytes], reader: "_Reader") -> Part:
    disposition, options = parse_options_header(headers.get(b"content-disposition"))
    if disposition != b"form-data" or b"name" not in options:
        raise Invalid("form_unreadable")
    filename = options.get(b"filename")
    return Part(
        name=options[b"name"].decode(errors="replace"),
        filename=None if filename is None else filename.decode(errors="replace"),
        media_type=headers.get(b"content-type", b"").decode("latin-1"),
        _reader=reader,
    )


class _Reader:
    """Turns pieces of a body into events."""

    def __init__(self, body: AsyncIterator[bytes], boundary: bytes) -> None:
        self._body = body
        self._events: deque[_Event] = deque()
        self._lines: list[tuple[bytearray, bytearray]] = []  # names and values of the headers being read
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._lines.clear,
                    "on_header_begin": lambda: self._lines.append((bytearray(), bytearray())),
                    "on_header_field": lambda data, start, end: self._lines[-1][0].extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._lines[-1][1].extend(data[start:end]),
                    "on_headers_finished": self._begin,
                    "on_part_data": lambda data, start, end: self._events.append(data[start:end]),
                    "on_part_end": lambda: self._events.append(_Mark.END),
                    "on_end": lambda: self._events.append(_Mark.OVER),
                },
            )
        except FormParserError as error:
            raise Invalid("form_unreadable") from error

    async def event(self) -> _Event:
        """Return the next event; raise `Invalid` when the body is damaged or ends too early."""
        while not self._events:
            piece = await anext(self._body, b"")
            if not piece:
                raise Invalid("form_unreadable")
            try:
                self._parser.write(piece)
            except FormParserError as error:
                raise Invalid("form_unreadable") from error
        return self._events.popleft()

    def _begin(self) -> None:
        self._events.append({bytes(name).lower(): bytes(value) for name, value in self._lines})
