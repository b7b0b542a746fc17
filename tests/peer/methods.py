"""Carries out what a bot asks for, once the request has been checked."""

from collections.abc import Callable, Mapping

from tests.peer.bot import PRESS_LASTS, Bot
from tests.peer.delivery import Webhook
from tests.peer.description import METHODS, Json, Refused
from tests.peer.sending import edit_text, send
from tests.peer.state import Chat, Message

Result = Json | bool | list[Json]
_DELETABLE = 48 * 3600
_LARGEST_DOWNLOAD = 20 * 2**20
UNSERVED = frozenset(
    {
        "business_connection_id",
        "message_thread_id",
        "direct_messages_topic_id",
        "allow_paid_broadcast",
        "message_effect_id",
        "suggested_post_parameters",
        "certificate",
        "ip_address",
    }
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


async def carry_out(bot: Bot, method: str, given: Json) -> Result:
    """Return the result of a method; raises ``Refused``."""
    if beyond := given.keys() & UNSERVED:
        raise Refused(f"this peer does not carry out {min(beyond)}", 501, kind="unserved")
    match method:
        case "getUpdates":
            bot.delivery.allow(given)
            return await bot.delivery.poll(given.get("offset", 0), given.get("limit", 100), given.get("timeout", 0))
        case "setWebhook":
            bot.delivery.allow(given)
            secret, connections = given.get("secret_token", ""), given.get("max_connections", 40)
            webhook = Webhook(given["url"], secret, connections) if given["url"] else None
            await bot.delivery.set_webhook(webhook, drop=given.get("drop_pending_updates", False))
            return True
        case "deleteWebhook":
            await bot.delivery.set_webhook(None, drop=given.get("drop_pending_updates", False))
            return True
        case _:
            return _METHODS[method](bot, given)


def _get_me(bot: Bot, given: Json) -> Json:
    return bot.me


def _close(bot: Bot, given: Json) -> bool:
    return True


def _webhook_info(bot: Bot, given: Json) -> Json:
    delivery, webhook = bot.delivery, bot.delivery.webhook
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(delivery.pending)}
    if webhook is not None:
        info |= {"url": webhook.url, "max_connections": webhook.connections, "ip_address": "127.0.0.1"}
        if webhook.last_error:
            info |= {"last_error_date": webhook.last_error_at, "last_error_message": webhook.last_error}
    return info | ({"allowed_updates": sorted(delivery.allowed)} if delivery.allowed else {})


def _place(given: Json) -> str:
    scope = given.get("scope", {"type": "default"})
    return " ".join(str(part) for part in [given.get("language_code", ""), *scope.values()])


def _set_commands(bot: Bot, given: Json) -> bool:
    bot.profile.commands[_place(given)] = given["commands"]
    return True


def _delete_commands(bot: Bot, given: Json) -> bool:
    bot.profile.commands.pop(_place(given), None)
    return True


def _set_description(bot: Bot, given: Json) -> bool:
    bot.profile.description[given.get("language_code", "")] = given.get("description", "")
    return True


def _set_short_description(bot: Bot, given: Json) -> bool:
    bot.profile.short_description[given.get("language_code", "")] = given.get("short_description", "")
    return True


def _set_menu_button(bot: Bot, given: Json) -> bool:
    button = given.get("menu_button", {"type": "default"})
    if "chat_id" in given:
        bot.chat(given["chat_id"]).menu_button = button
    else:
        bot.profile.menu_button = button
    return True


def _edit_markup(bot: Bot, given: Json) -> Json:
    chat, message = _own(bot, given)
    markup = given.get("reply_markup") or {}
    if markup.get("inline_keyboard", []) == (message.markup or {}).get("inline_keyboard", []):
        raise Refused(NOT_MODIFIED, kind="state")
    message.markup = markup
    return _edited(bot, chat, message)


def _edit_text(bot: Bot, given: Json) -> Json:
    chat, message = _own(bot, given)
    if "rich_message" in given:
        raise Refused("this peer sends no rich messages", 501, kind="unserved")
    if "text" not in message.content:
        raise Refused("there is no text in the message to edit", kind="state")
    if not edit_text(message, given):
        raise Refused(NOT_MODIFIED, kind="state")
    return _edited(bot, chat, message)


def _own(bot: Bot, given: Json) -> tuple[Chat, Message]:
    if "inline_message_id" in given:
        raise Refused("MESSAGE_ID_INVALID", kind="state")
    chat = bot.chat(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None or message.deleted:
        raise Refused("message to edit not found", kind="state")
    has_other_markup = message.markup and "inline_keyboard" not in message.markup
    if message.sender["id"] != bot.json["id"] or has_other_markup:
        raise Refused("message can't be edited", kind="state")
    return chat, message


def _edited(bot: Bot, chat: Chat, message: Message) -> Json:
    message.edited = int(bot.world.clock.now())
    bot.touch(chat)
    return chat.shown(message)


def _delete(bot: Bot, given: Json) -> bool:
    chat = bot.chat(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None or message.deleted:
        raise Refused("message to delete not found", kind="state")
    _check_deletable(bot, chat, message)
    message.deleted = True
    bot.touch(chat)
    return True


def _delete_many(bot: Bot, given: Json) -> bool:
    chat = bot.chat(given["chat_id"])
    found = [chat.messages[number] for number in given["message_ids"] if number in chat.messages]
    for message in found:
        _check_deletable(bot, chat, message)
    for message in found:
        message.deleted = True
    bot.touch(chat)
    return True


def _check_deletable(bot: Bot, chat: Chat, message: Message) -> None:
    own = message.sender["id"] == bot.json["id"]
    if (not own and not chat.private) or bot.world.clock.now() - message.date >= _DELETABLE:
        raise Refused("message can't be deleted for everyone", kind="state")


def _answer_press(bot: Bot, given: Json) -> bool:
    pressed = bot.pressed.get(given["callback_query_id"])
    if pressed is None or pressed.answered or bot.world.clock.now() - pressed.at > PRESS_LASTS:
        raise Refused("query is too old and response timeout expired or query ID is invalid", kind="state")
    pressed.answered = True
    answer = {"callback_query_id": given["callback_query_id"], "person": pressed.person}
    pressed.chat.answers.append(
        {**answer, "text": given.get("text", ""), "alert": given.get("show_alert", False), "url": given.get("url", "")}
    )
    bot.touch(pressed.chat)
    return True


def _action(bot: Bot, given: Json) -> bool:
    chat = bot.chat(given["chat_id"])
    chat.actions.append(given["action"])
    bot.touch(chat)
    return True


def _file(bot: Bot, given: Json) -> Json:
    file = bot.file(given["file_id"])
    if file is None:
        raise Refused("wrong file_id or the file is temporarily unavailable", kind="state")
    if file.size > _LARGEST_DOWNLOAD:
        raise Refused("file is too big", kind="state")
    found = {"file_id": given["file_id"], "file_unique_id": file.unique, "file_size": file.size}
    return {**found, "file_path": f"documents/{file.unique}"}


def _leave(bot: Bot, given: Json) -> bool:
    chat = bot.chat(given["chat_id"])
    if chat.private:
        raise Refused("chat member status can't be changed in private chats", kind="state")
    chat.closed = "Forbidden: bot is not a member of the group chat"
    bot.touch(chat)
    return True


def _log_out(bot: Bot, given: Json) -> bool:
    bot.revoked = True
    return True


def _send(method: str) -> Callable[[Bot, Json], Json]:
    def carry(bot: Bot, given: Json) -> Json:
        return send(bot, method, given)

    return carry


_METHODS: Mapping[str, Callable[[Bot, Json], Result]] = {
    "getMe": _get_me,
    "getWebhookInfo": _webhook_info,
    "setMyCommands": _set_commands,
    "deleteMyCommands": _delete_commands,
    "setMyDescription": _set_description,
    "setMyShortDescription": _set_short_description,
    "setChatMenuButton": _set_menu_button,
    "sendMessage": _send("sendMessage"),
    "sendDocument": _send("sendDocument"),
    "sendPhoto": _send("sendPhoto"),
    "editMessageText": _edit_text,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete,
    "deleteMessages": _delete_many,
    "answerCallbackQuery": _answer_press,
    "sendChatAction": _action,
    "getFile": _file,
    "leaveChat": _leave,
    "logOut": _log_out,
    "close": _close,
}
if missing := METHODS.keys() - _METHODS.keys() - {"getUpdates", "setWebhook", "deleteWebhook"}:
    raise RuntimeError(f"described, but not carried out: {missing}")
