"""The bot as python-telegram-bot runs it: one handler, and the two ways in which updates come."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from telegram import BotCommand, Update
from telegram.ext import Application as Platform
from telegram.ext import CallbackContext, TypeHandler

from bots.backlog import Backlog
from bots.faults import log_fault
from bots.liaison.chat import BOT
from bots.liaison.incoming import read
from bots.liaison.liaison import Liaison
from bots.liaison.speaking import Later, Revoked, bot_of, understood
from bots.liaison.texts import COMMANDS, texts
from bots.webhook import webhook_secret
from core.app import App
from core.texts import DEFAULT_LANGUAGE, LANGUAGES

T = TypeVar("T")

_log = logging.getLogger("jingshi.liaison")

UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
_MOST_BYTES: Final = 2**20  # of one update
_POLL_SECONDS: Final = 25
_LONGEST_PAUSE: Final = 60.0
_TRIES: Final = 3
_CODES: Final = {"zh_CN": "zh", "en": "en"}
_CONNECTIONS: Final = 32  # deliveries at once; the platform allows 1 to 100


@dataclass
class _Delivery:
    """An update on its way through the library, which keeps to itself what a handler raises."""

    update: Update
    failure: Exception | None = None


class Application:
    """The stations' bot of one intake process. Open it in the background: it waits for the platform as long as needed.

    With a public URL the platform delivers to `deliver`; without one `run` asks for updates.
    """

    def __init__(self, core: App) -> None:
        if core.settings.liaison_token is None:
            raise ValueError("a bot without a token is off")
        self.core = core
        self.bot = bot_of(core.settings.liaison_token, core.settings.telegram_api, connections=_CONNECTIONS)
        self.liaison = Liaison(core, self.bot)
        self.platform: Platform[Any, Any, Any, Any, Any, Any] = (
            Platform.builder().bot(self.bot).updater(None).job_queue(None).build()
        )
        self.platform.add_handler(TypeHandler(_Delivery, self._handle))
        self._secret = webhook_secret(core.keys, BOT)
        self._failed: dict[int, int] = {}
        self._delivering: set[asyncio.Task[object]] = set()
        self._is_ready = False
        self._is_reached: bool | None = None
        self._is_refused = False

    async def run(self, stop: asyncio.Event) -> None:
        """Make ourselves known and take updates until ``stop`` is set; a refused token ends it with one line."""
        try:
            url = self.core.settings.webhook(BOT)
            await self._patiently(partial(self._ask, self.platform.initialize), stop)
            self._is_ready = not stop.is_set()
            await self._patiently(self._introduce, stop)
            if url is not None:
                await self._patiently(partial(self._ask_for_delivery, url), stop)
                await stop.wait()
            else:
                await self._patiently(partial(self._ask, self.bot.delete_webhook), stop)
                await self._poll(stop)
        except Revoked:
            self._say_refused()
        finally:
            self._is_ready = False
            if self._delivering:
                await asyncio.wait(self._delivering)
            await self.platform.shutdown()
            await self.bot.shutdown()

    async def deliver(self, request: Request) -> Response:
        """Take one delivery: 200 once it is applied and answered, 503 when it is to come again, 403 for a stranger."""
        task = asyncio.current_task()
        if not self._is_ready or task is None:
            return Response(status_code=503, headers={"retry-after": "2"})
        self._delivering.add(task)  # its answer leaves before the connections to the platform are closed
        try:
            return await self._deliver(request)
        finally:
            self._delivering.discard(task)

    async def _deliver(self, request: Request) -> Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _MOST_BYTES:
                return Response(status_code=413)
        update = self._readable(bytes(body))
        if update is None:
            return Response()  # it would be delivered for a day, and never become readable
        try:
            await self._feed_once(update)
        except Later as later:
            return Response(status_code=503, headers={"retry-after": str(later.retry_after)})
        except Revoked:
            self._say_refused()
            return Response(status_code=503, headers={"retry-after": "60"})
        return Response()

    def _readable(self, body: bytes) -> Update | None:
        try:
            return Update.de_json(json.loads(body), self.bot)
        except (ValueError, KeyError, TypeError, AttributeError):
            _log.warning("an update cannot be read and is passed over")
            return None

    async def _poll(self, stop: asyncio.Event) -> None:
        """Ask for updates, those again that are not answered yet; a chat that has to wait holds up no other."""
        backlog = Backlog[Update](lambda update: self._patiently(partial(self._feed_once, update), stop))
        try:
            while not stop.is_set():
                found = await self._patiently(partial(self._more, backlog), stop) or ()
                for update in found:
                    if not backlog.knows(update.update_id):
                        incoming = read(update)
                        backlog.add(incoming.chat if incoming else 0, update)
                await backlog.settle()
        finally:
            await backlog.close()

    async def _more(self, backlog: Backlog[Update]) -> tuple[Update, ...]:
        ask = partial(
            self.bot.get_updates,
            offset=backlog.offset(),
            timeout=_POLL_SECONDS if backlog.is_empty else 0,
            allowed_updates=UPDATES,
        )
        return await self._ask(ask)

    async def _handle(self, delivery: _Delivery, _context: CallbackContext[Any, Any, Any, Any]) -> None:
        incoming = read(delivery.update)
        try:
            if incoming is not None:
                await self.liaison.take(incoming)
        except Exception as error:  # noqa: BLE001 - handed on past the library, which would log it whole
            delivery.failure = error

    async def _feed_once(self, update: Update) -> None:
        """Apply and answer an update; raises `Later` to have it again. What fails unforeseen is tried three times."""
        incoming = read(update)
        if incoming is None:
            return
        delivery = _Delivery(update)
        await self.platform.process_update(delivery)
        if delivery.failure is None:
            return
        if isinstance(delivery.failure, (Later, Revoked)):
            raise delivery.failure
        log_fault(_log, delivery.failure)
        tries = self._failed.pop(update.update_id, 0) + 1
        if tries < _TRIES:
            self._failed[update.update_id] = tries
            raise Later
        await self.liaison.apologise(incoming)

    def _say_refused(self) -> None:
        if not self._is_refused:
            _log.error("the stations' bot is off: the platform refuses its token; the pages go on")
        self._is_refused = True

    async def _introduce(self) -> None:
        for language in LANGUAGES:
            t = texts(language)
            commands = [BotCommand(name, t(f"command.{name}")) for name in COMMANDS]
            code = None if language == DEFAULT_LANGUAGE else _CODES[language]
            await self._ask(partial(self.bot.set_my_commands, commands, language_code=code))
            await self._ask(partial(self.bot.set_my_description, t("about.long"), language_code=code))
            await self._ask(partial(self.bot.set_my_short_description, t("about.short"), language_code=code))

    async def _ask_for_delivery(self, url: str) -> None:
        ask = partial(
            self.bot.set_webhook,
            url,
            secret_token=self._secret,
            allowed_updates=UPDATES,
            max_connections=_CONNECTIONS,
        )
        await self._ask(ask)

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            with understood():
                result = await call()
        except Later:
            self._say_whether_reached(reached=False)
            raise
        self._say_whether_reached(reached=True)
        return result

    def _say_whether_reached(self, *, reached: bool) -> None:
        """Say once that the platform cannot be reached, and once that it can."""
        if reached and not self._is_reached:
            _log.info("the stations' bot reaches the platform")
        if not reached and self._is_reached is not False:
            _log.warning("the stations' bot does not reach the platform, and goes on trying; the pages go on")
        self._is_reached = reached

    async def _patiently(self, call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
        """Call until it is not `Later`, longer apart each time; return ``None`` when ``stop`` was set meanwhile."""
        pause = 1.0
        while not stop.is_set():
            try:
                return await _unless(stop, call())
            except Later as later:
                pause = min(max(pause * 2, later.retry_after), _LONGEST_PAUSE)
                await _unless(stop, asyncio.sleep(pause))
        return None


async def _unless(stop: asyncio.Event, doing: Awaitable[T]) -> T | None:
    """Return what ``doing`` comes to, or ``None`` as soon as ``stop`` is set: then it is called off."""
    done, stopping = asyncio.ensure_future(doing), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({done, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return done.result() if done.done() else None
    finally:
        done.cancel()
        stopping.cancel()
        await asyncio.gather(done, stopping, return_exceptions=True)
