"""The real bot on a fresh home, against the peer: it asks for updates, or they are delivered to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace

import pytest
import uvicorn
from starlette.types import ASGIApp

from bots.informant.application import Application
from bots.web.app import SERVER_OPTIONS, create
from core.app import App
from core.sealing import load_process_keys
from core.settings import Settings
from jingshi.chats import PATH, Front
from tests.bots.informant.talk import Talk
from tests.conftest import FixedClock
from tests.peer.client import TOKEN, Bot, Peer
from tests.peer.fixtures import peer, peer_url

__all__ = ["peer", "peer_url"]


@dataclass
class Informing:
    """A bot that runs: its core, the platform's side of it, and the pages beside it, when it is delivered to."""

    app: App
    application: Application
    bot: Bot
    pages: str

    async def somebody(self, language: str = "zh_CN", name: str = "Lin") -> Talk:
        """Return a person in a private chat with the bot."""
        return Talk(await self.bot.person(name, language=language.replace("_", "-").lower()), language)


Inform = Callable[..., AbstractAsyncContextManager[Informing]]


@pytest.fixture
def inform(laid: App, settings: Settings, clock: FixedClock, peer: Peer) -> Inform:
    """Run the bot as long as the block lasts; with ``webhook`` it is delivered to."""

    @asynccontextmanager
    async def run(*, webhook: bool = False, bot: Bot | None = None) -> AsyncIterator[Informing]:
        platform = bot or await peer.bot(TOKEN)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            own = f"http://127.0.0.1:{listening.getsockname()[1]}"
            told = replace(
                settings, informant_token=platform.token, telegram_api=peer.url, public_url=own if webhook else None
            )
            app = App(told, load_process_keys(settings.keys, "intake"), clock=clock)
            application = Application(app)
            front = Front(create(app), path=PATH)
            front.deliver = application.deliver
            stop = asyncio.Event()
            try:
                async with _served(front, listening), asyncio.TaskGroup() as group:
                    group.create_task(application.run(stop))
                    yield Informing(app, application, platform, own)
                    stop.set()
            finally:
                await app.close()

    return run


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to pytest."""
        yield


@asynccontextmanager
async def _served(site: ASGIApp, listening: socket.socket) -> AsyncIterator[None]:
    server = _Server(uvicorn.Config(site, log_config=None, timeout_graceful_shutdown=2, **SERVER_OPTIONS))
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
