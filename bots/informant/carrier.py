"""Brings what is owed to a chat: in the worker, which alone can open where somebody wishes to be told."""

from typing import Final, Self
from uuid import UUID

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiohttp import ClientConnectorError

from bots.informant.session import bot_of
from bots.informant.texts import texts
from bots.informant.turn import BOT
from core.app import App, outbox

_SECONDS: Final = 10

__all__ = ["BOT", "Carrier"]


class Carrier:
    """The informant's carrier; a message says that there is something to read, and never what."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @classmethod
    def of(cls, core: App) -> Self:
        """Return the carrier of an installation whose bot is on."""
        settings = core.settings
        if settings.informant_token is None:
            raise ValueError("a bot without a token is off")
        return cls(bot_of(settings.informant_token, settings.telegram_api))

    async def carry(self, address: outbox.ChatAddress, template: str, _about: UUID) -> outbox.Outcome:
        """Send the text of ``template`` once, and return what came of it."""
        text = texts(address.language)(f"owed.{template}")
        try:
            await self._bot(SendMessage(chat_id=int(address.chat), text=text), request_timeout=_SECONDS)
        except TelegramAPIError as error:
            return _outcome(error)
        return outbox.Sent()

    async def close(self) -> None:
        """Hang up."""
        await self._bot.session.close()


def _outcome(error: TelegramAPIError) -> outbox.Outcome:
    """Return what an answer of the platform, or none, means for a message. Pure."""
    found: outbox.Outcome
    match error:
        case TelegramRetryAfter():
            found = outbox.Halted(error.retry_after)
        case TelegramMigrateToChat():
            found = outbox.Moved(str(error.migrate_to_chat_id))
        case TelegramUnauthorizedError() | TelegramNotFound():
            found = outbox.Refused()
        case TelegramForbiddenError():
            found = outbox.Unreachable()
        case TelegramBadRequest() if "chat not found" in error.message:
            found = outbox.Unreachable()
        case TelegramNetworkError() if not isinstance(error.__cause__, ClientConnectorError):
            found = outbox.Uncertain()
        case TelegramNetworkError() | TelegramServerError() | TelegramBadRequest():
            found = outbox.TryAgain()
        case _:
            found = outbox.Uncertain()
    return found
