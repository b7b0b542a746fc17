"""Speaking through the platform's API: screens out, and its refusals as the few things that they mean to us."""

import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bots.platform import Gone, Later, Revoked
from bots.texting import LIMIT, Screen, units

os.environ.setdefault("PTB_TIMEDELTA", "1")  # else the library warns whenever a span is read, as it will be from v23 on

_ANSWERS_WITHIN: Final = 10  # seconds beyond those that it was told to wait
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


class Speaking(ExtBot[None]):
    """The library's bot, and updates as they come."""

    async def updates(self, *, offset: int, seconds: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """Return updates unread, waiting for ``seconds`` at most: ``getUpdates``.

        The library's own method gives up all of them for one that it cannot read, and writes them all to the log.
        """
        given = {"offset": offset, "timeout": seconds, "allowed_updates": list(kinds)}
        found: list[dict[str, Any]] = await self._post("getUpdates", given, read_timeout=seconds + _ANSWERS_WITHIN)
        return found


def bot_of(token: str, api: str, *, connections: int = 16) -> Speaking:
    """Return the bot of ``token`` at the API server ``api``, with so many connections at most."""
    return Speaking(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(connection_pool_size=connections),
        get_updates_request=HTTPXRequest(connection_pool_size=1),
    )


def seconds(error: RetryAfter) -> int:
    """Return how long the platform wants to be left in peace."""
    span = error.retry_after
    return span if isinstance(span, int) else math.ceil(span.total_seconds())


def is_not_found(error: BadRequest) -> bool:
    """Tell whether the platform knows no such chat."""
    return "chat not found" in error.message.lower()


@contextmanager
def understood() -> Iterator[None]:
    """Turn what the platform answers into `Later`, `Gone` or `Revoked`; a request that it finds wrong is our fault."""
    try:
        yield
    except RetryAfter as error:
        raise Later(seconds(error)) from None
    except (Forbidden, ChatMigrated):
        raise Gone from None
    except InvalidToken:
        raise Revoked from None
    except BadRequest as error:
        if is_not_found(error):
            raise Gone from None
        raise
    except NetworkError:  # its words may hold the address with the token
        raise Later from None


class Speaker:
    """Says things in chats. What is worth no second try is tried once (``…_if_possible``)."""

    def __init__(self, bot: Speaking) -> None:
        self.bot = bot

    async def show(self, chat: int, screen: Screen) -> None:
        """Send a screen; raises `Later`, `Gone`, `Revoked` midway."""
        for number, message in enumerate(screen.messages, start=1):
            keyboard = markup(screen) if number == len(screen.messages) else None
            with understood():
                await self.bot.send_message(chat, message.text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW)

    async def show_instead(self, chat: int, message_id: int, screen: Screen) -> bool:
        """Show a screen of one message in the place of a message of ours; return whether that could be done."""
        if len(screen.messages) != 1:
            return False
        return await self._edit(chat, message_id, screen.messages[0].text, markup(screen))

    async def settle_if_possible(self, chat: int, message_id: int, text: str, chosen: str) -> None:
        """Let a message show what was chosen, and take its buttons away."""
        told = f"{text}\n\n✔ {chosen}" if chosen and text else text
        if told and units(told) <= LIMIT:
            await self._edit(chat, message_id, told, None)

    async def answer_if_possible(self, query: str, alert: str = "") -> None:
        """End the waiting of a button that was pressed; ``alert`` is shown over the chat."""
        try:
            await self.bot.answer_callback_query(query, text=alert or None, show_alert=bool(alert))
        except TelegramError:
            return

    async def _edit(self, chat: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> bool:
        try:
            await self.bot.edit_message_text(
                text, chat, message_id, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )
        except BadRequest as error:
            return "message is not modified" in error.message.lower()
        except TelegramError:
            return False
        return True


def markup(screen: Screen) -> InlineKeyboardMarkup | None:
    """Return the buttons of a screen."""
    rows = [[InlineKeyboardButton(one.label, callback_data=screen.data(one)) for one in row] for row in screen.rows]
    return InlineKeyboardMarkup(rows) if rows else None
