"""The bot as aiogram runs it: one router, and the two ways in which updates come, asked for or delivered."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, TypeVar

from aiogram import Dispatcher, Router
from aiogram.methods import (
    DeleteWebhook,
    GetMe,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import BotCommand, TelegramObject, Update
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from bots.backlog import Backlog
from bots.faults import log_fault
from bots.informant.incoming import read
from bots.informant.informant import Informant
from bots.informant.session import bot_of
from bots.informant.speaking import understood
from bots.informant.texts import COMMANDS, texts
from bots.informant.turn import BOT
from bots.platform import Contact, Later, Revoked, patiently
from bots.webhook import body_of, webhook_secret
from core.app import App
from core.texts import DEFAULT_LANGUAGE, LANGUAGES

T = TypeVar("T")

_log = logging.getLogger("jingshi.informant")

UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_POLL_SECONDS: Final = 25
_TRIES: Final = 3
_CODES: Final = {"zh_CN": "zh", "en": "en"}
_CONNECTIONS: Final = 64  # deliveries at once; the platform allows 1 to 100


class _GetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """``getUpdates`` whose updates are read one by one: one that cannot be read must not hold up the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


class Application:
    """The informant bot of one intake process. Open it in the background: it waits for the platform as long as needed.

    With a public URL the platform delivers to `deliver`; without one `run` asks for updates.
    """

    def __init__(self, core: App) -> None:
        if core.settings.informant_token is None:
            raise ValueError("a bot without a token is off")
        self.core = core
        self.bot = bot_of(core.settings.informant_token, core.settings.telegram_api, connections=_CONNECTIONS)
        self.informant = Informant(core, self.bot)
        self.dispatcher = _dispatcher(self.informant)
        self._secret = webhook_secret(core.keys, BOT)
        self._contact = Contact(_log, "the informant bot")
        self._failed: dict[int, int] = {}
        self._delivering: set[asyncio.Task[object]] = set()
        self._is_over = False

    async def run(self, stop: asyncio.Event) -> None:
        """Make ourselves known and take updates until ``stop`` is set; a refused token ends it with one line."""
        try:
            url = self.core.settings.webhook(BOT)
            await patiently(self._introduce, stop)
            if url is not None:
                await patiently(partial(self._ask_for_delivery, url), stop)
                await stop.wait()
            else:
                await patiently(partial(self._ask, DeleteWebhook()), stop)
                await self._poll(stop)
        except Revoked:
            self._contact.refused()
        finally:
            self._is_over = True
            if self._delivering:
                await asyncio.wait(self._delivering)
            await self.bot.session.close()

    async def deliver(self, request: Request) -> Response:
        """Take one delivery: 200 once it is applied and answered, 503 when it is to come again, 403 for a stranger."""
        task = asyncio.current_task()
        if self._is_over or task is None:
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
        try:
            update = Update.model_validate_json(body, context={"bot": self.bot})
        except ValidationError:
            _pass_over()
            return Response()  # it would be delivered for a day, and never become readable
        try:
            await self._feed_once(update)
        except Later as later:
            return Response(status_code=503, headers={"retry-after": str(later.retry_after)})
        except Revoked:
            self._contact.refused()
            return Response(status_code=503, headers={"retry-after": "60"})
        return Response()

    async def _poll(self, stop: asyncio.Event) -> None:
        """Ask for updates, those again that are not answered yet; a chat that has to wait holds up no other."""
        backlog = Backlog[Update](lambda update: patiently(partial(self._feed_once, update), stop))
        try:
            while not stop.is_set():
                seconds = _POLL_SECONDS if backlog.is_empty else 0
                method = _GetUpdates(offset=backlog.offset(), timeout=seconds, allowed_updates=list(UPDATES))
                found = await patiently(partial(self._ask, method, within=_POLL_SECONDS + 10), stop) or []
                self._note(backlog, found)
                await backlog.settle()
        finally:
            await backlog.close()

    def _note(self, backlog: Backlog[Update], found: Sequence[dict[str, Any]]) -> None:
        for one in found:
            if backlog.knows(int(one["update_id"])):
                continue
            try:
                update = Update.model_validate(one, context={"bot": self.bot})
            except ValidationError:
                _pass_over()
                backlog.pass_over(int(one["update_id"]))
            else:
                backlog.add(_lane(update), update)

    async def _feed_once(self, update: Update) -> None:
        """Apply and answer an update; raises `Later` to have it again. What fails unforeseen is tried three times."""
        incoming = read(update)
        if incoming is None:
            return
        try:
            await self.dispatcher.feed_update(self.bot, update)
        except (Later, Revoked):
            raise
        except Exception as error:  # noqa: BLE001 - the last place: one fault must not stop a chat, or reach a log
            log_fault(_log, error)
            tries = self._failed.pop(update.update_id, 0) + 1
            if tries < _TRIES:
                self._failed[update.update_id] = tries
                raise Later from None
            await self.informant.apologise(incoming)

    async def _introduce(self) -> None:
        await self._ask(GetMe())
        for language in LANGUAGES:
            t = texts(language)
            commands = [BotCommand(command=name, description=t(f"command.{name}")) for name in COMMANDS]
            code = None if language == DEFAULT_LANGUAGE else _CODES[language]
            await self._ask(SetMyCommands(commands=commands, language_code=code))
            await self._ask(SetMyDescription(description=t("about.long"), language_code=code))
            await self._ask(SetMyShortDescription(short_description=t("about.short"), language_code=code))

    async def _ask_for_delivery(self, url: str) -> None:
        method = SetWebhook(
            url=url, secret_token=self._secret, allowed_updates=list(UPDATES), max_connections=_CONNECTIONS
        )
        await self._ask(method)

    async def _ask(self, method: TelegramMethod[T], *, within: int | None = None) -> T:
        try:
            with understood():
                result = await self.bot(method, request_timeout=within)
        except Later:
            self._contact.reached(reached=False)
            raise
        self._contact.reached(reached=True)
        return result


def _pass_over() -> None:
    _log.warning("an update cannot be read and is passed over")


def _dispatcher(informant: Informant) -> Dispatcher:
    router = Router(name=BOT)

    async def take(_event: TelegramObject, event_update: Update) -> None:
        incoming = read(event_update)
        if incoming is not None:
            await informant.take(incoming)

    for observer in (router.message, router.edited_message, router.callback_query, router.my_chat_member):
        observer.register(take)
    dispatcher = Dispatcher(disable_fsm=True)  # it would keep what people do by their ids, in clear
    dispatcher.include_router(router)
    return dispatcher


def _lane(update: Update) -> int:
    incoming = read(update)
    return incoming.chat if incoming is not None else 0
