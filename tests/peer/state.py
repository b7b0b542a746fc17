"""What the peer remembers: bots, people, chats, messages, files; and a clock that a test moves."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.peer.description import Json

START = 1790730000  # 2026-09-30 09:00 in Shanghai


class Clock:
    """Runs on from a fixed moment; a test moves it on."""

    def __init__(self, start: float = START) -> None:
        self._start = start - time.monotonic()

    def now(self) -> float:
        return self._start + time.monotonic()

    def move(self, seconds: float) -> None:
        self._start += seconds


class Changes:
    """Lets whoever waits look again after each change; costs nothing while nobody waits."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def until(self, reached: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until something holds; say whether it did within the time."""
        end = None if seconds is None else time.monotonic() + seconds
        while not reached():
            woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(woken)
            try:  # not ``wait_for``: in Python 3.11 it does not pass on a cancellation that comes with the change
                done, _ = await asyncio.wait({woken}, timeout=None if end is None else end - time.monotonic())
            finally:
                self._waiting.discard(woken)
            if not done:
                return reached()
        return True


@dataclass(slots=True)
class File:
    """Something that was sent; ``size`` may be more than the bytes that are kept."""

    unique: str
    name: str
    mime: str
    data: bytes
    size: int


@dataclass(slots=True)
class Message:
    """A message of a chat; ``content`` holds its fields as the Bot API names them."""

    id: int
    sender: Json
    date: int
    content: Json
    markup: Json | None = None
    reply_to: int | None = None
    options: Json = field(default_factory=dict)
    edited: int | None = None
    deleted: bool = False
    hidden: bool = False
    earlier: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Chat:
    """A chat as one bot has it; ``version`` counts what happened in it."""

    json: Json
    messages: dict[int, Message] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    answers: list[Json] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    closed: str | None = None  # why the bot may not write
    migrated_to: int | None = None
    menu_button: Json | None = None
    version: int = 0

    @property
    def id(self) -> int:
        return int(self.json["id"])

    @property
    def private(self) -> bool:
        return bool(self.json["type"] == "private")

    def shown(self, message: Message, *, depth: int = 1) -> Json:
        """Return a message as the Bot API shows it."""
        shown: Json = {"message_id": message.id, "from": message.sender, "chat": self.json, "date": message.date}
        shown |= message.content
        if message.edited is not None:
            shown["edit_date"] = message.edited
        if message.options.get("protect_content"):
            shown["has_protected_content"] = True
        if message.markup is not None and message.markup.get("inline_keyboard"):
            shown["reply_markup"] = message.markup
        if depth and message.reply_to in self.messages:
            shown["reply_to_message"] = self.shown(self.messages[message.reply_to], depth=depth - 1)
        return shown


@dataclass(slots=True)
class Pressed:
    """A callback query."""

    chat: Chat
    person: int
    at: float
    answered: bool = False


@dataclass(slots=True)
class Fault:
    """Something a bot asked for that the peer refused on its own account."""

    method: str
    kind: str
    code: int
    description: str


@dataclass(slots=True)
class Profile:
    """What a bot says of itself, by language (and scope)."""

    commands: dict[str, list[Json]] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    menu_button: Json | None = None


class World:
    """Everything that all bots share."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.changes = Changes()
        self.people: dict[int, Json] = {}
        self.files: dict[str, File] = {}
        self._numbers: Iterator[int] = itertools.count(1)

    def number(self) -> int:
        return next(self._numbers)

    def keep(self, data: bytes, *, name: str, mime: str, size: int | None = None) -> File:
        """Keep a file; it is the same one in every chat."""
        file = File(f"AgAD{self.number():08x}", name, mime, data, len(data) if size is None else size)
        self.files[file.unique] = file
        return file
