"""From what a walk found to the results, in the language of the state."""

from collections.abc import Mapping

from core.dialogue.expressions import text
from core.dialogue.form import Choices, Field, Form, Text
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
)
from core.dialogue.state import Answer, FileRef, State
from core.dialogue.walk import Lists, Walk, is_required, offer_of


def say(wording: Text, language: str) -> str:
    """Return ``wording`` in ``language``; a list handed in may have one language only, which then serves for all."""
    return wording.get(language) or next(iter(wording.values()), "")


def question(form: Form, lists: Lists, state: State, found: Walk, name: str, typed: Raw | None = None) -> Question:
    """Return the question ``name`` with what stands, what was typed and what is wrong with it."""
    row, language = form.by_name[name], state.language
    answer = found.answers.get(name)
    default = text(row.default.run(found.scope)) if row.default else ""
    names = list(found.questions)
    relevant = name in found.questions
    problem = found.problems.get(name)
    return Question(
        state=state,
        name=name,
        kind=row.kind,
        label=say(row.label, language),
        hint=say(row.hint, language),
        section=_section(form, row, language),
        notes=_notes(found, name, language),
        options=_options(row, lists, found, language, _chosen(answer, default)),
        answer=answer,
        default=default,
        typed=typed,
        problem=problem and _worded(problem, row, language),
        progress=Progress(names.index(name) + 1 if relevant else 0, len(names)),
        required=is_required(row, found.scope),
        relevant=relevant,
        first=not relevant or names[0] == name,
        editing=state.editing,
        appearance=row.appearance,
        max_length=row.max_length,
        max_files=row.max_files,
        max_bytes=row.max_bytes,
    )


def page(form: Form, lists: Lists, state: State, found: Walk, typed: Mapping[str, Raw]) -> Page:
    """Return every question of the form; what was refused is shown as it was typed."""
    names = [row.name for row in form.fields if row.asks]
    shown = {name: typed.get(name) if name in found.problems else None for name in names}
    return Page(state, tuple(question(form, lists, state, found, name, shown[name]) for name in names))


def review(form: Form, lists: Lists, state: State, found: Walk) -> Review:
    """Return the summary."""
    return Review(state, lines(form, lists, state.language, found), _notes(found, None, state.language))


def done(form: Form, lists: Lists, state: State, found: Walk) -> Done:
    """Return what was confirmed."""
    seen = lines(form, lists, state.language, found)
    return Done(form.id, form.version, state.language, found.answers, found.calculated, seen)


def aborted(state: State, stop: tuple[Field, str]) -> Aborted:
    """Return the end of a dialogue of which nothing is kept but the category to count."""
    row, category = stop
    return Aborted(row.name, category, say(row.label, state.language))


def lines(form: Form, lists: Lists, language: str, found: Walk) -> tuple[Line, ...]:
    """Return a line for every relevant question."""
    return tuple(
        Line(
            name=name,
            kind=row.kind,
            section=_section(form, row, language),
            label=say(row.label, language),
            values=_values(row, found.answers.get(name), lists, language),
        )
        for name, row in found.questions.items()
    )


def _values(row: Field, answer: Answer | None, lists: Lists, language: str) -> tuple[str, ...]:
    if answer is None:
        return ()
    parts = answer if isinstance(answer, tuple) else (answer,)
    choices = lists[row.provider] if row.provider else row.choices
    return tuple(part.name if isinstance(part, FileRef) else _label(part, choices, language) for part in parts)


def _label(part: str | int, choices: Choices | None, language: str) -> str:
    return say(choices.by_name[str(part)].label, language) if choices else str(part)


def _options(row: Field, lists: Lists, found: Walk, language: str, chosen: frozenset[str]) -> tuple[Option, ...]:
    offered = offer_of(row, lists, found.scope).all
    return tuple(
        Option(number, choice.name, say(choice.label, language), choice.name in chosen, choice.columns)
        for number, choice in enumerate(offered, start=1)
    )


def _chosen(answer: Answer | None, default: str) -> frozenset[str]:
    if isinstance(answer, tuple):
        return frozenset(part for part in answer if isinstance(part, str))
    return frozenset({answer}) if isinstance(answer, str) else frozenset(default.split())


def _notes(found: Walk, before: str | None, language: str) -> tuple[Note, ...]:
    return tuple(Note(row.name, say(row.label, language)) for row in found.notes.get(before, ()))


def _section(form: Form, row: Field, language: str) -> str:
    return say(form.sections[row.section], language) if row.section else ""


def _worded(problem: Problem, row: Field, language: str) -> Problem:
    own = say(row.constraint_message, language) if problem.code == "constraint" else ""
    return Problem(problem.code, problem.params, own)
