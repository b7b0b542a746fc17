"""After a conversation full of faults nothing on the disk and in the log says who it was, or what was said."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from jingshi.logs import LEVELS, PlainFormatter
from tests.bots.informant.conftest import Inform, Informing
from tests.bots.informant.talk import JPEG, Talk
from tests.bots.informant.waiting import until
from tests.bots.outage import out_of_reach
from tests.leaks.search import Search
from tests.leaks.store import Store
from tests.peer.client import Attachment, Bot, Peer
from tests.peer.description import Json

RUN = token_hex(5)
TOKEN = f"100:heron-token-{RUN}"
CHAT, ORIGIN = 7_318_204_655, 7_655_402_813
WORDS = {
    "first name": f"澹台听雨{RUN}",
    "user name": f"heron_{RUN}",
    "phone": f"+8613800{RUN}",
    "origin": f"仲孙知白{RUN}",
    "what": f"收了八罐龙井茶{RUN}",
    "facts": f"窗口后面第三张桌子{RUN}",
    "file name": f"账本{RUN}",
    "file text": f"账本第七页{RUN}",
    "added": f"第二天又来过一次{RUN}",
    "caption": f"这一页是重点{RUN}",
    "mistyped": f"把手机号当成回执{RUN}",
}
CONTROL = "云汀区建设局"  # the name of a unit: it lies in clear, and must be found


class Logs:
    """All that the libraries and we would ever log, as the processes write it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(PlainFormatter("intake"))


@pytest.fixture
def logs() -> Iterator[Logs]:
    """The log, at its most talkative."""
    kept, told = {name: logging.getLogger(name).level for name in ("", "jingshi", *LEVELS)}, Logs()
    for name in kept:
        logging.getLogger(name).setLevel(logging.DEBUG if "sql" not in name else LEVELS[name])
    logging.getLogger().addHandler(told.handler)
    yield told
    logging.getLogger().removeHandler(told.handler)
    for name, level in kept.items():
        logging.getLogger(name).setLevel(level)


async def reports_through_faults(it: Informing, talk: Talk) -> None:
    """Report with everything that a person may send, while the platform and the database stumble."""
    person, bot = talk.person, it.bot
    await talk.says("举报")
    await talk.presses("notice.begin")
    await person.posts({"contact": {"phone_number": WORDS["phone"], "first_name": WORDS["first name"]}})
    await talk.settled()
    await talk.says("1", "1", "建设", "不清楚", "M5", "1")
    await person.says(WORDS["what"], origin=origin(ORIGIN))
    await talk.settled()
    await bot.trouble("drop_after", "sendMessage")
    await talk.says("九月", "大厅", "1")
    await bot.too_many("sendMessage", retry_after=1)
    await talk.says(WORDS["facts"])
    await bot.lose_answers(2)
    await talk.presses("question.done")
    await bot.trouble("cut", "file")
    await person.sends("document", book("txt", "text/plain"), caption=WORDS["caption"])
    await person.sends("document", book("zip", "application/zip"))
    await talk.settled()
    await talk.presses("question.done")
    await bot.trouble("answer", "sendMessage", code=502, description="Bad Gateway")
    await talk.says("不留", "可以")


def origin(number: int) -> Json:
    sender = {"id": number, "is_bot": False, "first_name": WORDS["origin"], "username": WORDS["user name"]}
    return {"type": "user", "date": 1, "sender_user": sender}


def book(suffix: str, mime: str) -> Attachment:
    return Attachment(WORDS["file text"].encode() * 90, f"{WORDS['file name']}.{suffix}", mime)


async def comes_back(it: Informing, talk: Talk, receipt: str) -> None:
    """Look, add, mistype, break something of ours, and be forgotten."""
    await talk.presses("receipt.noted", "purge.leave")
    await talk.says(f"/receipt {WORDS['mistyped']}", receipt, WORDS["added"])
    await talk.person.sends("photo", Attachment(JPEG, "p.jpg", "image/jpeg"), caption=WORDS["caption"])
    await talk.settled()

    async def refused() -> bool:
        return any(line["status"] == 503 for line in (await it.bot.attempts())[-1:])

    with out_of_reach(it.app):
        await talk.person.presses(talk.t("facts.send"))
        await until(refused)
    await talk.settled()
    await talk.presses("here.go")
    throttle, it.application.informant.throttle = it.application.informant.throttle, None  # type: ignore[assignment]
    await talk.says("/cancel", f"/receipt {WORDS['mistyped']}")
    it.application.informant.throttle = throttle
    await talk.says("/forget")
    await talk.presses("forget.yes")


async def files_of(bot: Bot, talk: Talk) -> dict[str, str]:
    """Return the ids that the platform gave to the files of a chat."""
    found = {}
    for message in (await talk.sees()).messages:
        if message.file is not None:
            found[f"file {message.id}"] = message.file.unique
            found[f"file id {message.id}"] = f"BQAC{bot.token.partition(':')[0]}-{message.file.unique}"
    return found


async def test_nothing_that_stays_says_who_somebody_was_or_what_they_said(
    inform: Inform, peer: Peer, logs: Logs, tmp_path: Path, database_url: str
) -> None:
    platform = await peer.bot(TOKEN)
    async with inform(webhook=True, bot=platform) as it:
        talk = await it.somebody()
        talk.person = await platform.person(WORDS["first name"], username=WORDS["user name"], user_id=CHAT)
        await reports_through_faults(it, talk)
        await talk.presses("review.submit")
        receipt = await talk.receipt()
        drafts = Store(database_url).run("SELECT sealed FROM draft")
        assert len(drafts) == 1
        await comes_back(it, talk, receipt.text)
        ids = {"chat": str(CHAT), "origin id": str(ORIGIN), "token": TOKEN, **await files_of(platform, talk)}
        markers = {**WORDS, **ids, "receipt": receipt.code, "receipt, in groups": receipt.text, "control": CONTROL}
        search = Search(markers)
        search.folder(tmp_path, "disk")
        for name, rows in Store(database_url).tables():
            search.cells(rows, f"cells/{name}")
    search.piece(logs.stream.getvalue().encode(), "log")
    for told in ("an update will be delivered again", "AttributeError", "aiogram.event"):
        assert told in logs.stream.getvalue()
    assert search.places_of("control", within="cells/unit.name")
    assert {name: search.places_of(name) for name in markers if name != "control" and search.places_of(name)} == {}
