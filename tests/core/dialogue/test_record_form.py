"""The form of a station's record asks closed questions, and text only after a category."""

import pytest

from core.cases.rules.gate import gate
from core.dialogue import RECORD, Aborted, Choice, Choices, Dialogue, Done, Form, Question, Review, Step, load
from tests.core.dialogue.conftest import TODAY
from tests.core.dialogue.test_report_form import PRIVATE

OFFICIALS = Choices([Choice("p-1", {"zh_CN": "公冶望舒 · 区水利局 副局长", "en": "Gongye · Water Bureau"})])
DIRECT = [
    "community_service",
    "office_vehicle_or_staff",
    "gifts_or_banquets",
    "business_through_office",
    "office_used_against_residents",
]


@pytest.fixture(scope="module")
def record_form() -> Form:
    return load(RECORD)


@pytest.fixture(scope="module")
def record(record_form: Form) -> Dialogue:
    return Dialogue(record_form, today=TODAY, lists={"station.officials": OFFICIALS})


def walked(record: Dialogue, *given: str) -> Step:
    step = record.start("zh_CN")
    for one in given:
        assert isinstance(step, Question)
        step = record.advance(step.state, one)
    return step


def test_it_is_complete_in_both_languages_chinese_first(record_form: Form) -> None:
    assert record_form.languages == ("zh_CN", "en")
    for field in record_form.fields:
        for wording in (field.label, field.hint):
            assert all(wording.get(code) for code in record_form.languages) or not wording
        assert all(len(each.label) == 2 for each in (field.choices.all if field.choices else ()))


def test_no_text_is_asked_for_before_a_category_is_chosen(record_form: Form) -> None:
    kinds = [field.kind for field in record_form.fields if field.asks]
    assert kinds[: kinds.index("text")] == ["select_one"] * 3
    assert record_form.by_name["what"].max_length == 300


def test_the_first_choice_has_six_categories_at_most(record_form: Form) -> None:
    choices = record_form.by_name["matter"].choices
    assert choices is not None
    assert list(choices.by_name) == [*DIRECT, "something_else"]


@pytest.mark.parametrize("category", [*DIRECT, "gambling_or_drunkenness"])
def test_what_the_gate_accepts_reaches_the_summary_in_seven_answers(category: str, record: Dialogue) -> None:
    chosen = [category] if category in DIRECT else ["something_else", category]
    source = "document" if category not in DIRECT else "own_observation"
    review = walked(record, "p-1", *chosen, "一件事", "七月", source)
    assert isinstance(review, Review)
    end = record.submit(review.state)
    assert isinstance(end, Done)
    assert end.calculated == {"category": category, "evidence": source}
    assert gate(category, True, source).accepted  # noqa: FBT003 - the officials of the list are the register's


@pytest.mark.parametrize("category", PRIVATE)
def test_private_life_ends_the_walk_before_any_text(category: str, record: Dialogue) -> None:
    end = walked(record, "p-1", "something_else", category)
    assert isinstance(end, Aborted)
    assert (end.reason, end.category) == ("private_life", category)


@pytest.mark.parametrize(
    ("given", "category"),
    [
        (("gifts_or_banquets", "一件事", "七月", "covert_recording"), "covert_evidence"),
        (("something_else", "gambling_or_drunkenness", "一件事", "七月", "told"), "document_required"),
    ],
)
def test_what_the_gate_refuses_ends_here_under_the_same_name(
    given: tuple[str, ...], category: str, record: Dialogue
) -> None:
    end = walked(record, "p-1", *given)
    assert isinstance(end, Aborted)
    assert end.category == category


@pytest.mark.parametrize("word", ["举报", "检举", "问题", "违纪", "违法", "揭发", "嫌疑"])
def test_no_wording_takes_anything_for_proven(word: str, record_form: Form) -> None:
    for field in record_form.fields:
        labels = [choice.label["zh_CN"] for choice in field.choices.all] if field.choices else []
        for wording in (field.label.get("zh_CN", ""), field.hint.get("zh_CN", ""), *labels):
            assert word not in wording
