"""``python -m tests.peer PORT [PACE]`` serves on the loopback until it is ended; ``fd:N`` is a socket handed over."""

import socket
import sys

import uvicorn

from tests.peer.connections import Breakable
from tests.peer.server import create

where, pace = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
if where.startswith("fd:"):
    listening = socket.socket(fileno=int(where.removeprefix("fd:")))
else:
    listening = socket.create_server(("127.0.0.1", int(where)), backlog=1024)
config = uvicorn.Config(
    create(pace=pace), http=Breakable, log_level="error", access_log=False, timeout_graceful_shutdown=1
)
uvicorn.Server(config).run(sockets=[listening])
