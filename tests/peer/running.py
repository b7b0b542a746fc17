"""Starts the peer as a process of its own, and ends it."""

import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tests.measuring import for_an_unmeasured_process
from tests.peer.client import Peer

QUICK = 0.01  # a second of waiting between deliveries, in seconds
_ROOT = Path(__file__).parents[2]


@contextmanager
def process(*, pace: float = QUICK) -> Iterator[str]:
    """Run a peer as long as the block lasts; give its address.

    The socket listens before the process starts: a request waits until the peer is there, and no port is lost.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        handed = listening.fileno()
        command = [sys.executable, "-m", "tests.peer", f"fd:{handed}", str(pace)]
        started = subprocess.Popen(command, cwd=_ROOT, pass_fds=[handed], env=for_an_unmeasured_process())  # noqa: S603 - our own words
    try:
        yield url
    finally:
        started.kill()
        started.wait()


@asynccontextmanager
async def peer(*, pace: float = QUICK) -> AsyncIterator[Peer]:
    """Run a peer and give a client of it; fails at the end if a bot sent a bad request that no test read."""
    with process(pace=pace) as url:
        async with Peer.at(url) as client:
            yield client
