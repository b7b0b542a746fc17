"""The three processes: intake and desk answer requests, the worker goes by the clock."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import uvicorn
import uvloop
from starlette.types import ASGIApp

from core import jobs
from core.app import App
from core.errors import Misconfigured
from core.settings import Settings
from jingshi import chats, worker
from jingshi.connections import Patient
from jingshi.lock import only_one

KINDS: Final = ("intake", "desk", "worker")
_CONNECTIONS: Final = 500  # at once; beyond this a request is answered with 503, not queued
_SECONDS_TO_FINISH: Final = 5
_KEEP_ALIVE: Final = 15
_BACKLOG: Final = 512

Ready = Callable[[], None]


class Server(uvicorn.Server):
    """uvicorn's server, told from outside when to stop, and telling when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Ready) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the process."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        settle()
        self._ready()


def address(settings: Settings, kind: str) -> tuple[str, int]:
    """Return host and port of a process that answers requests."""
    return settings.host, settings.public_port if kind == "intake" else settings.staff_port


def listen(settings: Settings, kind: str) -> socket.socket:
    """Take the port of a process; raises `Misconfigured` when somebody else has it."""
    host, port = address(settings, kind)
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(place)
            taken.listen(_BACKLOG)
        except OSError:
            taken.close()
            raise
    except OSError as error:
        reason = error.strerror or "cannot be used"
        raise Misconfigured(f"{kind} cannot have {host} port {port}: {reason}; PORT= chooses another") from error
    taken.setblocking(False)  # noqa: FBT003 - the signature of the standard library
    return taken


def run_process(
    settings: Settings, kind: str, *, taken: socket.socket | None, tied_to: int | None, ready: Ready
) -> None:
    """Run one process until it is told to stop, or until ``tied_to``, a pipe from its supervisor, is closed.

    Raises `Misconfigured` or `Unavailable` when it cannot start.
    """
    with only_one(settings.home, kind):
        uvloop.run(_run(settings, kind, taken, tied_to, ready))


def settle() -> None:
    """Take what start-up made out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()


async def _run(settings: Settings, kind: str, taken: socket.socket | None, tied_to: int | None, ready: Ready) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if tied_to is not None:
        loop.add_reader(tied_to, stop.set)  # nothing is ever written to it: it becomes readable when it is closed
    if kind == "desk":
        settings = replace(settings, informant_token=None, liaison_token=None)  # it has no use for them
    app = App.for_process(settings, kind)
    try:
        await app.open()
        await _PARTS[kind](app, stop, taken, ready)
    finally:
        await app.close()


async def _intake(app: App, stop: asyncio.Event, taken: socket.socket | None, ready: Ready) -> None:
    from bots.web.app import create  # noqa: PLC0415 - the other processes have no use for it

    on = chats.on(app.settings)
    if not on:
        await _answer(create(app), stop, taken, ready)
        return
    answering = asyncio.Event()

    def both_ready() -> None:
        ready()
        answering.set()

    site: ASGIApp = create(app)
    fronts: list[tuple[chats.Bot, chats.Front]] = []
    for bot in on:
        front = chats.Front(site, path=bot.path if app.settings.webhook(bot.name) else "")
        fronts.append((bot, front))
        site = front
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(chats.run(bot, app, front, answering, stop, settle)) for bot, front in fronts]
        await _answer(site, stop, taken, both_ready)
        for each in running:
            each.cancel()


async def _desk(app: App, stop: asyncio.Event, taken: socket.socket | None, ready: Ready) -> None:
    from admin_api.app import create  # noqa: PLC0415 - as above

    await _answer(create(app), stop, taken, ready)


async def _work(app: App, stop: asyncio.Event, _taken: socket.socket | None, ready: Ready) -> None:
    async with chats.sending(app, stop), jobs.running(app, app.jobs):
        settle()
        ready()
        await worker.run(app, stop, ticks=worker.all_ticks(app))


_PARTS: Final[dict[str, Callable[[App, asyncio.Event, socket.socket | None, Ready], Awaitable[None]]]] = {
    "intake": _intake,
    "desk": _desk,
    "worker": _work,
}


async def _answer(site: Any, stop: asyncio.Event, taken: socket.socket | None, ready: Ready) -> None:  # noqa: ANN401 - any ASGI application
    if taken is None:
        raise Misconfigured("a process that answers requests needs a port")
    config = uvicorn.Config(
        site,
        loop="none",
        http=Patient,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    server = Server(config, ready)
    serving = asyncio.ensure_future(server.serve(sockets=[taken]))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving
