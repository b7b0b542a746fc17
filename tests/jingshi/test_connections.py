"""Connections that keep a place and bring nothing, over real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from jingshi.connections import MOST_HEAD, Patient
from jingshi.processes import Server

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


class Impatient(Patient):
    """The same with a fiftieth of the patience."""

    seconds = 0.2


class Unhurried(Patient):
    """The same with more patience than any test has."""

    seconds = 600.0


async def length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


@pytest.fixture
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    protocol = getattr(request, "param", Impatient)
    site = Starlette(routes=[Route("/", length, methods=["GET", "POST"])])
    ready = asyncio.Event()
    config = uvicorn.Config(site, port=0, loop="none", http=protocol, ws="none", log_config=None, lifespan="off")
    server = Server(config, ready.set)
    serving = asyncio.ensure_future(server.serve())
    await ready.wait()
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def told(port: int, *pieces: bytes) -> bytes:
    """Send pieces, and return all that comes back until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("piece", [b"", b"GET / HTTP/1.1\r\nhost: lo"])
async def test_a_connection_that_never_brings_a_whole_head_is_closed(port: int, piece: bytes) -> None:
    assert await told(port, piece) == b""


async def test_a_second_head_that_never_ends_is_closed_after_the_first_was_answered(port: int) -> None:
    answer = await told(port, REQUEST, b"GET / HTTP/1.1\r\n")
    assert answer.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize("port", [Unhurried], indirect=True)
async def test_a_head_without_end_is_closed_before_it_fills_the_memory(port: int) -> None:
    line = b"x-more: " + b"a" * 1000 + b"\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\n")
    try:
        for _ in range(40 * MOST_HEAD // len(line)):
            writer.write(line)
            await writer.drain()
        rest = await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:
        rest = b""
    finally:
        writer.close()
    assert rest == b""


async def test_a_long_body_is_no_head(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 1000000\r\n\r\n"
    assert b"1000000 bytes" in await told(port, head, *[b"x" * 100_000] * 10)
