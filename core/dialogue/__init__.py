"""Dialogues: a form read once from a table, and an engine that four front ends share.

>>> from datetime import date
>>> from core.dialogue import Dialogue, REPORT, load
>>> form = load(REPORT)                                                    # doctest: +SKIP
>>> step = Dialogue(form, today=date(2026, 9, 30), lists=...).start("zh_CN")  # doctest: +SKIP

`load` is slow (it imports pyxform and elementpath): load a form once a process and keep it. The vocabulary of a form is
described in `core.dialogue.vocabulary`, the functions of expressions in `core.dialogue.expressions`.
"""

from pathlib import Path
from typing import Final

from core.dialogue.engine import Dialogue
from core.dialogue.errors import FormError
from core.dialogue.form import Choice, Choices, Field, Form
from core.dialogue.results import (
    Aborted,
    Done,
    Line,
    Note,
    Option,
    Page,
    Problem,
    Progress,
    Question,
    Raw,
    Review,
    Step,
)
from core.dialogue.state import Answer, FileRef, State

REPORT: Final = Path(__file__).parent / "forms" / "report.md"
"""The table of the form in which residents report."""

RECORD: Final = Path(__file__).parent / "forms" / "record.md"
"""The table of the form in which stations write one entry of their record."""

__all__ = [
    "RECORD",
    "REPORT",
    "Aborted",
    "Answer",
    "Choice",
    "Choices",
    "Dialogue",
    "Done",
    "Field",
    "FileRef",
    "Form",
    "FormError",
    "Line",
    "Note",
    "Option",
    "Page",
    "Problem",
    "Progress",
    "Question",
    "Raw",
    "Review",
    "State",
    "Step",
    "check",
    "load",
]


def load(path: Path) -> Form:
    """Read the form in the Markdown file ``path``.

    Raises:
        FormError: with the faults found, each naming its row.
    """
    from core.dialogue.reading import read  # noqa: PLC0415 - brings pyxform, which only a loader needs

    return read(path)


def check(path: Path) -> list[str]:
    """Return the faults of the form in the Markdown file ``path``; an empty list means that it can be used."""
    try:
        load(path)
    except FormError as error:
        return list(error.faults)
    return []
