"""The desk as its callers meet it: through ASGI, without a network."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from admin_api.app import create
from core.app import App
from core.sealing import Escrow
from tests.builders import Member, a_clerk

BASE = "http://desk.test"
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="session")
def made() -> list[FastAPI]:
    return []


@pytest.fixture
def site(desk: App, made: list[FastAPI]) -> FastAPI:
    """The staff side on this test's core; its routes, which take long to put together, are made once."""
    if not made:
        made.append(create(desk))
    made[0].state.core = desk
    return made[0]


@pytest.fixture
def desk_url(site: FastAPI) -> httpx.ASGITransport:
    return httpx.ASGITransport(site, raise_app_exceptions=True)


@pytest.fixture
async def nobody(desk_url: httpx.ASGITransport) -> AsyncIterator[httpx.AsyncClient]:
    """A machine that shows no token."""
    async with httpx.AsyncClient(transport=desk_url, base_url=BASE) as client:
        yield client


Connect = Callable[[Member], httpx.AsyncClient]


@pytest.fixture
async def connect(desk_url: httpx.ASGITransport) -> AsyncIterator[Connect]:
    """A machine with the token of a member."""
    clients: list[httpx.AsyncClient] = []

    def begin(member: Member) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {member.secret}"}
        clients.append(httpx.AsyncClient(transport=desk_url, base_url=BASE, headers=headers))
        return clients[-1]

    yield begin
    for client in clients:
        await client.aclose()


@pytest.fixture
async def browse(desk_url: httpx.ASGITransport) -> AsyncIterator[Connect]:
    """A browser in which a member is signed in."""
    clients: list[httpx.AsyncClient] = []

    def begin(member: Member) -> httpx.AsyncClient:
        cookies = {"jingshi_desk": member.secret} if member.secret else {}
        headers = {**SAME_ORIGIN, "accept-language": "en"}
        clients.append(httpx.AsyncClient(transport=desk_url, base_url=BASE, headers=headers, cookies=cookies))
        return clients[-1]

    yield begin
    for client in clients:
        await client.aclose()


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Member:
    """An intake clerk of the office who holds its key and has unlocked their own."""
    return await a_clerk(desk, escrow=escrow)
