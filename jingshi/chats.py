"""The chats: their bots in the intake process, which never keep the pages waiting, and their senders in the worker."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bots.faults import log_fault
from core.app import App, outbox, registry
from core.errors import Misconfigured, Unavailable
from core.work import System

_log: Final = logging.getLogger("jingshi.informant")

CHANNEL: Final = "telegram"
PATH: Final = "/telegram/informant"
"""Where the platform delivers, if there is a public URL."""

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


async def run(
    app: App, front: Front, answering: asyncio.Event, stop: asyncio.Event, settle: Callable[[], None]
) -> None:
    """Run the informant bot until ``stop``; whatever keeps it from running is one line in the log.

    It begins once the pages are ``answering``, since its library takes a while to load; ``settle`` is called after.
    """
    await answering.wait()
    try:
        await _accepted(app, stop)
        module = await asyncio.to_thread(import_module, "bots.informant.application")
        settle()
        application = module.Application(app)
        front.deliver = application.deliver
        await application.run(stop)
    except Misconfigured as error:
        _log.error("the informant bot is off: %s", error.message)
    except Exception as error:  # noqa: BLE001 - the pages go on whatever happens to a bot
        log_fault(_log, error)
    finally:
        front.deliver = None


@asynccontextmanager
async def sending(app: App, stop: asyncio.Event) -> AsyncIterator[None]:
    """Let the worker send what the informant bot owes, if the bot is on, as long as the block lasts."""
    if app.settings.informant_token is None or not await _may_send(app, stop):
        yield
        return
    module = await asyncio.to_thread(import_module, "bots.informant.carrier")
    carrier = module.Carrier.of(app.settings)
    outbox.Sender(module.BOT, carrier, stop).register(app.jobs)
    try:
        yield
    finally:
        await carrier.close()


async def _may_send(app: App, stop: asyncio.Event) -> bool:
    try:
        await _accepted(app, stop)
    except Misconfigured as error:
        _log.error("nothing is sent by the informant bot: %s", error.message)
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
