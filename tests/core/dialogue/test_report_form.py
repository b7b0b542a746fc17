"""The report form asks what the rules ask, in words for residents, and speaks the rules' names to the core."""

from collections.abc import Mapping

import pytest

from core.dialogue import Aborted, Dialogue, Done, Form, Page, Question, Raw, Review

PRIVATE = [
    "family",
    "health",
    "reproduction",
    "religion",
    "private_association",
    "movement",
    "minor",
    "speech",
    "undocumented_finances",
]
WHOLE: Mapping[str, Raw] = {
    "about_official": "yes",
    "subject_kind": "section_official",
    "unit": "u-education",
    "topic": "M5",
    "context": "on_duty",
    "what": "一件事",
    "evidence": "told",
    "facts": "经过",
    "identity_mode": "anonymous",
    "may_ask": "no",
}


def whole(report: Dialogue, **answers: str) -> Page | Review | Aborted:
    start = report.start("zh_CN")
    assert isinstance(start, Question)
    return report.answer_all(start.state, {**WHOLE, **answers})


def done(report: Dialogue, **answers: str) -> Done:
    review = whole(report, **answers)
    assert isinstance(review, Review)
    end = report.submit(review.state)
    assert isinstance(end, Done)
    return end


def names(form: Form, field: str) -> list[str]:
    choices = form.by_name[field].choices
    assert choices is not None
    return list(choices.by_name)


def test_the_form_is_complete_in_both_languages_chinese_first(report_form: Form) -> None:
    assert report_form.languages == ("zh_CN", "en")
    for field in report_form.fields:
        for wording in (field.label, field.hint):
            assert all(wording.get(code) for code in report_form.languages) or not wording


def test_the_kinds_of_subject_are_those_that_decide_who_reads(report_form: Form) -> None:
    assert names(report_form, "subject_kind") == [
        "section_official",
        "leading_team",
        "organisation_department_staff",
        "discipline_commission_staff",
        "office_director",
        "leading_group_member",
        "above_section_level",
        "not_sure",
    ]


def test_the_topics_are_the_eight_manifestations_and_the_refused_categories(report_form: Form) -> None:
    assert names(report_form, "topic") == [*(f"M{n}" for n in range(1, 9)), *PRIVATE]


@pytest.mark.parametrize("category", PRIVATE)
def test_a_private_category_ends_the_dialogue_and_is_the_only_thing_to_count(category: str, report: Dialogue) -> None:
    end = whole(report, topic=category)
    assert isinstance(end, Aborted)
    assert (end.reason, end.category) == ("private_life", category)


@pytest.mark.parametrize(
    ("answers", "category"),
    [
        ({"about_official": "no"}, "not_an_official"),
        ({"evidence": "covert_recording"}, "covert_evidence"),
        ({"context": "off_duty", "nexus": "none_of_these"}, "no_link_to_office"),
        ({"context": "off_duty", "nexus": "gambling_or_drunkenness"}, "document_required"),
    ],
)
def test_what_the_gate_refuses_ends_here_under_the_same_name(
    answers: dict[str, str], category: str, report: Dialogue
) -> None:
    end = whole(report, **answers)
    assert isinstance(end, Aborted)
    assert end.category == category


@pytest.mark.parametrize(
    ("answers", "category"),
    [
        ({}, "on_duty:M5"),
        ({"topic": "M7"}, "on_duty:M7"),
        ({"context": "off_duty", "nexus": "gifts_or_banquets"}, "gifts_or_banquets"),
        (
            {"context": "off_duty", "nexus": "gambling_or_drunkenness", "evidence": "document"},
            "gambling_or_drunkenness",
        ),
    ],
)
def test_the_category_for_the_gate_is_calculated(answers: dict[str, str], category: str, report: Dialogue) -> None:
    assert done(report, **answers).calculated == {"category": category}


def test_a_name_and_contact_are_asked_for_only_of_those_who_want_to_give_them(report: Dialogue) -> None:
    anonymous = done(report, reporter_name="某", reporter_contact="000")
    assert not {"reporter_name", "reporter_contact"} & anonymous.answers.keys()
    page = whole(report, identity_mode="named")
    assert isinstance(page, Page)
    assert page.problems.keys() == {"reporter_name", "reporter_contact"}


@pytest.mark.parametrize(
    ("kind", "asked", "required"),
    [
        ("section_official", True, True),
        ("leading_team", True, True),
        ("not_sure", True, False),
        ("office_director", False, False),
        ("above_section_level", False, False),
    ],
)
def test_the_unit_is_asked_where_it_means_something(kind: str, asked: bool, required: bool, report: Dialogue) -> None:  # noqa: FBT001 - columns of a table
    step = whole(report, subject_kind=kind, unit="")
    names_asked = {line.name for line in step.lines} if isinstance(step, Review) else set()
    missing = step.problems.keys() if isinstance(step, Page) else set()
    assert (("unit" in names_asked or "unit" in missing), "unit" in missing) == (asked, required)


def test_ten_files_of_fifty_megabytes_may_be_attached(report_form: Form) -> None:
    attachments = report_form.by_name["attachments"]
    assert (attachments.max_files, attachments.max_bytes) == (10, 50 * 2**20)


@pytest.mark.parametrize("word", ["举报", "检举", "问题", "违纪", "违法", "揭发", "嫌疑"])
def test_no_wording_takes_anything_for_proven(word: str, report_form: Form) -> None:
    for field in report_form.fields:
        labels = [choice.label["zh_CN"] for choice in field.choices.all] if field.choices else []
        for wording in (field.label.get("zh_CN", ""), field.hint.get("zh_CN", ""), *labels):
            assert word not in wording
