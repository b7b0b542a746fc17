"""What a step of a dialogue gives back: ids, numbers and the wording of the form. A front end renders it.

System phrases ("3 of 9", "back", what an error says) are not here: they belong to the catalogues, which find them by
the codes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.dialogue.form import Kind
from core.dialogue.state import Answer, FileRef, State

Raw = str | Sequence[str] | Sequence[FileRef]
"""What a person gave: what they typed, the names of choices they ticked, or files put away by the front end."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer was not taken: a code, the numbers its phrase needs, and the form's own wording if it has one."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice on offer; ``number`` (from 1) may be typed instead of pressing it."""

    number: int
    name: str
    label: str
    chosen: bool
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """Something the form says before the next question or the summary."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The place of a question among those that are relevant as far as is known."""

    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question to put.

    ``answer`` stands already, ``default`` is a proposal, ``typed`` is what was refused for ``problem``.
    ``relevant`` is false only on a `Page`. ``first`` has nothing before it; ``editing`` returns to the summary.
    """

    state: State
    name: str
    kind: Kind
    label: str
    hint: str
    section: str
    notes: tuple[Note, ...]
    options: tuple[Option, ...]
    answer: Answer | None
    default: str
    typed: Raw | None
    problem: Problem | None
    progress: Progress
    required: bool
    relevant: bool
    first: bool
    editing: bool
    appearance: frozenset[str]
    max_length: int
    max_files: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: the wording of the question and the answer's parts as people read them.

    ``values`` is empty when the question was passed over, has several parts for several choices or files, else one.
    """

    name: str
    kind: Kind
    section: str
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The summary that a person confirms or corrects; everything required is answered."""

    state: State
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole form at once, in order; a question that is not relevant now says so."""

    state: State
    questions: tuple[Question, ...]

    @property
    def problems(self) -> Mapping[str, Problem]:
        """What was refused, by the name of the question."""
        return {question.name: question.problem for question in self.questions if question.problem}


@dataclass(frozen=True, slots=True)
class Done:
    """The confirmed answers of relevant questions, what the form calculated from them, and what the person saw."""

    form_id: str
    version: str
    language: str
    answers: Mapping[str, Answer]
    calculated: Mapping[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Aborted:
    """The dialogue is over and nothing of it may be kept but the ``category``, to be counted.

    ``reason`` is the name of the note that ended it, ``label`` what it says to the person.
    """

    reason: str
    category: str
    label: str


Step = Question | Review | Aborted
