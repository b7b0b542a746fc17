"""The tests of the peer use it as all others do; their bot speaks plain HTTP."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.peer.client import NO_TLS, PATIENCE, Bot, Peer
from tests.peer.fixtures import peer, peer_url

__all__ = ["peer", "peer_url"]


@pytest.fixture
async def bot(peer: Peer) -> Bot:
    return await peer.bot()


@pytest.fixture
async def http(bot: Bot) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{bot.url}/", timeout=PATIENCE, verify=NO_TLS) as http:
        yield http
