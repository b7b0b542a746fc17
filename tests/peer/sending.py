"""Messages that a bot sends and edits."""

from collections.abc import Callable, Mapping

from tests.peer.bot import Bot, Sent
from tests.peer.checking import Upload
from tests.peer.description import Json, Refused
from tests.peer.entities import read_caption, read_text
from tests.peer.state import Chat, File, Message

_LARGEST_DOCUMENT = 50 * 2**20
_LARGEST_PHOTO = 10 * 2**20
_LARGEST_THUMBNAIL = 200 * 2**10
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF8", b"BM")
_OPTIONS = ("protect_content", "disable_notification", "link_preview_options")


def send(bot: Bot, method: str, given: Json) -> Json:
    """Add a message of the bot to a chat; raises ``Refused``."""
    chat = bot.chat(given["chat_id"])
    content = _CONTENTS[method](bot, given)
    reply_to = _reply_to(chat, given.get("reply_parameters"))
    now = bot.world.clock.now()
    bot.limits.pass_or_refuse(chat.id, group=not chat.private, now=now)
    bot.sent.append(Sent(now, method, chat.id))
    options = {name: given[name] for name in _OPTIONS if name in given}
    message = bot.add(chat, bot.json, content, markup=given.get("reply_markup"), reply_to=reply_to, options=options)
    return chat.shown(message)


def edit_text(message: Message, given: Json) -> bool:
    """Give a message another text and keyboard; say whether it differs."""
    content = read_text(given)
    markup = given.get("reply_markup") or {}
    same_markup = markup.get("inline_keyboard", []) == (message.markup or {}).get("inline_keyboard", [])
    if content == message.content and same_markup:
        return False
    message.earlier.append(message.content)
    message.content, message.markup = content, markup
    message.options |= {name: given[name] for name in _OPTIONS if name in given}
    return True


def _text(_: Bot, given: Json) -> Json:
    return read_text(given)


def _file(bot: Bot, given: object, largest: int) -> File:
    if isinstance(given, Upload):
        if not given.data:
            raise Refused("file must be non-empty")
        if len(given.data) > largest:
            raise Refused("Request Entity Too Large", 413)
        return bot.world.keep(given.data, name=given.name, mime=given.mime)
    file = bot.file(str(given))
    if file is None:
        raise Refused("wrong file identifier/HTTP URL specified", kind="state")
    return file


def _document(bot: Bot, given: Json) -> Json:
    thumbnail = given.get("thumbnail")
    if thumbnail is not None and not (isinstance(thumbnail, Upload) and len(thumbnail.data) <= _LARGEST_THUMBNAIL):
        raise Refused("wrong thumbnail: it must be uploaded, and be at most 200 kB")
    file = _file(bot, given["document"], _LARGEST_DOCUMENT)
    return {"document": described(bot, file, {"file_name": file.name, "mime_type": file.mime}), **read_caption(given)}


def _photo(bot: Bot, given: Json) -> Json:
    file = _file(bot, given["photo"], _LARGEST_PHOTO)
    if not file.data.startswith(_IMAGES):
        raise Refused("IMAGE_PROCESS_FAILED")
    more = {"has_media_spoiler": True} if given.get("has_spoiler") else {}
    return {"photo": [described(bot, file, {"width": 1280, "height": 960})], **more, **read_caption(given)}


def described(bot: Bot, file: File, more: Json) -> Json:
    """Return how the Bot API names a file to this bot."""
    return {"file_id": bot.file_id(file), "file_unique_id": file.unique, "file_size": file.size, **more}


def _reply_to(chat: Chat, given: Json | None) -> int | None:
    if given is None:
        return None
    number = int(given["message_id"])
    if number in chat.messages and not chat.messages[number].deleted:
        return number
    if given.get("allow_sending_without_reply"):
        return None
    raise Refused("message to be replied not found", kind="state")


_CONTENTS: Mapping[str, Callable[[Bot, Json], Json]] = {
    "sendMessage": _text,
    "sendDocument": _document,
    "sendPhoto": _photo,
}
