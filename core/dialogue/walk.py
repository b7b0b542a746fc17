"""One pass over a form: which questions are relevant, which answers stand, what is still open, what ends it all."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.dialogue import expressions as ex
from core.dialogue.expressions import Scope, Value
from core.dialogue.form import FILE_KINDS, SELECT_KINDS, Choices, Field, Form
from core.dialogue.results import Problem
from core.dialogue.state import Answer, FileRef
from core.dialogue.typed import NOTHING_ON_OFFER, Offer, check_file
from core.errors import Invalid

Lists = Mapping[str, Choices]
Take = Callable[[Field, Offer], Answer | None]

_DECIMAL: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)

_BEYOND: Final = 10**15


@dataclass(slots=True)
class Walk:
    """What one pass found. ``stop`` is the note that ends the dialogue, with the category to count."""

    scope: Scope
    questions: dict[str, Field] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)
    problems: dict[str, Problem] = field(default_factory=dict)
    notes: dict[str | None, tuple[Field, ...]] = field(default_factory=dict)
    calculated: dict[str, str] = field(default_factory=dict)
    stop: tuple[Field, str] | None = None

    @property
    def first_open(self) -> str | None:
        """The first question that has to be put yet; ``None``: the summary may be shown."""
        return self.open[0] if self.open else None


def walk(form: Form, lists: Lists, today: date, take: Take, skipped: frozenset[str] | set[str]) -> Walk:
    """Go through ``form`` in order, asking ``take`` for the answer to each relevant question.

    ``take`` returns ``None`` for no answer and raises `Invalid` for a bad one, which leaves the question open. A
    question may mention only what stands above it, so one pass is enough.
    """
    found = Walk(Scope(today.isoformat()))
    unknown: set[str] = set()  # what is not known until an open question is answered
    notes: list[Field] = []
    for row in form.fields:
        if row.relevant and not row.relevant.holds(found.scope):
            continue
        if row.kind == "calculate":
            _calculate(row, found, unknown)
        elif row.stops:
            if found.stop is None and not (row.relevant and row.relevant.mentions & unknown):
                found.stop = (row, ex.text(row.calculation.run(found.scope)) if row.calculation else row.name)
        elif row.kind == "note":
            notes.append(row)
        else:
            found.notes[row.name] = tuple(notes)
            notes.clear()
            _question(row, found, offer_of(row, lists, found.scope), take, skipped)
            if row.name not in found.answers and row.name not in found.skipped:
                unknown.add(row.name)
    found.notes[None] = tuple(notes)
    return found


def _calculate(row: Field, found: Walk, unknown: set[str]) -> None:
    if row.calculation is None:
        return
    value = row.calculation.run(found.scope)
    found.scope.values[row.name] = value
    found.calculated[row.name] = ex.text(value)
    if row.calculation.mentions & unknown:
        unknown.add(row.name)


def _question(row: Field, found: Walk, offer: Offer, take: Take, skipped: frozenset[str] | set[str]) -> None:
    found.questions[row.name] = row
    try:
        answer = take(row, offer)
        if answer is not None:
            value = value_of(answer, row)
            check_constraint(row, value, found.scope)
            found.answers[row.name] = answer
            found.scope.values[row.name] = value
            return
    except Invalid as problem:
        found.problems[row.name] = Problem(problem.code, problem.params)
    if row.name in skipped and row.name not in found.problems and not is_required(row, found.scope):
        found.skipped.add(row.name)
    else:
        found.open.append(row.name)


def is_required(row: Field, scope: Scope) -> bool:
    """Tell whether ``row`` must be answered."""
    return row.required is not None and row.required.holds(scope)


def check_constraint(row: Field, value: Value, scope: Scope) -> None:
    """Check ``value`` against the constraint of ``row``.

    Raises:
        Invalid: ``constraint``; the form's own message says what to do.
    """
    if row.constraint is None:
        return
    scope.this = value
    if not row.constraint.holds(scope):
        raise Invalid("constraint")


def offer_of(row: Field, lists: Lists, scope: Scope) -> Offer:
    """Return the choices of ``row`` after its filter."""
    if row.kind not in SELECT_KINDS:
        return NOTHING_ON_OFFER
    choices = lists[row.provider] if row.provider else row.choices or Choices()
    if row.choice_filter is None:
        return Offer(choices, part_of_label=row.provider is not None)
    allowed = set()
    for choice in choices.all:
        scope.row = choice.columns
        if row.choice_filter.holds(scope):
            allowed.add(choice.name)
    return Offer(choices, frozenset(allowed), part_of_label=row.provider is not None)


def value_of(answer: Answer, row: Field) -> Value:
    """Return ``answer`` as expressions see it: numbers as numbers, several choices or files as names and blanks."""
    if isinstance(answer, tuple):
        return " ".join(part.name if isinstance(part, FileRef) else part for part in answer)
    return float(answer) if row.kind in {"integer", "decimal"} else str(answer)


def stands(row: Field, answer: Answer, offer: Offer) -> bool:
    """Tell whether an answer from a draft is still one that ``row`` could have; constraints are not asked here."""
    if row.kind in FILE_KINDS:
        return _files_stand(row, answer)
    if row.kind == "select_multiple":
        parts = answer if isinstance(answer, tuple) else ()
        return bool(parts) and all(isinstance(part, str) and offer.has(part) for part in parts)
    if row.kind == "integer":
        return isinstance(answer, int) and abs(answer) < _BEYOND
    return isinstance(answer, str) and _STANDS[row.kind](row, answer, offer)


def _files_stand(row: Field, answer: Answer) -> bool:
    if not isinstance(answer, tuple) or not 1 <= len(answer) <= row.max_files:
        return False
    try:
        for file in answer:
            if not isinstance(file, FileRef):
                return False
            check_file(row, file)
    except Invalid:
        return False
    return True


def _is_date(_row: Field, answer: str, _offer: Offer) -> bool:
    try:
        return date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False


_STANDS: Final[Mapping[str, Callable[[Field, str, Offer], bool]]] = {
    "text": lambda row, answer, _offer: 0 < len(answer) <= row.max_length,
    "decimal": lambda _row, answer, _offer: _DECIMAL.fullmatch(answer) is not None,
    "date": _is_date,
    "select_one": lambda _row, answer, offer: offer.has(answer),
}
