"""The chats: their bots in the intake process, which never keep the pages waiting, and their senders in the worker."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bots.faults import log_fault
from core.app import App, outbox, registry
from core.errors import Misconfigured, Unavailable
from core.settings import Settings
from core.work import System

_log: Final = logging.getLogger("jingshi.chats")

CHANNEL: Final = "telegram"


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot: its package in ``bots``, what a log calls it, and which of the settings is its token."""

    name: str
    called: str
    token: Callable[[Settings], str | None]

    @property
    def path(self) -> str:
        """Where the platform delivers, if there is a public URL."""
        return f"/telegram/{self.name}"


INFORMANT: Final = Bot("informant", "the informant bot", lambda settings: settings.informant_token)
LIAISON: Final = Bot("liaison", "the stations' bot", lambda settings: settings.liaison_token)
BOTS: Final = (INFORMANT, LIAISON)
PATH: Final = INFORMANT.path

_ACTOR: Final = System("intake")
_NOT_YET: Final = {"retry-after": "2"}
_AGAIN: Final = 5.0  # seconds

Deliver = Callable[[Request], Awaitable[Response]]


class Front:
    """The pages, and at the path of its webhook a bot; deliveries that come before the bot is there come again."""

    def __init__(self, pages: ASGIApp, *, path: str = "") -> None:
        self.pages = pages
        self.path = path
        self.deliver: Deliver | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not self.path or scope["path"] != self.path or scope["method"] != "POST":
            await self.pages(scope, receive, send)
            return
        given = Request(scope, receive)
        response = await self.deliver(given) if self.deliver else Response(status_code=503, headers=_NOT_YET)
        await response(scope, receive, send)


def on(settings: Settings) -> Sequence[Bot]:
    """Return the bots that have a token."""
    return [bot for bot in BOTS if bot.token(settings) is not None]


async def run(
    bot: Bot, app: App, front: Front, answering: asyncio.Event, stop: asyncio.Event, settle: Callable[[], None]
) -> None:
    """Run a bot until ``stop``; whatever keeps it from running is one line in the log.

    It begins once the pages are ``answering``, since its library takes a while to load; ``settle`` is called after.
    """
    await answering.wait()
    try:
        await _accepted(app, stop)
        module = await asyncio.to_thread(import_module, f"bots.{bot.name}.application")
        settle()
        application = module.Application(app)
        front.deliver = application.deliver
        await application.run(stop)
    except Misconfigured as error:
        _log.error("%s is off: %s", bot.called, error.message)
    except Exception as error:  # noqa: BLE001 - the pages go on whatever happens to a bot
        log_fault(_log, error)
    finally:
        front.deliver = None


@asynccontextmanager
async def sending(app: App, stop: asyncio.Event) -> AsyncIterator[None]:
    """Let the worker send what the bots owe, those that are on, as long as the block lasts."""
    async with AsyncExitStack() as stack:
        for bot in on(app.settings):
            if not await _may_send(bot, app, stop):
                continue
            module = await asyncio.to_thread(import_module, f"bots.{bot.name}.carrier")
            carrier = module.Carrier.of(app)
            stack.push_async_callback(carrier.close)
            outbox.Sender(module.BOT, carrier, stop).register(app.jobs)
        yield


async def _may_send(bot: Bot, app: App, stop: asyncio.Event) -> bool:
    try:
        await _accepted(app, stop)
    except Misconfigured as error:
        _log.error("nothing is sent by %s: %s", bot.called, error.message)
        return False
    return True


async def _accepted(app: App, stop: asyncio.Event) -> None:
    """Wait for the database, and raise `Misconfigured` unless somebody accepted where the platform stands (PIPL 36)."""
    while not stop.is_set():
        try:
            async with app.work(_ACTOR, "intake", write=False) as work:
                await registry.require_accepted(work, CHANNEL)
                return
        except Unavailable:
            await asyncio.sleep(_AGAIN)
