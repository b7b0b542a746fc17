"""The screens of the form: a question, the summary, the list of what can be changed. Pure."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final
from unicodedata import east_asian_width

from bots.informant.scene import Scene
from bots.texting import Button, Message, Rows, Screen, chunked, column, paged
from bots.texts import problem_text
from core.dialogue import FileRef, Option, Question, Review
from core.dialogue.form import FILE_KINDS, folded

_PER_PAGE: Final = 10
_WIDEST: Final = 30
"""Half-widths of a label that a button of a telephone shows whole."""
_ENDS: Final = "：:（(，,；;"
_SHOWN: Final = 1_000
"""Characters of an answer that are repeated beside its question; the summary shows all of it."""


def question_screen(scene: Scene, question: Question) -> Screen:
    """Return the screen that asks ``question``."""
    pages = _pages(question)
    shown = pages[min(max(scene.page, 1), len(pages)) - 1] if pages else ()
    listed = any(_width(option.label) > _WIDEST for option in question.options)
    lines = [*_head(scene, question, hint=not _continues(scene, question))]
    if len(pages) > 1:
        lines += ["", scene.t("question.page", group=_group(scene, shown), number=scene.page, total=len(pages))]
    if listed:
        lines += ["", *(f"{option.number}. {option.label}" for option in shown)]
    lines += ["", *_how(scene, question)]
    if len(pages) > 1:
        lines += [scene.t("question.type_number" if listed else "question.type_part")]
    messages = [Message(text, question.label) for text in paged(_tidy(lines))]
    rows = column(*(_choice(option, listed=listed) for option in shown)) + _turning(scene, len(pages))
    hidden = [Button("", "option", option.name) for option in question.options if option not in shown]
    hidden += [Button("", "page", str(number)) for number in range(1, len(pages) + 1)]
    return Screen(scene.here, tuple(messages), rows + _ways(scene, question), tuple(hidden))


def review_screen(scene: Scene, review: Review) -> Screen:
    """Return the summary that is confirmed or corrected."""
    lines = [*scene.notes, *(note.label for note in review.notes), scene.t("review.title"), ""]
    for line in review.lines:
        values = "、".join(line.values) if line.kind != "text" else "\n".join(line.values)
        lines += [f"▪ {line.label}", values or scene.t("review.blank"), ""]
    lines += [scene.t("review.then", body=scene.t(f"body.{scene.body}"))]
    messages = [Message(text, scene.t("review.title")) for text in paged(_tidy(lines))]
    submit = Button(scene.t("review.submit"), "submit")
    change = Button(scene.t("review.change"), "ask", "change")
    back = Button(scene.t("question.back"), "back")
    return Screen(scene.here, tuple(messages), column(submit, change, back))


def change_screen(scene: Scene, review: Review) -> Screen:
    """Return the list of the answers that can be changed, by short names."""
    buttons = [Button(scene.t(f"short.{line.name}"), "edit", line.name) for line in review.lines]
    rows = tuple(chunked(buttons, 2))
    leave = column(Button(scene.t("review.leave"), "ask"))
    return Screen(scene.here, (Message("\n".join([*scene.notes, scene.t("review.which")])),), rows + leave)


def _continues(scene: Scene, question: Question) -> bool:
    """Tell whether the answer is being given in several messages: then the question is known already."""
    return scene.chat.more == question.name or bool(_file_names(question))


def _head(scene: Scene, question: Question, *, hint: bool) -> Iterator[str]:
    yield from scene.notes
    if question.problem:
        yield problem_text(scene.t, question.problem)
    yield ""
    yield from (note.label for note in question.notes)
    progress = scene.t("question.progress", number=question.progress.number, total=question.progress.total)
    asides = [scene.t("question.editing")] if question.editing else []
    asides += [] if question.required else [scene.t("question.optional")]
    yield " · ".join([progress, *asides])
    yield question.label
    if question.hint and hint:
        yield question.hint


def _how(scene: Scene, question: Question) -> Iterator[str]:
    """Say what has been entered, and what files may be sent."""
    if names := _file_names(question):
        yield scene.t("files.held", number=len(names), names="、".join(names))
    elif question.kind in FILE_KINDS:
        yield scene.t("files.limit", limit=scene.house.mebibytes)
        if scene.house.address:
            yield scene.t("files.address", address=scene.house.address)
    elif question.kind == "text" and isinstance(question.answer, str):
        if scene.chat.more == question.name:
            yield scene.t("question.more", length=len(question.answer), limit=question.max_length)
        else:
            yield scene.t("question.stands", answer=_shortened(question.answer))


def _ways(scene: Scene, question: Question) -> Rows:
    """Return the buttons below the choices: on, past, back."""
    has_answer = question.answer is not None
    stays = question.editing and not _continues(scene, question)  # to leave the edit is to keep the answer
    onward = Button(scene.t(_onward(scene, question)), "next") if has_answer and not stays else None
    skip = None if question.required or has_answer else Button(scene.t("question.skip"), "skip")
    anew = Button(scene.t("question.anew"), "anew") if scene.chat.more == question.name else None
    remove = Button(scene.t("files.drop"), "drop") if _file_names(question) else None
    back = Button(scene.t("question.leave_edit" if question.editing else "question.back"), "back")
    return column(onward, skip, anew, remove, None if question.first and not question.editing else back)


def _onward(scene: Scene, question: Question) -> str:
    if question.kind in FILE_KINDS or scene.chat.more == question.name:
        return "question.done"
    return "question.keep"


def _pages(question: Question) -> Sequence[Sequence[Option]]:
    """Return the choices in pages: all on one where they are few, else at most ten of one group each.

    What was typed and fits several choices leaves these alone.
    """
    options = question.options
    if question.problem and question.problem.code == "choice_ambiguous" and isinstance(question.typed, str):
        wanted = folded(question.typed)
        fitting = [option for option in options if wanted in folded(option.label)]
        if 1 < len(fitting) <= _PER_PAGE:
            return [fitting]
    if len(options) <= _PER_PAGE:
        return [options] if options else []
    grouped = groupby(options, key=lambda option: option.columns.get("group", ""))
    return [part for _, group in grouped for part in chunked(tuple(group), _PER_PAGE)]


def _group(scene: Scene, shown: Sequence[Option]) -> str:
    name = shown[0].columns.get("group", "") if shown else ""
    return scene.t(f"group.{name}") if name else scene.t("group.all")


def _turning(scene: Scene, pages: int) -> Rows:
    if pages < 2:  # noqa: PLR2004 - one page is not turned
        return ()
    before, after = (scene.page - 2) % pages + 1, scene.page % pages + 1
    return ((Button(scene.t("page.before"), "page", str(before)), Button(scene.t("page.after"), "page", str(after))),)


def _choice(option: Option, *, listed: bool) -> Button:
    label = f"{option.number} {_short(option.label)}" if listed else option.label
    return Button(f"✔ {label}" if option.chosen else label, "option", option.name)


def _short(label: str) -> str:
    """Return the beginning of a label that a button can hold; the message lists the whole."""
    if _width(label) <= _WIDEST:
        return label
    head = label[: min((place for place in (label.find(sign, 2) for sign in _ENDS) if place > 0), default=len(label))]
    if _width(head) <= _WIDEST:
        return head
    while _width(head) >= _WIDEST:
        head = head[:-1]
    return f"{head}…"


@lru_cache(maxsize=1_000)
def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _file_names(question: Question) -> list[str]:
    held = question.answer if question.kind in FILE_KINDS and isinstance(question.answer, tuple) else ()
    return [part.name for part in held if isinstance(part, FileRef)]


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _tidy(lines: Sequence[str]) -> list[str]:
    """Return the lines without blank ones at the ends or in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept
