"""The one place where an update of the platform is read: who wrote stays outside, but for the chat to answer in.

Of an update nothing passes but what `Incoming` names: no name, no user name, no origin of what was forwarded, no
contact, no place. File ids pass for as long as it takes to fetch the files.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

Kind = Literal["text", "edit", "press", "files", "unusable", "group", "left"]
GROUPS: Final = frozenset({"group", "supergroup"})
_GONE: Final = frozenset({"kicked", "left"})


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as the platform offers it: its id there, a name if it has one, what it is, bytes if that is known."""

    file_id: str = field(repr=False)
    kind: str
    name: str = field(repr=False)
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """What somebody did in a chat.

    ``text`` is what was written or, for a press, the data of the button; ``is_own`` tells that the person of this
    private chat pressed it, ``shown`` is the message that it stood under. ``language`` is that of their program, asked
    before they choose one.
    """

    update_id: int
    chat: int = field(repr=False)
    kind: Kind
    message_id: int = 0
    text: str = field(default="", repr=False)
    files: tuple[SentFile, ...] = ()
    album: str = field(default="", repr=False)
    query: str = field(default="", repr=False)
    shown: str = field(default="", repr=False)
    is_own: bool = True
    language: str | None = None


def read(update: Update) -> Incoming | None:
    """Return what an update says, or ``None`` when it is of no kind that a resident causes."""
    if update.message is not None:
        return _message(update.update_id, update.message)
    if update.edited_message is not None:
        return _edited(update.update_id, update.edited_message)
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    return None


def _message(update_id: int, message: Message) -> Incoming | None:
    if message.chat.type in GROUPS:
        return Incoming(update_id, message.chat.id, "group")
    if message.chat.type != "private":
        return None
    files = _files(message)
    kind: Kind = "text" if message.text is not None else "files" if files else "unusable"
    return Incoming(
        update_id,
        message.chat.id,
        kind,
        message_id=message.message_id,
        text=message.text or message.caption or "",
        files=files,
        album=message.media_group_id or "",
        language=_language(message),
    )


def _edited(update_id: int, message: Message) -> Incoming | None:
    if message.chat.type != "private" or message.text is None:
        return None
    return Incoming(
        update_id, message.chat.id, "edit", message.message_id, text=message.text, language=_language(message)
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
    if changed.chat.type in GROUPS:
        return None if gone else Incoming(update_id, changed.chat.id, "group")
    return Incoming(update_id, changed.chat.id, "left") if gone and changed.chat.type == "private" else None


def _language(message: Message) -> str | None:
    return message.from_user.language_code if message.from_user else None


def _files(message: Message) -> tuple[SentFile, ...]:
    if message.photo:
        largest = message.photo[-1]
        return (SentFile(largest.file_id, "photo", "", "image/jpeg", largest.file_size or 0),)
    for kind, found in (
        ("document", message.document),
        ("voice", message.voice),
        ("video", message.video),
        ("video", message.video_note),
        ("audio", message.audio),
    ):
        if found is not None:
            name = getattr(found, "file_name", None) or ""
            media_type = getattr(found, "mime_type", None) or ("video/mp4" if kind == "video" else "")
            return (SentFile(found.file_id, kind, name, media_type, found.file_size or 0),)
    return ()
