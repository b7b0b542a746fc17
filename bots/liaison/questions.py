"""The screens of the form of the record: a question, the summary, what can be changed. Pure."""

from collections.abc import Sequence
from typing import Final

from bots.texting import Button, Message, Screen, T, chunked, column, paged
from bots.texts import problem_text
from core.dialogue import Option, Question, Review
from core.dialogue.form import folded
from core.texts import Translate

MOST: Final = 6
"""So many buttons are on a screen: big ones, one a row, all of them in sight on a small telephone."""

_WRITTEN_OUT: Final = 12
"""So many choices are written out with their numbers, where not all of them have a button on the page."""


def question_screen(here: str, t: Translate, question: Question, notes: Sequence[str], page: int) -> Screen:
    """Return the screen that asks ``question``."""
    others = _beside_the_choices(t, question)
    options = _offered(question)
    pages = pages_of(options, beside=len(others))
    page = min(page, len(pages))
    lines = [*notes]
    lines += [_problem(t, question)] if question.problem else []
    progress = t("question.progress", number=question.progress.number, total=question.progress.total)
    lines += ["", progress, question.label, question.hint, *_choices_in_words(t, question, options, pages[page - 1])]
    if question.kind == "text":
        stands = isinstance(question.answer, str)
        lines += [t("question.stands", answer=question.answer) if stands else t("question.type")]
    buttons = [*map(_choice, pages[page - 1])]
    buttons += turning(t, page, len(pages))
    buttons += others
    hidden = [Button("", "option", option.name) for option in question.options]
    hidden += [Button("", "page", str(number)) for number in range(1, len(pages) + 1)]
    shows = question.state.answers and len(buttons) < MOST  # before the first answer there is nothing to come back to
    (buttons if shows else hidden).append(Button(t("question.later"), "later"))
    return Screen(here, _messages(lines), column(*buttons), tuple(hidden))


def review_screen(here: str, t: Translate, review: Review, notes: Sequence[str]) -> Screen:
    """Return the summary that is confirmed or corrected."""
    lines = [*notes, "", t("review.title"), ""]
    for line in review.lines:
        lines += [f"▪ {line.label}", "、".join(line.values) or t("review.blank")]
    buttons = (
        Button(t("review.submit"), "submit"),
        Button(t("review.change"), "change"),
        Button(t("question.back"), "back"),
        Button(t("question.later"), "later"),
    )
    return Screen(here, _messages(lines), column(*buttons))


def change_screen(here: str, t: Translate, review: Review, notes: Sequence[str], page: int) -> Screen:
    """Return the list of the answers that can be changed."""
    pages = pages_of([Button(line.label, "edit", line.name) for line in review.lines], beside=1)
    page = min(page, len(pages))
    buttons = [*pages[page - 1], *turning(t, page, len(pages))]
    hidden = [button for each in pages for button in each]
    hidden += [Button("", "page", str(number)) for number in range(1, len(pages) + 1)]
    hidden += [Button(t("question.later"), "later")]
    messages = _messages([*notes, "", t("review.which")])
    return Screen(here, messages, column(*buttons, Button(t("review.leave"), "form")), tuple(hidden))


def pages_of(things: Sequence[T], *, beside: int) -> list[Sequence[T]]:
    """Return ``things`` in pages that leave room for so many other buttons; one page at least."""
    if len(things) + beside <= MOST:
        return [things]
    size = MOST - beside - 1
    return list(chunked(things, size if len(things) <= 2 * size else size - 1))  # a page in the midst turns both ways


def turning(t: Translate, page: int, pages: int) -> list[Button]:
    """Return the buttons that turn to the page before ``page`` and after it, as far as there are any."""
    before = [Button(t("page.before"), "page", str(page - 1))] if page > 1 else []
    return [*before, *([Button(t("page.after"), "page", str(page + 1))] if page < pages else [])]


def _problem(t: Translate, question: Question) -> str:
    assert question.problem is not None, "asked only when there is one"  # noqa: S101 - for the types
    if question.problem.code == "required" and question.options:
        return t("question.choose")
    return problem_text(t, question.problem)


def _beside_the_choices(t: Translate, question: Question) -> list[Button]:
    buttons = []
    if question.answer is not None and not question.editing and question.kind == "text":
        buttons += [Button(t("question.keep"), "keep")]
    if not question.required and question.answer is None:
        buttons += [Button(t("question.skip"), "skip")]
    leaves = question.first and not question.editing
    return [*buttons, Button(t("question.leave"), "leave") if leaves else Button(t("question.back"), "back")]


def _choices_in_words(t: Translate, question: Question, options: Sequence[Option], here: Sequence[Option]) -> list[str]:
    """Return the choices with the numbers by which they can be typed: of a long list, those of this page."""
    if not options:
        return []
    is_long = len(question.options) > _WRITTEN_OUT
    shown = here if is_long else options
    numbered = [f"{number} {each.label}" for number, each in enumerate(question.options, 1) if each in shown]
    return ["", *numbered, "", *([t("question.many")] if is_long else []), t("question.numbers")]


def _offered(question: Question) -> Sequence[Option]:
    """Return the choices; what was typed and fits several of them leaves these alone."""
    if question.problem and question.problem.code == "choice_ambiguous" and isinstance(question.typed, str):
        wanted = folded(question.typed)
        return tuple(each for each in question.options if wanted in folded(each.label)) or question.options
    return question.options


def _choice(option: Option) -> Button:
    return Button(f"✔ {option.label}" if option.chosen else option.label, "option", option.name)


def _messages(lines: Sequence[str]) -> tuple[Message, ...]:
    return tuple(Message(text) for text in paged("\n".join(lines).strip().split("\n")))
