"""Speaking through the platform's API: screens out, and its refusals as the few things that they mean to us."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessages,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import LinkPreviewOptions

from bots.platform import Gone, Later, Revoked
from bots.texting import LIMIT, Message, Screen, chunked, units

Filled = TypeVar("Filled", bound=TelegramMethod[Any])

_AT_ONCE: Final = 100  # messages deleted by one request (Bot API: deleteMessages)


@contextmanager
def understood() -> Iterator[None]:
    """Turn what the platform answers into `Later`, `Gone` or `Revoked`; a request that it finds wrong is our fault."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise Later(error.retry_after) from None
    except (TelegramForbiddenError, TelegramMigrateToChat):
        raise Gone from None
    except (TelegramUnauthorizedError, TelegramNotFound):  # revoked, or no token of theirs
        raise Revoked from None
    except TelegramBadRequest as error:
        if "chat not found" in error.message:
            raise Gone from None
        raise
    except (AiogramError, OSError):  # network errors too; their words may hold the address with the token
        raise Later from None


class Speaker:
    """Says things in chats. What is worth no second try is tried once (``…_if_possible``)."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def show(self, chat: int, screen: Screen, sent: list[int]) -> None:
        """Send a screen and add the number of each message to ``sent``; raises `Later`, `Gone`, `Revoked` midway."""
        for number, message in enumerate(screen.messages, start=1):
            markup = _markup(screen) if number == len(screen.messages) else None
            with understood():
                made = await self.bot(
                    _filled(_SENDING, chat_id=chat, text=message.text, entities=_entities(message), reply_markup=markup)
                )
            sent.append(made.message_id)

    async def show_instead(self, chat: int, message_id: int, screen: Screen) -> bool:
        """Show a screen of one message in the place of a message of ours; return whether that could be done."""
        if len(screen.messages) != 1:
            return False
        message = screen.messages[0]
        return await self._try(
            _filled(
                _EDITING,
                chat_id=chat,
                message_id=message_id,
                text=message.text,
                entities=_entities(message),
                reply_markup=_markup(screen),
            )
        )

    async def settle_if_possible(self, chat: int, message_id: int, text: str, chosen: str) -> None:
        """Let a question show what was chosen, and take its buttons away."""
        told = f"{text}\n\n✔ {chosen}"
        if chosen and text and units(told) <= LIMIT:
            await self._try(_filled(_EDITING, chat_id=chat, message_id=message_id, text=told))
        else:
            await self._try(EditMessageReplyMarkup(chat_id=chat, message_id=message_id))

    async def answer_if_possible(self, query: str, alert: str = "") -> None:
        """End the waiting of a button that was pressed; ``alert`` is shown over the chat."""
        await self._try(AnswerCallbackQuery(callback_query_id=query, text=alert or None, show_alert=bool(alert)))

    async def erase(self, chat: int, message_ids: Sequence[int]) -> None:
        """Delete messages as far as the platform lets a bot do so; raises `Later`, `Gone`, `Revoked`."""
        for some in chunked(message_ids, _AT_ONCE):
            try:
                with understood():
                    await self.bot(DeleteMessages(chat_id=chat, message_ids=list(some)))
            except TelegramBadRequest:
                continue  # older than 48 hours, or gone already

    async def _try(self, method: TelegramMethod[Any]) -> bool:
        try:
            with understood():
                await self.bot(method)
        except TelegramBadRequest as error:
            return "message is not modified" in error.message  # it shows that already
        except (Later, Gone, Revoked, TelegramAPIError):
            return False
        return True


# What a screen holds was made by us, and making a request anew costs more than sending it. So it is copied
# from a blank one, with plain data in the place of the library's models.
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
_SENDING: Final = SendMessage(chat_id=0, text="", link_preview_options=_NO_PREVIEW)
_EDITING: Final = EditMessageText(text="", link_preview_options=_NO_PREVIEW)


def _filled(blank: Filled, **fields: Any) -> Filled:  # noqa: ANN401 - whatever the request holds
    return blank.model_copy(update=fields)


def _markup(screen: Screen) -> Mapping[str, Any] | None:
    rows = [[{"text": button.label, "callback_data": screen.data(button)} for button in row] for row in screen.rows]
    return {"inline_keyboard": rows} if rows else None


def _entities(message: Message) -> Sequence[Mapping[str, Any]] | None:
    found = [_entity(message.text, part, kind) for part, kind in ((message.bold, "bold"), (message.code, "code"))]
    return [entity for entity in found if entity is not None] or None


def _entity(text: str, part: str, kind: str) -> Mapping[str, Any] | None:
    """Return the mark on ``part``; the platform counts in units of UTF-16."""
    start = text.find(part) if part else -1
    if start < 0:
        return None
    return {"type": kind, "offset": units(text[:start]), "length": units(part)}
