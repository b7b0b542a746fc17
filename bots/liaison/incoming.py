"""The one place where an update of the platform is read: of who wrote nothing passes but the chat to answer in."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update

Kind = Literal["text", "edit", "press", "unusable", "group", "left"]
_GROUPS: Final = frozenset({"group", "supergroup"})
_GONE: Final = frozenset({"kicked", "left"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody did in a chat.

    ``text`` is what was written or, for a press, the data of the button; ``is_own`` tells that the person of this
    private chat pressed it, ``shown`` is the message that it stood under. ``language`` is that of their program.
    """

    update_id: int
    chat: int = field(repr=False)
    kind: Kind
    message_id: int = 0
    text: str = field(default="", repr=False)
    query: str = field(default="", repr=False)
    shown: str = field(default="", repr=False)
    is_own: bool = True
    language: str | None = None


def read(update: Update) -> Incoming | None:
    """Return what an update says, or ``None`` when it is of no kind that somebody of a station causes."""
    if update.message is not None:
        return _message(update.update_id, update.message)
    if update.edited_message is not None:
        return _edited(update.update_id, update.edited_message)
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    return None


def _edited(update_id: int, message: Message) -> Incoming | None:
    found = _message(update_id, message)
    return replace(found, kind="edit") if found is not None and found.kind == "text" else None


def _message(update_id: int, message: Message) -> Incoming | None:
    if message.chat.type in _GROUPS:
        return Incoming(update_id, message.chat.id, "group")
    if message.chat.type != "private":
        return None
    return Incoming(
        update_id,
        message.chat.id,
        "text" if message.text is not None else "unusable",
        message_id=message.message_id,
        text=message.text or "",
        language=message.from_user.language_code if message.from_user else None,
    )


def _press(update_id: int, query: CallbackQuery) -> Incoming:
    message = query.message
    own = message is not None and message.chat.type == "private" and message.chat.id == query.from_user.id
    return Incoming(
        update_id,
        message.chat.id if message is not None else query.from_user.id,
        "press",
        message_id=message.message_id if message is not None else 0,
        text=query.data or "",
        query=query.id,
        shown=(message.text or "") if isinstance(message, Message) else "",
        is_own=own,
        language=query.from_user.language_code,
    )


def _membership(update_id: int, changed: ChatMemberUpdated) -> Incoming | None:
    gone = changed.new_chat_member.status in _GONE
    if changed.chat.type in _GROUPS:
        return None if gone else Incoming(update_id, changed.chat.id, "group")
    return Incoming(update_id, changed.chat.id, "left") if gone and changed.chat.type == "private" else None
