"""A chat as the people in it see it."""

from dataclasses import dataclass

from tests.peer.description import Json


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a message; ``Person.opens`` gives its bytes."""

    unique: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A message."""

    raw: Json

    @property
    def id(self) -> int:
        return int(self.raw["id"])

    @property
    def from_bot(self) -> bool:
        return bool(self.raw["from_bot"])

    @property
    def text(self) -> str:
        content = self.raw["content"]
        return str(content.get("text", content.get("caption", "")))

    @property
    def edited(self) -> bool:
        return bool(self.raw["edited"])

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the keyboard under the message, row by row."""
        return [[button["text"] for button in row] for row in self.raw["markup"].get("inline_keyboard", [])]

    @property
    def reply_keyboard(self) -> list[list[str]]:
        """The labels of the keyboard that takes the place of the letters."""
        return [[button["text"] for button in row] for row in self.raw["markup"].get("keyboard", [])]

    @property
    def file(self) -> Document | None:
        return Document(**self.raw["file"]) if self.raw["file"] else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press of a button brought: a short note, or an alert."""

    query: str
    person: int
    text: str
    alert: bool
    url: str


@dataclass(frozen=True, slots=True)
class View:
    """All that is to be seen in a chat now; deleted messages are not."""

    raw: Json

    @property
    def version(self) -> int:
        return int(self.raw["version"])

    @property
    def messages(self) -> list[Shown]:
        return [Shown(message) for message in self.raw["messages"]]

    @property
    def from_bot(self) -> list[Shown]:
        return [message for message in self.messages if message.from_bot]

    @property
    def texts(self) -> list[str]:
        """The texts of the bot's messages."""
        return [message.text for message in self.from_bot]

    @property
    def last(self) -> Shown:
        """The bot's newest message."""
        return self.from_bot[-1]

    @property
    def answers(self) -> list[Answer]:
        named = {"callback_query_id": "query"}
        return [
            Answer(**{named.get(key, key): value for key, value in answer.items()}) for answer in self.raw["answers"]
        ]

    @property
    def actions(self) -> list[str]:
        return list(self.raw["actions"])

    @property
    def deleted(self) -> list[int]:
        return list(self.raw["deleted"])
