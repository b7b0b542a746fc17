"""Wherever a button stands its words may be typed, and what follows is the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

import pytest

from bots.files import file_ref
from bots.informant.chat import Chat
from core.app import App, registry
from core.attachments import StoredFile
from core.work import System
from tests.bots.informant.conftest import Inform, Informing
from tests.bots.informant.places import REVIEW, put, state_at, with_file
from tests.bots.informant.talk import Talk
from tests.core.cases.builders import submitted

CODE = re.compile(r"(\w{3}-){6}\w{3}")
MANY = 12
FILE = StoredFile(uuid4(), "窗口.jpg", 9, "image/jpeg", b"\0" * 32, b"\0" * 32)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chat stands: a question of the form (``None``: none), and what else is told of it."""

    chat: Chat
    question: str | None = None
    editing: bool = False
    has_file: bool = False
    has_receipt: bool = False


def form_at(question: str, *, editing: bool = False, has_file: bool = False, asks: str = "", more: str = "") -> Place:
    return Place(Chat(place="form", tag="t", asks=asks, more=more), question, editing=editing, has_file=has_file)


def with_receipt(place: str, *, asks: str = "", facts: str = "") -> Place:
    return Place(Chat(place=place, tag="t", asks=asks, facts=facts, body="leading_group_office"), has_receipt=True)


PLACES: Final[Mapping[str, Place]] = {
    "home": Place(Chat()),
    "notice": Place(Chat(place="notice", tag="t")),
    "first question": form_at("about_official"),
    "choices": form_at("context"),
    "list in pages": form_at("unit"),
    "choice changed": form_at("context", editing=True),
    "line": form_at("happened_where"),
    "line changed": form_at("happened_where", editing=True),
    "story": form_at("facts"),
    "story under way": form_at("facts", more="facts"),
    "files": form_at("attachments"),
    "files held": form_at("attachments", has_file=True),
    "summary": form_at(REVIEW),
    "which answer": form_at(REVIEW, asks="change"),
    "give up": form_at("what", asks="cancel"),
    "begin again": form_at("what", asks="restart"),
    "forget": Place(Chat(asks="forget")),
    "receipt": with_receipt("receipt"),
    "receipt noted": Place(Chat(place="noted", tag="t")),
    "receipt asked for": Place(Chat(place="asking", tag="t")),
    "thread": with_receipt("thread"),
    "facts": with_receipt("facts"),
    "facts held": with_receipt("facts", facts="还有一点"),
    "complaint": with_receipt("complaint"),
    "complaint held": with_receipt("complaint", facts="被调了岗"),
    "withdraw": with_receipt("thread", asks="withdraw"),
}


async def somebody_at(it: Informing, place: Place, language: str = "zh_CN") -> Talk:
    """Return somebody in a new chat that stands at a place, which the bot has shown."""
    talk, chat = await it.somebody(language), replace(place.chat, language=language, chosen=True)
    if place.question is not None:
        state = await state_at(it.app, REVIEW if place.editing or chat.more else place.question, language, {})
        state = replace(state, at=place.question or None, editing=place.editing)
        state = with_file(state, file_ref(FILE)) if place.has_file else state
        chat = replace(chat, state=state, files={str(FILE.id): FILE} if place.has_file else {})
    if place.has_receipt:
        chat = replace(chat, receipt=(await submitted(it.app)).receipt)
    await put(it, talk, chat)
    await talk.says("/start")
    return talk


async def outcome(talk: Talk) -> tuple[str, list[list[str]]]:
    """Return what the newest message says and offers, without the receipt, which is never the same."""
    last = await talk.last()
    return CODE.sub("", last.text), last.buttons


async def many_units(app: App) -> None:
    async with app.work(System("init"), "cli") as work:
        for number in range(MANY):
            await registry.add_unit(
                work, code=f"u{number}", kind="township", name=f"镇{number:02}", name_en=f"T{number}"
            )


@pytest.mark.parametrize("half", [0, 1])
async def test_the_words_of_every_button_do_the_same_as_the_button(inform: Inform, half: int) -> None:
    async with inform() as it:
        await many_units(it.app)
        for name in [*PLACES][half::2]:
            shown = await (await somebody_at(it, PLACES[name])).last()
            labels = [label for row in shown.buttons for label in row]
            assert labels, name
            for label in dict.fromkeys([labels[0], *labels[-3:]]):
                pressing, typing = [await somebody_at(it, PLACES[name]) for _ in range(2)]
                await pressing.person.presses(label)
                await typing.says(label.removeprefix("✔ "))
                assert await outcome(typing) == await outcome(pressing), (name, label)
