"""Whatever people do in whatever order, the state stays valid."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.dialogue import Aborted, Dialogue, FileRef, Question, Review, State

FILES = st.builds(
    FileRef,
    id=st.sampled_from(["f1", "f2", "f3"]),
    name=st.text(max_size=5),
    size=st.integers(0, 2**21),
    media_type=st.sampled_from(["image/png", "text/plain"]),
)
TYPED = st.one_of(
    st.sampled_from(["yes", "no", "1", "2", "3", "4", "7", "on_duty", "off_duty", "M2", "hill", "soup rice"]),
    st.sampled_from(["2026-09-30", "9月3日", "told", "section_official", "not_sure", "named", "", "一句话"]),
    st.text(max_size=30),
    st.lists(FILES, max_size=3).map(tuple),
)
Verb = Callable[[Dialogue, Question | Review], object]


def _edit(dialogue: Dialogue, step: Question | Review, place: int) -> object:
    names = [line.name for line in step.lines] if isinstance(step, Review) else ["subject"]
    return dialogue.edit(step.state, names[place % len(names)])


VERBS: st.SearchStrategy[Verb] = st.one_of(
    TYPED.map(lambda raw: lambda dialogue, step: dialogue.advance(step.state, raw)),
    TYPED.map(lambda raw: lambda dialogue, step: dialogue.advance(step.state, raw)),
    st.integers(0, 20).map(lambda place: lambda dialogue, step: _edit(dialogue, step, place)),
    FILES.map(lambda file: lambda dialogue, step: dialogue.attach(step.state, file)),
    st.sampled_from(["zh_CN", "en"]).map(lambda code: lambda dialogue, step: dialogue.speak(step.state, code)),
    st.sampled_from(
        [
            lambda dialogue, step: dialogue.back(step.state),
            lambda dialogue, step: dialogue.skip(step.state),
            lambda dialogue, step: dialogue.keep(step.state),
            lambda dialogue, step: dialogue.detach(step.state, "f1"),
            lambda dialogue, step: dialogue.current(step.state),
        ]
    ),
)
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _answer_something(dialogue: Dialogue, step: Question) -> object:
    """Answer as a patient person would, so that runs get far."""
    if step.options:
        return dialogue.advance(step.state, step.options[0].name)
    good = {"integer": "2", "decimal": "5", "date": "2026-09-01", "text": "一句话"}.get(step.kind)
    return dialogue.advance(step.state, good) if good else dialogue.skip(step.state)


def steps(dialogue: Dialogue, verbs: list[Verb | None]) -> list[Question | Review]:
    """Run ``verbs`` from the start; ``None`` is a sensible answer. Stops where the dialogue is aborted."""
    step: object = dialogue.start("zh_CN")
    seen: list[Question | Review] = []
    for verb in verbs:
        if not isinstance(step, Question | Review):
            assert isinstance(step, Aborted)
            break
        seen.append(step)
        if verb is not None:
            step = verb(dialogue, step)
        elif isinstance(step, Question):
            step = _answer_something(dialogue, step)
    return seen


# A patient beginning of any length, so that runs reach the summary too, then anything.
RUNS = st.builds(
    lambda patient, wild: [None] * patient + wild,
    st.integers(0, 18),
    st.lists(st.one_of(st.none(), VERBS), max_size=15),
)


def check(dialogue: Dialogue, seen: list[Question | Review]) -> None:
    for step in seen:
        state = step.state
        assert State.from_json(state.to_json()) == state
        again = dialogue.current(state)
        assert isinstance(again, Question | Review)
        assert again.state == state, "a state that was given is settled"
        page = dialogue.page(state)
        assert not isinstance(page, Aborted)
        relevant = {question.name: question for question in page.questions if question.relevant}
        assert state.answers.keys() <= relevant.keys()
        assert not state.skipped & state.answers.keys()
        if isinstance(step, Review):
            assert all(name in state.answers for name, question in relevant.items() if question.required)
            assert state.answers.keys() | state.skipped == relevant.keys()
        else:
            assert 1 <= step.progress.number <= step.progress.total == len(relevant)


@SETTINGS
@given(verbs=RUNS)
def test_any_verbs_leave_a_valid_state_in_the_report_form(verbs: list[Verb | None], report: Dialogue) -> None:
    check(report, steps(report, verbs))


@SETTINGS
@given(verbs=RUNS)
def test_any_verbs_leave_a_valid_state_in_the_small_form(verbs: list[Verb | None], outing: Dialogue) -> None:
    check(outing, steps(outing, verbs))


@SETTINGS
@given(verbs=RUNS)
def test_back_and_then_the_same_again_leads_where_one_was(verbs: list[Verb | None], outing: Dialogue) -> None:
    for step in steps(outing, verbs):
        earlier = outing.back(step.state)
        if step.state.editing or not isinstance(earlier, Question) or earlier.name == step.state.at:
            continue
        forth = outing.keep(earlier.state) if earlier.answer is not None else outing.skip(earlier.state)
        assert isinstance(forth, Question | Review)
        if earlier.answer is not None or not earlier.required:
            assert forth.state == step.state


@SETTINGS
@given(verbs=RUNS)
def test_a_language_changes_the_words_and_nothing_else(verbs: list[Verb | None], outing: Dialogue) -> None:
    for step in steps(outing, verbs):
        other = outing.speak(outing.speak(step.state, "en").state, step.state.language)  # type: ignore[union-attr]
        assert isinstance(other, Question | Review)
        assert other.state == step.state


def test_a_patient_person_reaches_the_summary_of_both_forms(report: Dialogue, outing: Dialogue) -> None:
    for dialogue in (report, outing):
        assert isinstance(steps(dialogue, [None] * 19)[-1], Review)
