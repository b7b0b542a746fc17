"""The engine: from a state and what a person did to the next step. It reads no clock, no table and no file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from core.dialogue import render
from core.dialogue.form import Field, Form
from core.dialogue.results import Aborted, Done, Page, Problem, Question, Raw, Review, Step
from core.dialogue.state import Answer, FileRef, State
from core.dialogue.typed import Offer, take
from core.dialogue.walk import Lists, Walk, check_constraint, is_required, offer_of, stands, value_of, walk
from core.errors import Conflict, Invalid, Misconfigured


class Dialogue:
    """One form on one day, with the lists it names, for one update. Every verb takes a state and returns a step.

    A verb that does not fit the state (an old button, a second tab) changes nothing and returns the current step. What
    was found last is kept, since the verbs of one update look at the same answers; so a dialogue is for one person.
    """

    def __init__(self, form: Form, *, today: date, lists: Lists | None = None) -> None:
        self.form = form
        self.today = today
        self.lists: Lists = lists or {}
        self._last: Walk | None = None
        missing = form.providers - self.lists.keys()
        if missing:
            raise Misconfigured(f"form {form.id}: nobody provides the lists {', '.join(sorted(missing))}")

    # -- verbs -------------------------------------------------------------------------------------------------------

    def start(self, language: str) -> Step:
        """Begin anew in ``language``, or in the form's first language if it has not that one."""
        known = language if language in self.form.languages else self.form.default_language
        return self.current(State(self.form.id, self.form.version, known))

    def current(self, state: State) -> Step:
        """Return the step at which ``state`` stands; a state of another version of the form is brought over.

        Raises:
            Conflict: ``draft_of_another_form``.
        """
        return self._step(*self._settled(state))

    def advance(self, state: State, raw: Raw, *, question: str | None = None) -> Step:
        """Answer the current question with ``raw`` and go on; blank passes over an optional question.

        ``question`` names the question that the person saw: an answer to another one than the current is not taken.
        """
        state, found = self._settled(state)
        if state.at is None or question not in {None, state.at}:
            return self._step(state, found)
        row = found.questions[state.at]
        try:
            answer = self._taken(row, raw, found)
        except Invalid as refusal:
            return self._refused(state, found, Problem(refusal.code, refusal.params), raw)
        if answer is None:
            return self.skip(state)
        return self._go_on(state, {**found.answers, row.name: answer}, found)

    def skip(self, state: State) -> Step:
        """Pass over the current question, dropping its answer; a required question stays, with ``required``."""
        state, found = self._settled(state)
        if state.at is None:
            return self._step(state, found)
        if is_required(found.questions[state.at], found.scope):
            return self._refused(state, found, Problem("required"), None)
        others = {name: it for name, it in found.answers.items() if name != state.at}
        return self._go_on(state, others, found, skipped=state.at)

    def keep(self, state: State) -> Step:
        """Go on with the answer that stands, or else with the default; without either it is as blank an answer."""
        state, found = self._settled(state)
        if state.at is None:
            return self._step(state, found)
        if state.at in found.answers:
            return self._go_on(state, found.answers, found)
        default = found.questions[state.at].default
        return self.advance(state, str(default.run(found.scope)) if default else "")

    def back(self, state: State) -> Step:
        """Go to the question before; from an edit that needs nothing more, return to the summary unchanged."""
        state, found = self._settled(state)
        if state.editing and not found.open:
            return self._step(replace(state, at=None, editing=False), found)
        names = list(found.questions)
        place = names.index(state.at) if state.at else len(names)
        return self._step(replace(state, at=names[max(place - 1, 0)]), found)

    def edit(self, state: State, name: str) -> Step:
        """From the summary, open the question ``name``; the summary follows when nothing is open any more."""
        state, found = self._settled(state)
        if state.at is None and name in found.questions:
            state = replace(state, at=name, editing=True)
        return self._step(state, found)

    def speak(self, state: State, language: str) -> Step:
        """Go on in another language of the form.

        Raises:
            Invalid: ``unknown_language``.
        """
        if language not in self.form.languages:
            raise Invalid("unknown_language", field="language")
        return self.current(replace(state, language=language))

    def attach(self, state: State, *files: FileRef, question: str | None = None) -> Step:
        """Add ``files`` to the current question and stay there; ``question`` is as for `advance`."""
        state, found = self._settled(state)
        if state.at is None or question not in {None, state.at}:
            return self._step(state, found)
        held = _files(found.answers.get(state.at))
        known = {file.id for file in held}
        return self._stay(state, found, (*held, *(file for file in files if file.id not in known)))

    def detach(self, state: State, file_id: str) -> Step:
        """Take a file from the current question and stay there."""
        state, found = self._settled(state)
        held = _files(found.answers.get(state.at or ""))
        if state.at is None or file_id not in {file.id for file in held}:
            return self._step(state, found)
        return self._stay(state, found, tuple(file for file in held if file.id != file_id))

    def submit(self, state: State) -> Step | Done:
        """From the summary, confirm everything; anywhere else nothing is confirmed and the current step comes back."""
        state, found = self._settled(state)
        if state.at is not None or found.stop:
            return self._step(state, found)
        return render.done(self.form, self.lists, state, found)

    # -- the whole form at once --------------------------------------------------------------------------------------

    def page(self, state: State) -> Page | Aborted:
        """Return all questions at once, with the answers that stand."""
        state, found = self._settled(state)
        return render.aborted(state, found.stop) if found.stop else render.page(self.form, self.lists, state, found, {})

    def answer_all(self, state: State, raw_answers: Mapping[str, Raw]) -> Page | Review | Aborted:
        """Answer everything at once: the summary if all is well, else the page with what is wrong or still open.

        A question without an entry counts as blank; one that takes files keeps those it has.
        """
        state, before = self._settled(state)

        def taken(row: Field, offer: Offer) -> Answer | None:
            if row.name not in raw_answers:
                return _files(before.answers.get(row.name)) or None
            return take(row, raw_answers[row.name], offer, self.today)

        found = walk(self.form, self.lists, self.today, taken, frozenset(self.form.by_name))
        if found.stop:
            return render.aborted(state, found.stop)
        for name in found.open:
            found.problems.setdefault(name, Problem("required"))
        state = replace(state, answers=found.answers, skipped=frozenset(found.skipped), at=found.first_open)
        state = replace(state, editing=False)
        if found.open:
            return render.page(self.form, self.lists, state, found, raw_answers)
        return render.review(self.form, self.lists, state, found)

    # -- how a step is found -----------------------------------------------------------------------------------------

    def _walk(self, answers: Mapping[str, Answer], skipped: frozenset[str] | set[str]) -> Walk:
        last = self._last
        if last is not None and answers == last.answers and skipped == last.skipped:
            return last  # every answer of it stands

        def standing(row: Field, offer: Offer) -> Answer | None:
            answer = answers.get(row.name)
            return answer if answer is not None and stands(row, answer, offer) else None

        found = walk(self.form, self.lists, self.today, standing, skipped)
        self._last = None if found.problems else found
        return found

    def _settled(self, state: State) -> tuple[State, Walk]:
        """Bring ``state`` to this form as it is today: what does not stand any more is dropped and asked again."""
        if state.form_id != self.form.id:
            raise Conflict("draft_of_another_form")
        found = self._walk(state.answers, state.skipped)
        moved = state.version != self.form.version
        at = state.at if state.at in found.questions and not moved else found.first_open
        language = state.language if state.language in self.form.languages else self.form.default_language
        settled = State(
            form_id=self.form.id,
            version=self.form.version,
            language=language,
            answers=found.answers,
            skipped=frozenset(found.skipped),
            at=at,
            editing=state.editing and at is not None and not moved,
        )
        return settled, found

    def _taken(self, row: Field, raw: Raw, found: Walk) -> Answer | None:
        answer = take(row, raw, offer_of(row, self.lists, found.scope), self.today)
        if answer is not None:
            check_constraint(row, value_of(answer, row), found.scope)
        return answer

    def _go_on(self, state: State, answers: Mapping[str, Answer], before: Walk, *, skipped: str = "") -> Step:
        """Take ``answers`` and move to the question after the current, or back to the summary when editing."""
        found = self._walk(answers, before.skipped | {skipped} if skipped else before.skipped)
        names = list(found.questions)
        after = names[names.index(state.at) + 1 :] if state.at in found.questions else []
        at = after[0] if after and not state.editing else found.first_open
        moved = replace(state, answers=found.answers, skipped=frozenset(found.skipped), at=at)
        return self._step(replace(moved, editing=state.editing and at is not None), found)

    def _stay(self, state: State, found: Walk, files: tuple[FileRef, ...]) -> Step:
        row = found.questions[state.at or ""]
        try:
            answer = self._taken(row, files, found)
        except Invalid as refusal:
            return self._refused(state, found, Problem(refusal.code, refusal.params), None)
        others = {name: it for name, it in found.answers.items() if name != row.name}
        found = self._walk({**others, row.name: answer} if answer else others, found.skipped)
        return self._step(replace(state, answers=found.answers, skipped=frozenset(found.skipped)), found)

    def _step(self, state: State, found: Walk) -> Step:
        if found.stop:
            return render.aborted(state, found.stop)
        if state.at is None:
            return render.review(self.form, self.lists, state, found)
        return render.question(self.form, self.lists, state, found, state.at)

    def _refused(self, state: State, found: Walk, problem: Problem, raw: Raw | None) -> Question:
        found = replace(found, problems={**found.problems, state.at or "": problem})
        return render.question(self.form, self.lists, state, found, state.at or "", raw)


def _files(answer: Answer | None) -> tuple[FileRef, ...]:
    return tuple(part for part in answer if isinstance(part, FileRef)) if isinstance(answer, tuple) else ()
