"""Reads the body of a request (or of a bot's answer to an update): urlencoded, multipart or JSON."""

import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from tests.peer.checking import Given, Upload
from tests.peer.description import Refused

_LARGEST_PART = 2**20


async def read(mime: str, body: bytes, query: str = "") -> Given:
    """Return what was given; raises ``Refused``."""
    if not body:
        return Given(_once(parse_qsl(query, keep_blank_values=True)))
    kind = mime.partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            values = json.loads(body)
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise Refused("can't parse request body: JSON object expected")
        return Given(values, form=False)
    if kind == "application/x-www-form-urlencoded":
        return Given(_once(parse_qsl(body.decode(errors="replace") + f"&{query}", keep_blank_values=True)))
    if kind == "multipart/form-data":
        return await _multipart(mime, body, query)
    raise Refused("the type of the body is none that the server reads")


def _once(pairs: list[tuple[str, str]]) -> dict[str, object]:
    values: dict[str, object] = dict(pairs)
    if len(values) < len(pairs):
        raise Refused("a parameter is given twice")
    return values


async def _multipart(mime: str, body: bytes, query: str) -> Given:
    async def stream() -> AsyncIterator[bytes]:
        yield body
        yield b""

    parser = MultiPartParser(Headers({"content-type": mime}), stream(), max_part_size=_LARGEST_PART)  # type: ignore[arg-type]
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError):
        raise Refused("can't parse the multipart body") from None
    pairs, uploads = parse_qsl(query, keep_blank_values=True), dict[str, Upload]()
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            mime = value.content_type or "application/octet-stream"
            uploads[name] = Upload(value.filename or name, mime, await value.read())
        else:
            pairs.append((name, value))
    return Given(_once(pairs), uploads)
