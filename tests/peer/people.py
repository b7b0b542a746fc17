"""What people do: they write, edit, press, send files, block; each action becomes an update for the bot."""

import base64
import re
from typing import Any

from tests.peer.bot import PRESS_LASTS, Bot
from tests.peer.description import Json
from tests.peer.entities import length
from tests.peer.sending import described
from tests.peer.state import Chat, File, Message, Pressed

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@\w+)?")
_PLAIN: dict[str, Json] = {
    "voice": {"duration": 3, "mime_type": "audio/ogg"},
    "video": {"duration": 3, "width": 640, "height": 480, "mime_type": "video/mp4"},
    "video_note": {"duration": 3, "length": 240},
    "audio": {"duration": 3, "mime_type": "audio/mpeg"},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"},
}


class Impossible(Exception):
    """A test asks for what no person can do, such as pressing a button that is not there."""


def chat_of(bot: Bot, person: int, chat: int | None = None) -> Chat:
    """Return the chat in which a person acts; a private one begins with the first action."""
    if person not in bot.world.people:
        raise Impossible("there is no such person")
    number = person if chat is None else chat
    if number not in bot.chats:
        if number != person:
            raise Impossible("the bot is not in that chat")
        known = {name: bot.world.people[person][name] for name in ("first_name", "last_name", "username")}
        bot.chats[person] = Chat({"id": person, "type": "private", **{k: v for k, v in known.items() if v}})
    return bot.chats[number]


def user(bot: Bot, person: int) -> Json:
    """Return a person as the Bot API shows them."""
    return {name: value for name, value in bot.world.people[person].items() if value != ""}


def post(bot: Bot, person: int, chat: int | None, content: Json, reply_to: int | None = None) -> int:
    """A person sends a message with this content; return its id."""
    at = chat_of(bot, person, chat)
    message = bot.add(at, user(bot, person), content, reply_to=reply_to)
    if at.closed is None and _heard(bot, at, message):
        bot.tell("message", at.shown(message), ("chat", at.id))
    return message.id


def _heard(bot: Bot, chat: Chat, message: Message) -> bool:
    """Say whether the bot is shown a message: in groups commands, replies to it and mentions, unless it reads all."""
    if chat.private or bot.reads_groups:
        return True
    text = message.content.get("text", "")
    replied = chat.messages.get(message.reply_to or 0)
    to_bot = replied is not None and replied.sender["id"] == bot.json["id"]
    return text.startswith("/") or to_bot or f"@{bot.json['username']}" in text


def text(words: str) -> Json:
    """Return the content of a text, with the commands in it marked."""
    found = [
        {"type": "bot_command", "offset": length(words[: m.start()]), "length": length(m[0])}
        for m in _COMMAND.finditer(words)
    ]
    return {"text": words, **({"entities": found} if found else {})}


def media(bot: Bot, kind: str, sent: Json) -> Json:
    """Return the content of a message with a file, of which ``sent`` gives the bytes, name, type and size."""
    data = base64.b64decode(sent.get("data", ""))
    name, mime = sent.get("name", kind), sent.get("mime", "application/octet-stream")
    known = bot.world.files.get(sent.get("unique", ""))
    file = known or bot.world.keep(data, name=name, mime=mime, size=sent.get("size"))
    return {kind: _shown(bot, kind, file)}


def _shown(bot: Bot, kind: str, file: File) -> Json | list[Json]:
    if kind == "photo":
        small = bot.world.keep(file.data[:100], name=file.name, mime=file.mime)
        return [
            described(bot, small, {"width": 90, "height": 67}),
            described(bot, file, {"width": 1280, "height": 960}),
        ]
    if kind == "document":
        return described(bot, file, {"file_name": file.name, "mime_type": file.mime})
    return described(bot, file, _PLAIN[kind])


def edit(bot: Bot, person: int, chat: int | None, number: int, content: Json) -> None:
    """A person edits a message of theirs."""
    at = chat_of(bot, person, chat)
    message = at.messages[number]
    if message.sender["id"] != person:
        raise Impossible("people edit their own messages only")
    message.earlier.append(message.content)
    if "text" in message.content:
        message.content = content
    else:  # a file keeps, and gets another caption
        message.content = {**message.content, "caption": content["text"]}
    message.edited = int(bot.world.clock.now())
    bot.touch(at)
    if at.closed is None and _heard(bot, at, message):
        bot.tell("edited_message", at.shown(message), ("chat", at.id))


def press(bot: Bot, person: int, chat: int | None, label: str, number: int | None) -> str:
    """A person presses a button under a message (the newest that has it); return the id of the callback query.

    Somebody to whom a private message was forwarded with its keyboard presses it in the chat that it comes from.
    """
    at = chat_of(bot, person, chat)
    for message in reversed(at.messages.values()):
        if message.deleted or message.hidden or number not in {None, message.id}:
            continue
        for row in (message.markup or {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == label and "callback_data" in button:
                    return _query(bot, person, at, message, button["callback_data"])
    raise Impossible("there is no such button")


def _query(bot: Bot, person: int, at: Chat, message: Message, data: str) -> str:
    world = bot.world
    query = f"{world.number():019d}"
    bot.pressed[query] = Pressed(at, person, world.clock.now())
    shown = {"id": query, "from": user(bot, person), "message": at.shown(message), "chat_instance": str(at.id)}
    bot.tell("callback_query", {**shown, "data": data}, ("press", person), lasts=PRESS_LASTS)
    return query


def member(bot: Bot, person: int, chat: int | None, *, inside: bool) -> None:
    """A person blocks or unblocks the bot, or takes it out of a group or back."""
    at = chat_of(bot, person, chat)
    group = "Forbidden: bot was kicked from the group chat"
    at.closed = None if inside else "Forbidden: bot was blocked by the user" if at.private else group
    states: list[Json] = [
        {"status": "member", "user": bot.json},
        {"status": "kicked", "user": bot.json, "until_date": 0},
    ]
    old, new = reversed(states) if inside else states
    told = {"chat": at.json, "from": user(bot, person), "date": int(bot.world.clock.now())}
    bot.tell("my_chat_member", {**told, "old_chat_member": old, "new_chat_member": new}, ("member", person))
    bot.touch(at)


def migrate(bot: Bot, person: int, chat: int) -> int:
    """A group becomes a supergroup with another id; return it."""
    old = chat_of(bot, person, chat)
    new = Chat({**old.json, "id": int(f"-100{bot.world.number():010d}"), "type": "supergroup"}, members=old.members)
    bot.chats[new.id] = new
    moved = bot.add(old, user(bot, person), {"migrate_to_chat_id": new.id})
    arrived = bot.add(new, user(bot, person), {"migrate_from_chat_id": old.id})
    old.migrated_to = new.id
    bot.tell("message", old.shown(moved), ("chat", old.id))
    bot.tell("message", new.shown(arrived), ("chat", new.id))
    return new.id


def view(bot: Bot, chat: int) -> Json:
    """Return a chat as the people in it see it now."""
    at = bot.chats.get(chat)
    if at is None:
        return {"chat": chat, "version": 0, "messages": [], "answers": [], "actions": [], "deleted": []}
    seen = [message for message in at.messages.values() if not message.deleted and not message.hidden]
    return {
        "chat": chat,
        "version": at.version,
        "messages": [_seen(bot, message) for message in seen],
        "answers": at.answers,
        "actions": at.actions,
        "deleted": [message.id for message in at.messages.values() if message.deleted],
    }


def _seen(bot: Bot, message: Message) -> Json:
    content = message.content
    named: list[Any] = [content["document"]] if "document" in content else content.get("photo", [])[-1:]
    file = bot.world.files[named[0]["file_unique_id"]] if named else None
    return {
        "id": message.id,
        "from_bot": message.sender["id"] == bot.json["id"],
        "sender": message.sender["id"],
        "content": content,
        "markup": message.markup or {},
        "reply_to": message.reply_to,
        "options": message.options,
        "edited": message.edited is not None,
        "earlier": message.earlier,
        "file": {"unique": file.unique, "name": file.name, "mime": file.mime, "size": file.size} if file else None,
    }
