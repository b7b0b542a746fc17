"""What the verbs promise, one promise a test, on the small form."""

from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from core.dialogue import (
    Aborted,
    Choice,
    Choices,
    Dialogue,
    Done,
    FileRef,
    Form,
    Page,
    Question,
    Raw,
    Review,
    State,
)
from core.errors import Conflict, Invalid, Misconfigured
from tests.core.dialogue.conftest import PLACES, TODAY

PICTURE = FileRef("f1", "a.png", 1000, "image/png")
ANSWERS: dict[str, Raw] = {"going": "yes", "people": "2", "names": "甲", "day": "2026-09-01", "place": "hill"}
T = TypeVar("T")


def a(kind: type[T], step: object) -> T:
    assert isinstance(step, kind), step
    return step


def begun(outing: Dialogue) -> State:
    return a(Question, outing.start("zh_CN")).state


def at_review(outing: Dialogue) -> State:
    return a(Review, outing.answer_all(begun(outing), ANSWERS)).state


def test_an_unknown_language_starts_in_the_first_language_of_the_form(outing: Dialogue) -> None:
    assert a(Question, outing.start("fr")).state.language == "zh_CN"


def test_speaking_an_unknown_language_is_refused(outing: Dialogue) -> None:
    with pytest.raises(Invalid, match="unknown_language"):
        outing.speak(begun(outing), "fr")


def test_an_answer_that_fails_changes_nothing_and_is_shown_as_it_was_typed(outing: Dialogue) -> None:
    state = begun(outing)
    refused = a(Question, outing.advance(state, "也许"))
    assert (refused.state, refused.typed) == (state, "也许")
    assert refused.problem is not None
    assert refused.problem.code == "not_a_choice"


def test_an_answer_to_a_question_that_is_not_the_current_one_is_not_taken(outing: Dialogue) -> None:
    state = a(Question, outing.advance(begun(outing), "yes")).state
    again = a(Question, outing.advance(state, "2", question="going"))
    assert again.state == state
    assert a(Question, outing.attach(state, PICTURE, question="pictures")).state == state


def test_the_default_is_proposed_and_taken_when_it_is_kept(outing: Dialogue) -> None:
    asked = a(Question, outing.advance(begun(outing), "yes"))
    assert asked.default == "1"
    assert a(Question, outing.keep(asked.state)).state.answers["people"] == 1


def test_submitting_before_the_summary_confirms_nothing(outing: Dialogue) -> None:
    state = begun(outing)
    assert a(Question, outing.submit(state)).state == state


def test_editing_something_that_is_not_asked_stays_at_the_summary(outing: Dialogue) -> None:
    state = at_review(outing)
    for name in ("each", "nowhere", "staying"):
        assert a(Review, outing.edit(state, name)).state == state


def test_verbs_that_answer_do_nothing_at_the_summary(outing: Dialogue) -> None:
    state = at_review(outing)
    for step in (
        outing.advance(state, "x"),
        outing.skip(state),
        outing.keep(state),
        outing.attach(state, PICTURE),
        outing.detach(state, "f1"),
    ):
        assert a(Review, step).state == state


def test_what_an_edit_makes_irrelevant_is_dropped_before_the_summary(outing: Dialogue) -> None:
    edited = a(Question, outing.edit(at_review(outing), "people"))
    assert edited.editing
    review = a(Review, outing.advance(edited.state, "1"))
    assert "names" not in review.state.answers
    assert "names" not in {line.name for line in review.lines}


def test_what_an_edit_makes_required_is_asked_before_the_summary(outing: Dialogue) -> None:
    state = a(Question, outing.edit(at_review(outing), "people")).state
    asked = a(Question, outing.advance(state, "4"))
    assert (asked.name, asked.required, asked.editing) == ("money", True, True)
    assert isinstance(outing.advance(asked.state, "100"), Review)


def test_an_edit_that_reaches_a_stop_ends_the_dialogue(outing: Dialogue) -> None:
    state = a(Question, outing.edit(at_review(outing), "going")).state
    assert a(Aborted, outing.advance(state, "no")).category == "stays:no"


def test_a_choice_that_is_no_longer_on_offer_is_asked_again(outing: Dialogue) -> None:
    state = a(Review, outing.answer_all(begun(outing), ANSWERS | {"people": "9", "money": "9", "food": ["goat"]})).state
    state = a(Question, outing.edit(state, "people")).state
    asked = a(Question, outing.advance(state, "2"))
    assert asked.name == "food"
    assert "goat" not in {option.name for option in asked.options}


def test_a_note_is_told_before_the_question_that_follows_it(outing: Dialogue) -> None:
    state = a(Review, outing.answer_all(begun(outing), ANSWERS | {"money": "900"})).state
    assert [note.name for note in a(Question, outing.edit(state, "pictures")).notes] == ["dear"]


def test_files_are_added_once_and_taken_away_one_by_one(outing: Dialogue) -> None:
    state = a(Question, outing.edit(at_review(outing), "pictures")).state
    state = a(Question, outing.attach(state, PICTURE, replace(PICTURE, id="f2"))).state
    state = a(Question, outing.attach(state, PICTURE)).state
    assert [file.id for file in state.answers["pictures"] if isinstance(file, FileRef)] == ["f1", "f2"]  # type: ignore[union-attr]
    state = a(Question, outing.detach(state, "f1")).state
    state = a(Question, outing.detach(state, "nobody")).state
    assert state.answers["pictures"] == (replace(PICTURE, id="f2"),)
    assert "pictures" not in a(Question, outing.detach(state, "f2")).state.answers


def test_a_page_keeps_the_files_that_are_there(outing: Dialogue) -> None:
    state = a(Question, outing.edit(at_review(outing), "pictures")).state
    state = a(Question, outing.attach(state, PICTURE)).state
    assert a(Review, outing.answer_all(state, ANSWERS)).state.answers["pictures"] == (PICTURE,)


def test_a_page_shows_every_question_and_says_which_are_relevant(outing: Dialogue) -> None:
    page = a(Page, outing.page(begun(outing)))
    relevant = {question.name: question.relevant for question in page.questions}
    assert relevant["going"]
    assert not relevant["people"]
    assert set(relevant) == {field.name for field in outing.form.fields if field.asks}


def test_a_page_tells_everything_that_is_wrong_at_once_and_keeps_what_is_right(outing: Dialogue) -> None:
    page = a(Page, outing.answer_all(begun(outing), {"going": "yes", "people": "viele", "day": "2027-01-01"}))
    assert {name: problem.code for name, problem in page.problems.items()} == {
        "people": "not_an_integer",
        "day": "constraint",
        "place": "required",
    }
    assert page.state.answers == {"going": "yes"}
    assert {q.name: q.typed for q in page.questions if q.typed} == {"people": "viele", "day": "2027-01-01"}


def test_a_page_that_names_a_stop_ends_even_when_other_answers_are_missing(outing: Dialogue) -> None:
    assert isinstance(outing.answer_all(begun(outing), {"going": "no"}), Aborted)


def test_submitting_gives_the_answers_what_was_calculated_and_what_was_seen(outing: Dialogue) -> None:
    state = a(Review, outing.answer_all(begun(outing), ANSWERS | {"money": "１００．５", "food": "soup,1"})).state
    done = a(Done, outing.submit(state))
    assert done.answers["money"] == "100.5"
    assert done.answers["food"] == ("rice", "soup")
    assert done.calculated == {"each": "50"}
    assert ("米饭", "汤") in {line.values for line in done.lines}
    assert (done.form_id, done.version, done.language) == ("outing", outing.form.version, "zh_CN")


def test_a_list_handed_in_that_lost_a_choice_has_it_asked_again(outing: Dialogue, outing_form: Form) -> None:
    smaller = Dialogue(outing_form, today=TODAY, lists={"provided.places": Choices(PLACES.all[1:])})
    assert a(Question, smaller.current(at_review(outing))).name == "place"


def test_a_form_without_its_lists_cannot_be_run(outing_form: Form) -> None:
    with pytest.raises(Misconfigured, match=r"provided\.places"):
        Dialogue(outing_form, today=TODAY)


def test_a_draft_of_another_form_is_a_conflict(report: Dialogue, outing: Dialogue) -> None:
    with pytest.raises(Conflict, match="draft_of_another_form"):
        report.current(begun(outing))


def test_a_draft_of_another_version_keeps_what_is_still_valid_and_goes_on_at_the_first_gap(outing: Dialogue) -> None:
    old = replace(
        at_review(outing),
        version="0+older",
        language="fr",
        answers={"going": "yes", "people": "two", "names": "甲", "day": "2026-09-01", "place": "moon", "gone": "x"},
        skipped=frozenset({"food", "gone"}),
        at="remarks",
        editing=True,
    )
    step = a(Question, outing.current(old))
    assert step.name == "people"
    assert step.state.answers == {"going": "yes", "day": "2026-09-01"}
    assert (step.state.version, step.state.language, step.editing) == (outing.form.version, "zh_CN", False)


def test_a_day_later_an_answer_that_no_longer_holds_is_asked_again(outing: Dialogue, outing_form: Form) -> None:
    state = a(Review, outing.answer_all(begun(outing), ANSWERS | {"day": "2026-09-30"})).state
    earlier = Dialogue(outing_form, today=date(2026, 9, 29), lists={"provided.places": PLACES})
    asked = a(Question, earlier.current(state))
    assert asked.name == "day"
    assert asked.problem is not None
    assert asked.problem.text == "只能选今天或以前。"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form":"outing"}', "null", '{"form":1,"answers":3}'])
def test_a_draft_that_is_not_a_state_is_refused(content: str) -> None:
    with pytest.raises(Invalid, match="draft_unreadable"):
        State.from_json(content)


@pytest.mark.parametrize("answer", ["true", "1.5", '{"a":1}', "[1]", '["a",{"id":"x"}]'])
def test_a_draft_with_an_answer_of_no_known_kind_is_refused(answer: str, outing: Dialogue) -> None:
    content = begun(outing).to_json().replace('"answers":{}', f'"answers":{{"going":{answer}}}')
    with pytest.raises(Invalid, match="draft_unreadable"):
        State.from_json(content)


@pytest.mark.parametrize(
    "answers",
    [
        {"pictures": (replace(PICTURE, size=0),)},
        {"pictures": ("f1",)},
        {"pictures": "f1"},
        {"food": "rice"},
        {"food": ()},
        {"day": "yesterday"},
        {"day": "20260930"},
        {"people": 10**400},
        {"money": "NaN"},
        {"names": "長" * 21},
        {"people": "2"},
        {"going": 1},
    ],
)
def test_an_answer_that_the_question_could_not_have_given_does_not_stand(
    answers: dict[str, str | int | tuple[str, ...]], outing: Dialogue
) -> None:
    state = at_review(outing)
    forged = replace(state, answers={**state.answers, **answers})
    settled = outing.current(forged)
    assert isinstance(settled, Question | Review)
    assert settled.state.answers.get(next(iter(answers))) is None


def test_a_list_with_one_name_twice_is_a_fault_of_the_application() -> None:
    with pytest.raises(ValueError, match="same name"):
        Choices([Choice("a", {"en": "A"}), Choice("a", {"en": "B"})])
