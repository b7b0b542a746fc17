"""Answers and where a person is: everything a draft holds, as immutable data that JSON carries unchanged."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.errors import Invalid


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that the front end has put away: an opaque id, what the person called it, bytes, media type."""

    id: str
    name: str
    size: int
    media_type: str


Answer = str | int | tuple[str, ...] | tuple[FileRef, ...]
"""Text, decimal (as plain digits), ISO date or choice: ``str``; integer: ``int``; several choices or files: a tuple."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a person is in a form.

    ``at`` names the question being asked, ``None`` is the summary; ``skipped`` are optional questions passed over;
    ``editing`` says that the person came from the summary and returns to it.
    """

    form_id: str
    version: str
    language: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    at: str | None = None
    editing: bool = False

    def to_json(self) -> str:
        """Return the state as JSON text; `from_json` gives back an equal state."""
        content = {
            "form": self.form_id,
            "version": self.version,
            "language": self.language,
            "answers": {name: _plain(answer) for name, answer in self.answers.items()},
            "skipped": sorted(self.skipped),
            "at": self.at,
            "editing": self.editing,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, content: str | bytes) -> "State":
        """Read what `to_json` wrote.

        Raises:
            Invalid: ``draft_unreadable``, when the content is not a state.
        """
        try:
            read = json.loads(content)
            return cls(
                form_id=str(read["form"]),
                version=str(read["version"]),
                language=str(read["language"]),
                answers={str(name): _answer(plain) for name, plain in read["answers"].items()},
                skipped=frozenset(map(str, read["skipped"])),
                at=None if read["at"] is None else str(read["at"]),
                editing=bool(read["editing"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Invalid("draft_unreadable") from None


def _plain(answer: Answer) -> object:
    if isinstance(answer, tuple):
        return [asdict(part) if isinstance(part, FileRef) else part for part in answer]
    return answer


def _answer(plain: Any) -> Answer:  # noqa: ANN401 - it is JSON, and this is where it is checked
    if isinstance(plain, str) or (isinstance(plain, int) and not isinstance(plain, bool)):
        return plain
    if not isinstance(plain, list):
        raise TypeError
    if all(isinstance(part, str) for part in plain):
        return tuple(plain)
    return tuple(FileRef(str(p["id"]), str(p["name"]), int(p["size"]), str(p["media_type"])) for p in plain)
