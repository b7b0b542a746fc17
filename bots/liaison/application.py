"""The bot as python-telegram-bot runs it: one handler, and the two ways in which updates come."""

import asyncio
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
from bots.liaison.speaking import bot_of, understood
from bots.liaison.texts import COMMANDS, texts
from bots.platform import Contact, Later, Revoked, patiently
from bots.webhook import body_of, webhook_secret
from core.app import App
from core.texts import DEFAULT_LANGUAGE, LANGUAGES

T = TypeVar("T")

_log = logging.getLogger("jingshi.liaison")

UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_POLL_SECONDS: Final = 25
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
        self._contact = Contact(_log, "the stations' bot")

    async def run(self, stop: asyncio.Event) -> None:
        """Make ourselves known and take updates until ``stop`` is set; a refused token ends it with one line."""
        try:
            url = self.core.settings.webhook(BOT)
            await patiently(partial(self._ask, self.platform.initialize), stop)
            self._is_ready = not stop.is_set()
            await patiently(self._introduce, stop)
            if url is not None:
                await patiently(partial(self._ask_for_delivery, url), stop)
                await stop.wait()
            else:
                await patiently(partial(self._ask, self.bot.delete_webhook), stop)
                await self._poll(stop)
        except Revoked:
            self._contact.refused()
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
        body = await body_of(request, self._secret)
        if isinstance(body, Response):
            return body
        update = self._readable(body)
        if update is None:
            return Response()  # it would be delivered for a day, and never become readable
        try:
            await self._feed_once(update)
        except Later as later:
            return Response(status_code=503, headers={"retry-after": str(later.retry_after)})
        except Revoked:
            self._contact.refused()
            return Response(status_code=503, headers={"retry-after": "60"})
        return Response()

    def _readable(self, given: bytes | dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(json.loads(given) if isinstance(given, bytes) else given, self.bot)
        except (ValueError, KeyError, TypeError, AttributeError):
            _log.warning("an update cannot be read and is passed over")
            return None

    async def _poll(self, stop: asyncio.Event) -> None:
        """Ask for updates, those again that are not answered yet; a chat that has to wait holds up no other."""
        backlog = Backlog[Update](lambda update: patiently(partial(self._feed_once, update), stop))
        try:
            while not stop.is_set():
                self._note(backlog, await patiently(partial(self._more, backlog), stop) or [])
                await backlog.settle()
        finally:
            await backlog.close()

    async def _more(self, backlog: Backlog[Update]) -> list[dict[str, Any]]:
        seconds = _POLL_SECONDS if backlog.is_empty else 0
        return await self._ask(partial(self.bot.updates, offset=backlog.offset(), seconds=seconds, kinds=UPDATES))

    def _note(self, backlog: Backlog[Update], found: list[dict[str, Any]]) -> None:
        for one in found:
            number = int(one["update_id"])
            if backlog.knows(number):
                continue
            update = self._readable(one)
            if update is None:
                backlog.pass_over(number)
            else:
                incoming = read(update)
                backlog.add(incoming.chat if incoming else 0, update)

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
            self._contact.reached(reached=False)
            raise
        self._contact.reached(reached=True)
        return result
