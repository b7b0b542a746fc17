"""Residents in chats with the bot, who have planted words in everything that a platform tells of a person."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from tests.bots.informant.talk import Talk
from tests.browser.chatting import Chatting, chatting
from tests.leaks.clerk import Clerk
from tests.leaks.house import House, until
from tests.leaks.planted import PLANTED, photograph, words
from tests.leaks.resident import plant_receipt
from tests.leaks.store import Store
from tests.peer.client import Attachment, Person
from tests.peer.description import Json
from tests.peer.running import process

_PATIENCE: Final = 60.0  # seconds: a bot starts after the pages
_TO_FACTS: Final = ("1", "1", "1", "不清楚", "M5", "1")


@contextmanager
def platform(house: House) -> Iterator["Platform"]:
    """Run a platform as long as the block lasts; processes that start from now on have the bot."""
    house.command("channels", "accept", "telegram", "--by", "某主任", "--assessment", "评估一号")
    with process() as url, chatting(url, words("chat: token")) as chat:
        house.told |= {
            "JINGSHI_INFORMANT_TOKEN": words("chat: token"),
            "JINGSHI_TELEGRAM_API": url,
            "JINGSHI_PUBLIC_URL": f"http://127.0.0.1:{house.port}",
        }
        yield Platform(house, chat)


class Platform:
    """The platform, with one resident who reports and one who stops half-way."""

    def __init__(self, house: House, chat: Chatting) -> None:
        self.house = house
        self.chat = chat
        self.reporter = self._somebody(user_id=int(words("chat: id")))

    def _somebody(self, *, user_id: int = 0) -> Talk:
        name, username = words("chat: first name"), words("chat: user name")
        person = self.chat.do(self.chat.bot.person(name, username=username, user_id=user_id))
        return Talk(person, patience=_PATIENCE)

    def week_of(self, store: Store, clerk: Clerk) -> None:
        """Let them write while things break; the clerk answers the one who asked to be told."""
        self.chat.do(self._reports())
        with store.refusing():
            self.chat.do(self.reporter.person.says(words("chat: added")))
            until(self._was_put_off)
            self.house.keep_open_files("intake")
        self.chat.do(self._goes_on())
        self.chat.do(self._stops_half_way(self._somebody()))
        item = str(UUID(str(store.run("SELECT id FROM item WHERE channel = 'telegram'")[0]["id"])))
        content = clerk.open(item)
        assert words("chat: facts") in str(content)
        assert words("chat: file name") in str(content)
        clerk.reply(item, "answer")

    def tells(self) -> None:
        """Wait until the worker has told the one who reported that there is an answer."""
        owed = self.reporter.t("owed.reply_waiting")
        self.chat.do(self.reporter.person.sees_when(lambda view: owed in view.texts, _PATIENCE))

    async def _reports(self) -> None:
        talk, bot = self.reporter, self.chat.bot
        await _begins(talk)
        await bot.trouble("drop_after", "sendMessage")
        await talk.says("九月", "大厅", "1")
        await bot.lose_answers(2)
        await talk.says(words("chat: facts"))
        await talk.presses("question.done")
        await bot.trouble("cut", "file")
        await talk.person.sends("document", _file("jpg", "image/jpeg"), caption=words("chat: caption"))
        await talk.person.sends("document", _file("zip", "application/zip"))
        await talk.settled()
        await bot.raw("something_new", {"text": words("chat: what")})
        await bot.raw("message", {"text": words("chat: what")})
        await talk.presses("question.done")
        await talk.says("不留", "可以")
        await talk.presses("review.submit")
        receipt = await talk.receipt()
        plant_receipt("receipt of a chat", receipt)
        await talk.presses("here.go", "receipt.noted", "purge.leave")
        await talk.says(f"/receipt {words('chat: typed for a receipt')}", receipt.text)

    async def _goes_on(self) -> None:
        await self.reporter.settled()
        await self.reporter.presses("facts.send", "thread.retaliation")
        await self.reporter.says(words("chat: retaliation"))
        await self.reporter.presses("complaint.send")
        await self._plant_files()

    async def _stops_half_way(self, talk: Talk) -> None:
        await _begins(talk)
        PLANTED["chat: id of another"] = str(talk.person.id)
        await talk.person.is_deactivated()

    async def _plant_files(self) -> None:
        for message in (await self.reporter.sees()).messages:
            if message.file is not None:
                PLANTED[f"file {message.id} of a chat"] = message.file.unique
                PLANTED[f"file {message.id} of a chat, as the bot asks for it"] = f"BQAC100-{message.file.unique}"

    def _was_put_off(self) -> bool:
        return any(line["status"] == 503 for line in self.chat.do(self.chat.bot.attempts())[-1:])


async def _begins(talk: Talk) -> None:
    await talk.begins()
    contact = {"phone_number": words("chat: phone"), "first_name": words("chat: first name")}
    await talk.person.posts({"contact": contact})
    await talk.settled()
    await talk.says(*_TO_FACTS)
    await talk.person.says(words("chat: what"), origin=_origin(talk.person))
    await talk.settled()


def _origin(person: Person) -> Json:
    named: Mapping[str, str] = {"first_name": words("chat: origin"), "username": words("chat: user name")}
    return {"type": "user", "date": 1, "sender_user": {"id": person.id, "is_bot": False, **named}}


def _file(suffix: str, mime: str) -> Attachment:
    return Attachment(photograph(), f"{words('chat: file name')}.{suffix}", mime)
