"""What the documentation says beyond types: keyboards, buttons, commands, entities, words from closed lists."""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from tests.peer.description import UPDATE_TYPES, Json, Refused
from tests.peer.entities import read_caption, read_text


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ACTIONS = _words(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker"
    " find_location record_video_note upload_video_note"
)
ENTITIES = _words(
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote"
    " expandable_blockquote code pre text_link text_mention custom_emoji date_time"
)
STYLES = frozenset({"danger", "success", "primary"})
PARSE_MODES = frozenset({"html", "markdown", "markdownv2"})
_PRESSED = _words(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat"
    " switch_inline_query_chosen_chat copy_text callback_game pay"
)
_REQUESTED = _words(
    "request_users request_chat request_managed_bot request_contact request_location request_poll web_app"
)
_MOST_BUTTONS, _MOST_COMMANDS = 100, 100


def _word(name: str, words: frozenset[str], value: object, *, lower: bool = False) -> None:
    if value is not None and (str(value).lower() if lower else value) not in words:
        raise Refused(f"wrong {name} specified")


def _url(value: str, *, schemes: frozenset[str], what: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.netloc:
        raise Refused(f"{what} URL '{value}' is invalid")


def _inline_button(button: Json) -> None:
    actions = button.keys() & _PRESSED
    if not actions:
        raise Refused("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise Refused("can't parse inline keyboard button: exactly one of its optional fields must be used")
    _button(button)
    if "url" in button:
        _url(button["url"], schemes=frozenset({"http", "https", "tg"}), what="inline keyboard button")
    if button.get("pay") is False:
        raise Refused("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _reply_button(button: Json) -> None:
    if len(button.keys() & _REQUESTED) > 1:
        raise Refused("can't parse keyboard button: at most one of its optional fields may be used")
    _button(button)


def _button(button: Json) -> None:
    if not button["text"].strip():
        raise Refused("can't parse keyboard button: text is empty")
    _word("button style", STYLES, button.get("style"))


def _inline_keyboard(markup: Json) -> None:
    _rows(markup["inline_keyboard"])


def _reply_keyboard(markup: Json) -> None:
    if not markup["keyboard"]:
        raise Refused("reply keyboard is empty")
    _rows(markup["keyboard"])


def _rows(rows: Sequence[Sequence[Json]]) -> None:
    if any(not row for row in rows):
        raise Refused("a row of the keyboard is empty")
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise Refused("reply markup is too long")


def _always_true(name: str) -> Callable[[Json], None]:
    def check(markup: Json) -> None:
        if markup[name] is not True:
            raise Refused(f"{name} must be true")

    return check


def _command(command: Json) -> None:
    if not re.fullmatch(r"[a-z0-9_]+", command["command"]):
        raise Refused("BOT_COMMAND_INVALID")


def _entity(entity: Json) -> None:
    _word("entity type", ENTITIES, entity["type"])
    if entity["offset"] < 0 or entity["length"] <= 0:
        raise Refused("entity offset or length is invalid")
    needed = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id", "date_time": "unix_time"}
    if (name := needed.get(entity["type"])) and name not in entity:
        raise Refused(f"an entity {entity['type']} needs {name}")


def _web_app(info: Json) -> None:
    _url(info["url"], schemes=frozenset({"https"}), what="Web App")


OBJECT_RULES: Mapping[str, Callable[[Json], None]] = {
    "InlineKeyboardButton": _inline_button,
    "InlineKeyboardMarkup": _inline_keyboard,
    "KeyboardButton": _reply_button,
    "ReplyKeyboardMarkup": _reply_keyboard,
    "ReplyKeyboardRemove": _always_true("remove_keyboard"),
    "ForceReply": _always_true("force_reply"),
    "BotCommand": _command,
    "MessageEntity": _entity,
    "WebAppInfo": _web_app,
}


def _sends(given: Json) -> None:
    _word("parse_mode", PARSE_MODES, given.get("parse_mode"), lower=True)
    _texts(given)
    for name in ("entities", "caption_entities"):
        if name in given and given.get("parse_mode"):
            raise Refused(f"{name} and parse_mode exclude each other")
    if (given.get("reply_markup") or {}).get("inline_keyboard") == []:
        raise Refused("inline keyboard is empty")


def _edits(given: Json) -> None:
    _word("parse_mode", PARSE_MODES, given.get("parse_mode"), lower=True)
    _texts(given)
    if "inline_message_id" not in given and not {"chat_id", "message_id"} <= given.keys():
        raise Refused("message identifier is not specified")
    if "inline_message_id" in given and {"chat_id", "message_id"} & given.keys():
        raise Refused("inline_message_id excludes chat_id and message_id")


def _texts(given: Json) -> None:
    """Read the marks of a text or caption as it will be read when it is sent, for what is wrong with it."""
    if "text" in given:
        read_text(given)
    if "caption" in given:
        read_caption(given)


def _has_text(given: Json) -> None:
    if ("text" in given) == ("rich_message" in given):
        raise Refused("message text is empty")


def _updates(given: Json) -> None:
    if set(given.get("allowed_updates", ())) - set(UPDATE_TYPES):
        raise Refused("allowed_updates names a type that there is not")
    if not 1 <= given.get("limit", 100) <= 100 or given.get("timeout", 0) < 0:
        raise Refused("limit must be 1 to 100 and timeout not negative")


def _webhook(given: Json) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", given.get("secret_token", "x")):
        raise Refused("secret token contains unallowed characters")
    if not 1 <= given.get("max_connections", 40) <= 100:
        raise Refused("max_connections must be 1 to 100")
    parts = urlsplit(given["url"])
    if given["url"] and parts.scheme != "https" and (parts.scheme, parts.hostname) != ("http", "127.0.0.1"):
        raise Refused("bad webhook: An HTTPS URL must be provided for webhook")


def _commands(given: Json) -> None:
    names = [command["command"] for command in given.get("commands", ())]
    if len(names) > _MOST_COMMANDS or len(set(names)) < len(names):
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    _language(given)


def _language(given: Json) -> None:
    if not re.fullmatch(r"|[a-z]{2}", given.get("language_code", "")):
        raise Refused("invalid language code specified")


def _batch(given: Json) -> None:
    if not 1 <= len(given["message_ids"]) <= 100:
        raise Refused("message_ids must name 1 to 100 messages")


def _action(given: Json) -> None:
    _word("parameter action in request", ACTIONS, given["action"])


def _cache_time(given: Json) -> None:
    if given.get("cache_time", 0) < 0:
        raise Refused("cache_time must not be negative")


METHOD_RULES: Mapping[str, Sequence[Callable[[Json], None]]] = {
    "getUpdates": [_updates],
    "setWebhook": [_updates, _webhook],
    "setMyCommands": [_commands],
    "deleteMyCommands": [_commands],
    "setMyDescription": [_language],
    "setMyShortDescription": [_language],
    "sendMessage": [_sends],
    "sendDocument": [_sends],
    "sendPhoto": [_sends],
    "editMessageText": [_edits, _has_text],
    "editMessageReplyMarkup": [_edits],
    "deleteMessages": [_batch],
    "sendChatAction": [_action],
    "answerCallbackQuery": [_cache_time],
}
