"""One question a page."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from bots.files import file_ref
from bots.web import drafting
from bots.web.controls import ACCEPTED, control, size_text
from bots.web.pages.stopped import stopped
from bots.web.pages.walk import resume
from bots.web.uploads import FileProblem, Posted
from bots.web.visit import Visit
from core.dialogue import Aborted, Dialogue, Question, Review, State, Step
from core.dialogue.form import FILE_KINDS

ASIDE = frozenset({"back", "later"})  # actions that leave the question; what was typed is kept if it can be


async def ask(visit: Visit) -> Response:
    """Show the question at which the draft stands."""
    async with visit.work(write=False) as work:
        walk = await resume(visit, work, lock=False)
    step = walk.dialogue.current(walk.state)
    return _question(visit, step) if isinstance(step, Question) else visit.go("/report/review")


async def answer(visit: Visit) -> Response:
    """Take an answer, or go back, skip, add or remove a file, or put the rest off."""
    forms = visit.site.forms

    async def gate() -> None:
        async with visit.work(write=False) as work:
            await resume(visit, work, lock=False)

    posted = await visit.read(files_of={"answer"}, max_files=forms.max_files, gate=gate)
    async with visit.work() as work:
        walk = await resume(visit, work)
        current = walk.dialogue.current(walk.state)
        if isinstance(current, Question) and current.name != posted.text("question"):
            return _question(visit, current, moved=True)
        step = current if isinstance(current, Aborted) else act(walk.dialogue, current.state, posted)
        if isinstance(step, Aborted):
            return await stopped(visit, work, walk.sheet, step)
        new_files = {str(file.id): file for file in posted.files["answer"]}
        await drafting.keep(work, walk.sheet, step.state, new_files)
    action, refused = posted.text("action"), posted.problems["answer"]
    if isinstance(step, Question) and (step.problem or (refused and action not in ASIDE)):
        return _question(visit, step, refused=refused, status=422)
    if action == "later":
        return visit.go("/report/later")
    return visit.go("/report/question" if isinstance(step, Question) else "/report/review")


def act(dialogue: Dialogue, state: State, posted: Posted) -> Step:
    """Return the step to which what was posted leads. Pure."""
    action = posted.text("action")
    if state.at is None:
        return dialogue.current(state)
    if "remove" in posted.texts:
        return dialogue.detach(state, posted.text("remove"))
    if action == "skip":
        return dialogue.skip(state)
    given = _give(dialogue, state, posted)
    if action in ASIDE:
        kept = state if isinstance(given, Aborted) else _with_answers_of(state, given)
        return dialogue.back(kept) if action == "back" else dialogue.current(kept)
    takes_files = dialogue.form.by_name[state.at].kind in FILE_KINDS
    stays = action == "add" or posted.problems["answer"] or (isinstance(given, Question) and given.problem)
    return dialogue.keep(given.state) if takes_files and not stays and not isinstance(given, Aborted) else given


def _give(dialogue: Dialogue, state: State, posted: Posted) -> Step:
    """Answer the question; files are added to those it has, and the step stays there."""
    kind = dialogue.form.by_name[state.at or ""].kind
    if kind in FILE_KINDS:
        refs = [file_ref(file) for file in posted.files["answer"]]
        return dialogue.attach(state, *refs) if refs else dialogue.current(state)
    return dialogue.advance(state, posted.texts["answer"] if kind == "select_multiple" else posted.text("answer"))


def _with_answers_of(state: State, step: Question | Review) -> State:
    return replace(state, answers=step.state.answers, skipped=step.state.skipped)


def _question(
    visit: Visit, step: Question, *, refused: Sequence[FileProblem] = (), moved: bool = False, status: int = 200
) -> Response:
    return visit.page(
        "question",
        status=status,
        question=step,
        control=control(step, visit.t, name="answer", refused=refused),
        moved=moved,
        accepted=ACCEPTED,
        size_text=size_text,
    )
