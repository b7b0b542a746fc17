"""A form as it is after reading: fields in order, each with its wording, conditions and limits. Immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from core.dialogue.expressions import Expression
from core.dialogue.runs import normal

Text = Mapping[str, str]
"""A wording in every language of the form, by language code (``zh_CN``, ``en``)."""

Kind = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "select_one",
    "select_multiple",
    "image",
    "audio",
    "video",
    "file",
    "note",
    "calculate",
]
FILE_KINDS: Final = frozenset({"image", "audio", "video", "file"})
SELECT_KINDS: Final = frozenset({"select_one", "select_multiple"})
SILENT_KINDS: Final = frozenset({"note", "calculate"})

MAX_LENGTH: Final = 10_000
MAX_FILES: Final = 1
MAX_MB: Final = 50


def folded(typed: str) -> str:
    """Return ``typed`` as labels are compared: width, case, spaces and a closing full stop do not matter."""
    return "".join(normal("NFKC", typed).casefold().split()).rstrip(".。!")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; ``columns`` hold what a choice filter or a front end may look at.

    ``name`` has no space and is not a bare number: a typed number is a place in the list.
    """

    name: str
    label: Text
    columns: Mapping[str, str] = field(default_factory=dict)


class Choices:
    """A list of choices, looked up by name or by what a person typed. Make it once, ask it often."""

    def __init__(self, choices: Iterable[Choice] = ()) -> None:
        self.all: Final = tuple(choices)
        self.by_name: Final = {choice.name: choice for choice in self.all}
        if len(self.by_name) < len(self.all):
            raise ValueError("two choices of a list bear the same name")

    @cached_property
    def by_label(self) -> Mapping[str, tuple[Choice, ...]]:
        """The choices that bear a label or name, by the folded label, in any language."""
        found: dict[str, dict[str, Choice]] = {}
        for choice in self.all:
            for label in (choice.name, *choice.label.values()):
                found.setdefault(folded(label), {})[choice.name] = choice
        return {label: tuple(choices.values()) for label, choices in found.items()}

    def __len__(self) -> int:
        return len(self.all)


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a form: a question, a note, or a value that is calculated."""

    name: str
    kind: Kind
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    section: str | None = None
    relevant: Expression | None = None
    required: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Text = field(default_factory=dict)
    calculation: Expression | None = None
    default: Expression | None = None
    choices: Choices | None = None
    provider: str | None = None
    choice_filter: Expression | None = None
    appearance: frozenset[str] = frozenset()
    max_length: int = MAX_LENGTH
    max_files: int = MAX_FILES
    max_bytes: int = MAX_MB * 2**20

    @property
    def asks(self) -> bool:
        """Whether a person answers it; notes and calculated values are not answered."""
        return self.kind not in SILENT_KINDS

    @property
    def stops(self) -> bool:
        """Whether reaching this note ends the dialogue with nothing kept."""
        return self.kind == "note" and "stop" in self.appearance


@dataclass(frozen=True)
class Form:
    """A form of one version. ``version`` is the human version and a hash of the table, such as ``1+9f2c04d1a7be``."""

    id: str
    version: str
    title: str
    languages: tuple[str, ...]
    sections: Mapping[str, Text]
    fields: tuple[Field, ...]

    @property
    def default_language(self) -> str:
        """The language in which people are spoken to unless they ask for another."""
        return self.languages[0]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def providers(self) -> frozenset[str]:
        """The named lists that the application must hand in with the form."""
        return frozenset(field.provider for field in self.fields if field.provider)
