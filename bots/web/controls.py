"""From a question of the dialogue to the control that asks it on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final

from bots.texts import problem_text
from bots.web.uploads import FileProblem
from core.app import attachments
from core.dialogue import FileRef, Note, Option, Question
from core.dialogue.form import FILE_KINDS
from core.texts import Translate

_LONG_LIST: Final = 20  # more choices than this are put into a box that opens
_MIB: Final = 2**20
_SHAPES: Final = {"integer": "number", "decimal": "number", "date": "date", "select_multiple": "checks"}
ACCEPTED: Final = ",".join(f".{extension}" for extension in attachments.EXTENSIONS)


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading, which may be empty."""

    label: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Control:
    """A question as a template shows it.

    ``name`` is that of the form field, ``shape`` one of ``line``, ``lines``, ``number``, ``date``, ``radios``,
    ``checks``, ``box`` and ``files``. ``condition`` says in words when the question is to be answered, if not always.
    """

    name: str
    shape: str
    label: str
    hint: str
    notes: Sequence[Note]
    groups: Sequence[Group]
    value: str
    files: Sequence[FileRef]
    problems: Sequence[str]
    condition: str
    required: bool


def control(
    question: Question, t: Translate, *, name: str, conditional: bool = False, refused: Sequence[FileProblem] = ()
) -> Control:
    """Return the control for ``question``; ``refused`` are the files that could not be taken.

    ``conditional`` tells that the question is asked under a condition only, which is then put into words.
    """
    own = [problem_text(t, question.problem)] if question.problem else []
    files = question.answer if isinstance(question.answer, tuple) else ()
    return Control(
        name=name,
        shape=_shape(question),
        label=question.label,
        hint=_hint(question, t),
        notes=question.notes,
        groups=_groups(question.options, t),
        value=_value(question),
        files=[part for part in files if isinstance(part, FileRef)],
        problems=own + [file_problem_text(t, one) for one in refused],
        condition=t(f"when.{question.name}") if conditional else "",
        required=question.required,
    )


def file_problem_text(t: Translate, refused: FileProblem) -> str:
    """Return why a file was not taken, with the name that the person knows it by."""
    return t("files.refused", name=refused.filename[:120], why=problem_text(t, refused.problem))


def size_text(size: int) -> str:
    """Return a size in bytes as people read it."""
    return f"{ceil(size / 1024)} KB" if size < _MIB else f"{size / _MIB:.1f} MB"


def _hint(question: Question, t: Translate) -> str:
    """Return the hint of the form and, for files, what one of these pages takes."""
    if question.kind not in FILE_KINDS:
        return question.hint
    return " ".join(filter(None, (question.hint, t("files.limit", limit=question.max_bytes // _MIB))))


def _shape(question: Question) -> str:
    if question.kind in FILE_KINDS:
        return "files"
    if question.kind == "select_one":
        return "box" if len(question.options) > _LONG_LIST else "radios"
    if question.kind == "text":
        return "lines" if "multiline" in question.appearance else "line"
    return _SHAPES[question.kind]


def _value(question: Question) -> str:
    if isinstance(question.typed, str):
        return question.typed
    answer = question.default if question.answer is None else question.answer
    return "" if isinstance(answer, tuple) else str(answer)


def _groups(options: Sequence[Option], t: Translate) -> Sequence[Group]:
    named = groupby(options, key=lambda option: option.columns.get("group", ""))
    return [Group(t(f"group.{name}") if name else "", tuple(part)) for name, part in named]
