"""Brings what is owed to a chat: in the worker, which alone can open where somebody is told."""

from typing import Final, Self
from uuid import UUID

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bots.liaison.chat import BOT
from bots.liaison.scene import title
from bots.liaison.screens import round_screen
from bots.liaison.speaking import Speaking, bot_of, is_not_found, markup, seconds
from bots.liaison.texts import day, phone_line, texts
from core.app import App, outbox, stations
from core.errors import Unavailable
from core.work import System

__all__ = ["BOT", "Carrier"]

_SECONDS: Final = 10
_ACTOR: Final = System("worker")
_ACTIONS: Final = {"heads_meeting": (), "record_signed": (), "record_to_sign": ("show",), "record_returned": ("show",)}
_ASKED: Final = ("nil", "write")
_NOT_CONNECTED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Carrier:
    """The carrier of the stations' bot; a message names station, quarter and day, and nothing of a record."""

    def __init__(self, core: App, bot: Speaking) -> None:
        self._core = core
        self._bot = bot

    @classmethod
    def of(cls, core: App) -> Self:
        """Return the carrier of an installation whose bot is on."""
        if core.settings.liaison_token is None:
            raise ValueError("a bot without a token is off")
        return cls(core, bot_of(core.settings.liaison_token, core.settings.telegram_api))

    async def carry(self, address: outbox.ChatAddress, template: str, about: UUID) -> outbox.Outcome:
        """Send the text of ``template`` about an obligation once, and return what came of it."""
        try:
            async with self._core.work(_ACTOR, "worker", write=False) as work:
                named = await stations.named_of(work, about)
        except Unavailable:  # nothing has left
            return outbox.TryAgain()
        text = message(address.language, template, named, self._core.settings.stations_phone)
        screen = round_screen(address.language, text, about, _ACTIONS.get(template, _ASKED))
        try:
            await self._bot.send_message(
                int(address.chat),
                text,
                reply_markup=markup(screen),
                read_timeout=_SECONDS,
                connect_timeout=_SECONDS,
            )
        except TelegramError as error:
            return _outcome(error)
        return outbox.Sent()

    async def close(self) -> None:
        """Hang up."""
        await self._bot.request.shutdown()


def message(language: str, template: str, named: stations.Named, phone: str | None = None) -> str:
    """Return what a message says of an obligation, and at its end where somebody can be called. Pure."""
    given = {"due": day(language, named.due_on), "grace": day(language, named.grace_until or named.due_on)}
    if (meet := named.meeting) is not None:
        given |= {"day": day(language, meet.held_on), "hour": f"{meet.begins_at:%H:%M}", "venue": meet.venue}
    said = f"{title(language, named)}\n{texts(language)(f'owed.{template}', **given)}"
    return "\n\n".join(filter(None, (said, phone_line(language, phone))))


def _outcome(error: TelegramError) -> outbox.Outcome:
    """Return what an answer of the platform, or none, means for a message. Pure."""
    found: outbox.Outcome
    match error:
        case RetryAfter():
            found = outbox.Halted(seconds(error))
        case ChatMigrated():
            found = outbox.Moved(str(error.new_chat_id))
        case InvalidToken():
            found = outbox.Refused()
        case Forbidden():
            found = outbox.Unreachable()
        case BadRequest():
            found = outbox.Unreachable() if is_not_found(error) else outbox.TryAgain()
        case NetworkError():
            cause = error.__cause__
            answered = cause is None or isinstance(cause, _NOT_CONNECTED)
            found = outbox.TryAgain() if answered else outbox.Uncertain()
        case _:
            found = outbox.Uncertain()
    return found
