"""The control side (``POST /peer/<verb>`` with JSON): what a test makes, does, switches on and reads back."""

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from tests.peer import people
from tests.peer.bot import Bot
from tests.peer.description import Json
from tests.peer.limits import Figures
from tests.peer.peer import Peer
from tests.peer.state import Chat
from tests.peer.switches import Trouble


async def _make_bot(peer: Peer, given: Json) -> int:
    bot = peer.make_bot(given["token"], username=given["username"], reads_groups=given["reads_groups"])
    return int(bot.json["id"])


async def _make_person(peer: Peer, given: Json) -> int:
    return peer.make_person(given)


async def _make_group(peer: Peer, given: Json) -> int:
    bot, number = peer.bots[given["token"]], peer.group_number()
    bot.chats[number] = Chat({"id": number, "type": "group", "title": given["title"]}, members=set(given["members"]))
    return number


async def _say(bot: Bot, given: Json) -> int:
    content = {**people.text(given["text"]), **given.get("more", {})}
    return people.post(bot, given["person"], given.get("chat"), content, given.get("reply_to"))


async def _send(bot: Bot, given: Json) -> int:
    content = {**people.media(bot, given["kind"], given["file"]), **given.get("more", {})}
    return people.post(bot, given["person"], given.get("chat"), content, given.get("reply_to"))


async def _post(bot: Bot, given: Json) -> int:
    return people.post(bot, given["person"], given.get("chat"), given["content"])


async def _edit(bot: Bot, given: Json) -> None:
    people.edit(bot, given["person"], given.get("chat"), given["message"], people.text(given["text"]))


async def _press(bot: Bot, given: Json) -> str:
    return people.press(bot, given["person"], given.get("chat"), given["label"], given.get("message"))


async def _member(bot: Bot, given: Json) -> None:
    people.member(bot, given["person"], given.get("chat"), inside=given["inside"])


async def _deactivate(bot: Bot, given: Json) -> None:
    people.chat_of(bot, given["person"]).closed = "Forbidden: user is deactivated"


async def _clear(bot: Bot, given: Json) -> None:
    chat = people.chat_of(bot, given["person"])
    for message in chat.messages.values():
        message.hidden = True
    bot.touch(chat)


async def _migrate(bot: Bot, given: Json) -> int:
    return people.migrate(bot, given["person"], given["chat"])


async def _raw(bot: Bot, given: Json) -> int:
    return bot.delivery.add(given["kind"], given["body"], ("raw", given.get("queue", 0)), 86_400)


async def _view(bot: Bot, given: Json) -> Json:
    """Return a chat; with ``after``, not before its version is a later one."""

    def later() -> bool:
        return given["chat"] in bot.chats and bot.chats[given["chat"]].version > given["after"]

    if "after" in given:
        await bot.world.changes.until(later, given["seconds"])
    return people.view(bot, given["chat"])


async def _file(bot: Bot, given: Json) -> str:
    return base64.b64encode(bot.world.files[given["unique"]].data).decode()


async def _settled(peer: Peer, given: Json) -> Json:
    settled = await peer.settled(given["seconds"])
    bots = {bot.json["username"]: [len(bot.delivery.pending), bot.in_flight] for bot in peer.bots.values()}
    return {"settled": settled, "pending and in flight": bots}


async def _faults(peer: Peer, given: Json) -> list[Json]:
    """Return what was refused, and forget it."""
    found = [{"bot": bot.json["username"], **asdict(fault)} for bot in peer.bots.values() for fault in bot.faults]
    for bot in peer.bots.values():
        bot.faults.clear()
    return found


async def _log(bot: Bot, given: Json) -> list[Json]:
    logs: Mapping[str, Any] = {"sent": bot.sent, "requests": bot.requests, "attempts": bot.delivery.attempts}
    return [asdict(line) for line in logs[given["of"]]]


async def _profile(bot: Bot, given: Json) -> Json:
    allowed, hook = sorted(bot.delivery.allowed), bot.delivery.webhook
    return {**asdict(bot.profile), "webhook": asdict(hook) if hook else None, "allowed_updates": allowed}


async def _trouble(bot: Bot, given: Json) -> None:
    bot.switches.troubles.append(Trouble.of(**given["trouble"]))


async def _calm(bot: Bot, given: Json) -> None:
    bot.switches.calm()
    await _down(bot, {"down": False})


async def _lose_answers(bot: Bot, given: Json) -> None:
    bot.switches.lost_answers = given["times"]


async def _limits(bot: Bot, given: Json) -> None:
    bot.limits.switch(Figures(**given["figures"]) if given["figures"] is not None else None)


async def _down(bot: Bot, given: Json) -> None:
    bot.down = given["down"]
    bot.world.changes.tell()


async def _revoke(bot: Bot, given: Json) -> None:
    bot.revoked = True


async def _move_clock(peer: Peer, given: Json) -> float:
    peer.world.clock.move(given["seconds"])
    for bot in peer.bots.values():
        bot.delivery.drop_expired()
    return peer.world.clock.now()


WORLD_VERBS: Mapping[str, Callable[[Peer, Json], Awaitable[object]]] = {
    "make_bot": _make_bot,
    "make_person": _make_person,
    "make_group": _make_group,
    "settled": _settled,
    "faults": _faults,
    "move_clock": _move_clock,
}
BOT_VERBS: Mapping[str, Callable[[Bot, Json], Awaitable[object]]] = {
    "say": _say,
    "send": _send,
    "post": _post,
    "edit": _edit,
    "press": _press,
    "member": _member,
    "deactivate": _deactivate,
    "clear": _clear,
    "migrate": _migrate,
    "raw": _raw,
    "view": _view,
    "file": _file,
    "log": _log,
    "profile": _profile,
    "trouble": _trouble,
    "calm": _calm,
    "lose_answers": _lose_answers,
    "limits": _limits,
    "down": _down,
    "revoke": _revoke,
}


async def carry_out(peer: Peer, verb: str, given: Json) -> object:
    """Carry out a verb; raises ``Impossible`` if nobody could do that."""
    if verb in WORLD_VERBS:
        return await WORLD_VERBS[verb](peer, given)
    if verb not in BOT_VERBS or given.get("token") not in peer.bots:
        raise people.Impossible("there is no such verb, or no such bot")
    return await BOT_VERBS[verb](peer.bots[given["token"]], given)
