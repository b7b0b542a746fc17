"""The real bot on a fresh home with one station, against the peer: it asks for updates, or they are delivered to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bots.liaison.application import Application
from bots.liaison.chat import BOT
from bots.liaison.questions import MOST
from bots.liaison.texts import texts
from bots.web.app import SERVER_OPTIONS
from bots.webhook import webhook_secret
from core import stations
from core.app import App
from core.sealing import load_process_keys
from core.settings import Settings
from core.stations.people.pairing import liaison_of
from jingshi.chats import Front
from tests.conftest import FixedClock
from tests.core.stations.network import Network, a_network, an_official, somebody_of
from tests.peer.client import NO_TLS, TOKEN, Bot, Peer, Person
from tests.peer.description import Json
from tests.peer.fixtures import peer, peer_url
from tests.peer.transcript import Shown

__all__ = ["peer", "peer_url"]

PATH = "/telegram/liaison"
IN_TIME = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
OFFICIAL = "公冶望舒"
PHONE = "0559-700 0000"


@dataclass
class Talk:
    """Somebody in a chat with the bot, one thing at a time; ``taps`` counts what they did."""

    person: Person
    language: str = "zh_CN"
    taps: int = 0

    def t(self, message_id: str, **placeholders: object) -> str:
        return texts(self.language)(message_id, **placeholders)

    async def says(self, *texts_: str) -> int:
        message = 0
        for text in texts_:
            self.taps += 1
            message = await self.person.says(text)
            await self._answered()
        return message

    async def edits(self, message: int, text: str) -> None:
        await self.person.edits(message, text)
        await self._answered()

    async def presses(self, *labels: str) -> None:
        """Press buttons by the ids of their words, or by a part of the label."""
        for label in labels:
            wanted = self.t(label)
            buttons = await self.buttons()
            self.taps += 1
            await self.person.presses(next((one for one in buttons if wanted in one), wanted))
            await self._answered()

    async def buttons(self) -> list[str]:
        return [button for row in (await self.last()).buttons for button in row]

    async def _answered(self) -> None:
        """Wait until the bot has answered, and require of whatever it shows what its users need."""
        await self.person.bot.peer.settled()
        shown = (await self.person.sees()).from_bot[-1]
        assert PHONE in shown.text, "nobody to call"
        assert len(shown.buttons) <= MOST, "more buttons than a small telephone shows"
        assert all(len(row) == 1 for row in shown.buttons), "two buttons in a row are small ones"

    async def last(self) -> Shown:
        return (await self.person.sees()).last


@dataclass
class Stationed:
    """A bot that runs, a station with a liaison, a head and an official, and a round that is open."""

    app: App
    network: Network
    bot: Bot
    own: str
    head_id: UUID
    obligation_id: UUID

    async def somebody(self, language: str = "zh_CN") -> Talk:
        return Talk(await self.bot.person("Lin", language=language.replace("_", "-").lower()), language)

    async def paired(self, person_id: UUID | None = None, language: str = "zh_CN") -> Talk:
        """Return the liaison, or somebody else of the station, in a paired chat that shows what there is to do."""
        talk = await self.somebody(language)
        await talk.says(f"/start {(await self.network.invited(person_id)).secret}")
        await talk.presses("who.yes")
        talk.taps = 0
        return talk

    async def record(self) -> stations.Record:
        me = await self.network.in_chat(lambda work: liaison_of(work, self.network.person_id))
        async with self.network.intake.work(me, "liaison") as work:
            return await stations.record(work, self.obligation_id)

    async def state(self) -> str:
        return (await self.record()).duty.state

    async def deliver(self, update: Json, *, secret: str | None = None) -> httpx.Response:
        """Bring an update to the door of the webhook."""
        headers = {"x-telegram-bot-api-secret-token": secret or webhook_secret(self.app.keys, BOT)}
        async with httpx.AsyncClient(base_url=self.own, timeout=30, verify=NO_TLS) as platform:
            return await platform.post(PATH, json=update, headers=headers)


Station = Callable[..., AbstractAsyncContextManager[Stationed]]


@pytest.fixture
def station(desk: App, intake: App, settings: Settings, clock: FixedClock, peer: Peer) -> Station:
    """Run the bot as long as the block lasts; with ``webhook`` it is delivered to."""

    @asynccontextmanager
    async def run(*, webhook: bool = False) -> AsyncIterator[Stationed]:
        clock.move(IN_TIME - clock.now())
        network, head_id, obligation_id = await _opened(desk, intake)
        platform = await peer.bot(TOKEN)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            own = f"http://127.0.0.1:{listening.getsockname()[1]}"
            told = replace(settings, liaison_token=TOKEN, telegram_api=peer.url, public_url=own if webhook else None)
            told = replace(told, stations_phone=PHONE)
            app = App(told, load_process_keys(settings.keys, "intake"), clock=clock)
            application = Application(app)
            front = Front(Starlette(), path=PATH)
            front.deliver = application.deliver
            stop = asyncio.Event()
            try:
                async with _served(front, listening), asyncio.TaskGroup() as group:
                    group.create_task(application.run(stop))
                    yield Stationed(app, network, platform, own, head_id, obligation_id)
                    stop.set()
            finally:
                await app.close()

    return run


async def _opened(desk: App, intake: App) -> tuple[Network, UUID, UUID]:
    network = await a_network(desk, intake)
    head_id = await somebody_of(desk, network.station_id, "station_head", "站长")
    official_id = await an_official(desk, OFFICIAL)
    await network.do(
        lambda work: stations.add_residence(work, official_id, network.station_id, since=IN_TIME.date().replace(day=1))
    )
    opened = await network.do(lambda work: stations.open_round(work, "2026Q3"))
    shown = await network.do(stations.matrix)
    return network, head_id, shown.cells[network.station_id, opened.id].obligation_id


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to pytest."""
        yield


@asynccontextmanager
async def _served(site: Front, listening: socket.socket) -> AsyncIterator[None]:
    server = _Server(uvicorn.Config(site, log_config=None, timeout_graceful_shutdown=2, **SERVER_OPTIONS))
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
