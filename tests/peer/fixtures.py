"""Fixtures for tests that need the peer; import both into a ``conftest.py``."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.peer.client import Peer
from tests.peer.running import process


@pytest.fixture(scope="session")
def peer_url() -> Iterator[str]:
    """The address of a peer that runs as long as the session."""
    with process() as url:
        yield url


@pytest.fixture
async def peer(peer_url: str) -> AsyncIterator[Peer]:
    """The peer, as new; a bad request of a bot that the test did not read fails it."""
    async with Peer.at(peer_url) as client:
        yield client
