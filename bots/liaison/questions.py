"""The screens of the form of the record: a question, the summary, what can be changed. Pure."""

from collections.abc import Sequence
from typing import Final

from bots.texting import Button, Message, Screen, chunked, column, paged
from bots.texts import problem_text
from core.dialogue import Option, Question, Review
from core.dialogue.form import folded
from core.texts import Translate

PER_PAGE: Final = 6
"""So many choices are on a page: big buttons, all of them in sight on a small telephone."""


def question_screen(here: str, t: Translate, question: Question, notes: Sequence[str], page: int) -> Screen:
    """Return the screen that asks ``question``."""
    pages = _pages(question)
    page = min(max(page, 1), max(len(pages), 1))
    shown = pages[page - 1] if pages else ()
    lines = [*notes]
    lines += [problem_text(t, question.problem)] if question.problem else []
    progress = t("question.progress", number=question.progress.number, total=question.progress.total)
    lines += ["", progress, question.label, question.hint]
    if len(pages) > 1:
        lines += [t("question.page", number=page, total=len(pages))]
    if question.kind == "text" and isinstance(question.answer, str):
        lines += [t("question.stands", answer=question.answer)]
    buttons: list[Button | None] = [_choice(option) for option in shown]
    if len(pages) > 1:
        buttons += [Button(t("page.after"), "page", str(page % len(pages) + 1))]
    if question.answer is not None and not question.editing and question.kind == "text":
        buttons += [Button(t("question.keep"), "keep")]
    if not question.required and question.answer is None:
        buttons += [Button(t("question.skip"), "skip")]
    leaves = question.first and not question.editing
    buttons += [Button(t("question.leave"), "leave") if leaves else Button(t("question.back"), "back")]
    hidden = [Button("", "option", option.name) for option in question.options if option not in shown]
    hidden += [Button("", "page", str(number)) for number in range(1, len(pages) + 1)]
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
    )
    return Screen(here, _messages(lines), column(*buttons))


def change_screen(here: str, t: Translate, review: Review, notes: Sequence[str]) -> Screen:
    """Return the list of the answers that can be changed."""
    buttons = [Button(line.label, "edit", line.name) for line in review.lines]
    return Screen(here, _messages([*notes, "", t("review.which")]), column(*buttons, Button(t("review.leave"), "form")))


def _pages(question: Question) -> Sequence[Sequence[Option]]:
    """Return the choices in pages; what was typed and fits several choices leaves these alone."""
    options = question.options
    if question.problem and question.problem.code == "choice_ambiguous" and isinstance(question.typed, str):
        wanted = folded(question.typed)
        options = tuple(option for option in options if wanted in folded(option.label)) or options
    return list(chunked(options, PER_PAGE))


def _choice(option: Option) -> Button:
    return Button(f"✔ {option.label}" if option.chosen else option.label, "option", option.name)


def _messages(lines: Sequence[str]) -> tuple[Message, ...]:
    return tuple(Message(text) for text in paged("\n".join(lines).strip().split("\n")))
