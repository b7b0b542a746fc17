"""What is kept of a chat while something is under way in it, sealed: where it stands, and what was entered so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from bots.files import Files
from core.app import attachments
from core.dialogue import State
from core.sealing import Receipt
from core.texts import DEFAULT_LANGUAGE

MOST_TRACES: Final = 300
"""So many messages are remembered to be deleted on wish; of more, the oldest are forgotten."""

WRITING: Final = frozenset({"facts", "complaint"})
"""The places where something is written to a report that is open."""

Parts = tuple[tuple[int, str], ...]
"""The messages that an answer came in: the number of each, and its text where it is one of several."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat. ``place`` is one of `PLACES`; ``asks`` names a confirmation that stands before it.

    ``tag`` tells one report from the next. ``parts`` says, question by question, in which messages the answer came;
    ``more`` is the question whose answer is being continued. ``traces`` are messages that hold the person's words or
    receipt. ``facts`` is what is written at a place of `WRITING`, for the report
    that is open by ``receipt``.
    """

    language: str = DEFAULT_LANGUAGE
    chosen: bool = False
    place: str = "home"
    asks: str = ""
    tag: str = ""
    state: State | None = field(default=None, repr=False)
    files: Files = field(default_factory=dict, repr=False)
    parts: Mapping[str, Parts] = field(default_factory=dict, repr=False)
    more: str = ""
    facts: str = field(default="", repr=False)
    receipt: Receipt | None = field(default=None, repr=False)
    body: str = ""
    here: bool = False
    traces: tuple[int, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it needs to be kept."""
        return self.place == "home" and not (self.asks or self.chosen or self.traces)

    def at_home(self, *, keeps_traces: bool = False) -> Self:
        """Return the chat with nothing under way."""
        traces = self.traces if keeps_traces else ()
        return type(self)(language=self.language, chosen=self.chosen, traces=traces)

    def marked(self, *message_ids: int) -> Self:
        """Return the chat with messages noted that may be deleted on wish."""
        known = dict.fromkeys((*self.traces, *(one for one in message_ids if one)))
        return replace(self, traces=tuple(known)[-MOST_TRACES:])

    def to_json(self) -> dict[str, Any]:
        """Return what the draft holds."""
        return {
            "language": self.language,
            "chosen": self.chosen,
            "place": self.place,
            "asks": self.asks,
            "tag": self.tag,
            "state": self.state.to_json() if self.state else None,
            "files": [file.to_json() for file in self.files.values()],
            "parts": {name: [list(part) for part in parts] for name, parts in self.parts.items()},
            "more": self.more,
            "facts": self.facts,
            "receipt": self.receipt.code if self.receipt else None,
            "body": self.body,
            "here": self.here,
            "traces": list(self.traces),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        files = [attachments.StoredFile.from_json(one) for one in kept["files"]]
        return cls(
            language=kept["language"],
            chosen=kept["chosen"],
            place=kept["place"],
            asks=kept["asks"],
            tag=kept["tag"],
            state=State.from_json(kept["state"]) if kept["state"] else None,
            files={str(file.id): file for file in files},
            parts={name: tuple((one, text) for one, text in parts) for name, parts in kept["parts"].items()},
            more=kept["more"],
            facts=kept["facts"],
            receipt=Receipt(kept["receipt"]) if kept["receipt"] else None,
            body=kept["body"],
            here=kept["here"],
            traces=tuple(kept["traces"]),
        )
