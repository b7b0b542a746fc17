"""What is kept of a chat while something is under way in it, sealed: where it stands, and one entry being written."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self
from uuid import UUID

from core.dialogue import State

BOT: Final = "liaison"
CHANNEL: Final = "liaison"


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat. ``place`` is one of `screens.PLACES`; ``duty`` is the obligation that it is about.

    ``state`` is the entry being written, for the obligation ``entry_of``, and ``tag`` tells one entry from the next.
    ``answer`` is the question that was answered last and the message that did, if it was typed. ``entry`` is the entry
    of a record that the place is about, ``remark`` what is to be said when it is sent back.
    """

    place: str = "home"
    duty: UUID | None = None
    entry_of: UUID | None = None
    state: State | None = field(default=None, repr=False)
    tag: str = ""
    answer: tuple[str, int] | None = None
    entry: UUID | None = None
    remark: str = field(default="", repr=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it needs to be kept."""
        return self.place == "home" and self.state is None

    def to_json(self) -> dict[str, Any]:
        """Return what the draft holds."""
        return {
            "place": self.place,
            "duty": self.duty.hex if self.duty else None,
            "entry_of": self.entry_of.hex if self.entry_of else None,
            "state": self.state.to_json() if self.state else None,
            "tag": self.tag,
            "answer": self.answer,
            "entry": self.entry.hex if self.entry else None,
            "remark": self.remark,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave."""
        return cls(
            place=kept["place"],
            duty=UUID(kept["duty"]) if kept["duty"] else None,
            entry_of=UUID(kept["entry_of"]) if kept["entry_of"] else None,
            state=State.from_json(kept["state"]) if kept["state"] else None,
            tag=kept["tag"],
            answer=(str(kept["answer"][0]), int(kept["answer"][1])) if kept["answer"] else None,
            entry=UUID(kept["entry"]) if kept["entry"] else None,
            remark=kept.get("remark", ""),
        )


def new_tag() -> str:
    """Return what tells one entry from the next."""
    return secrets.token_urlsafe(6)
