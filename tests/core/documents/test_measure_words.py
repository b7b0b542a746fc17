"""What the document of a measure says: how it begins, its term and effects, and what can be asked for."""

import json
from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from core.documents import measure_templates, served, written
from core.documents.filling import fill, lines
from core.documents.wording import speak
from core.errors import NotFound
from core.policy.profile import PROFILES
from core.warnings import Document
from core.warnings.rules.forms import FOLLOWING, TALKS, WITH_TERM, Measure, Paper
from tests.core.documents.papers import text_of
from tests.core.documents.samples import INQUIRY, a_document

READER = "澹台听雨于2026-10-08 14:05取出"
LETTERS = {Measure.LETTER, *TALKS}
CSL_95 = {"demotion", "demote_deputy_section", "demote_ordinary", "removal"}
TEMPLATES = {
    "letter": measure_templates.letter,
    "decision": measure_templates.decision,
    "record": measure_templates.record,
}
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("&<>\"'{}%#\n\r\t"), min_size=1, max_size=60)


def said(document: Document) -> str:
    return written(document, READER).text


@pytest.mark.parametrize("form", Measure)
def test_each_says_facts_reasons_requirements_and_every_way_to_answer(form: str) -> None:
    document = a_document(form)
    text = said(document)
    for given_text in (document.facts, document.reasons, document.requirements):
        assert all(line in text for line in lines(given_text))
    assert "陈述和申辩" in text
    assert "回避申请" in text
    assert "不因陈述、申辩、申请复核或者提出申诉而加重处理" in text
    assert "逾期提出的也予接收" in text
    is_listed = form in CSL_95
    assert ("30日内向本机关申请复核" in text, "30日内直接提出申诉" in text) == (is_listed, is_listed)
    assert ("30日内向本机关申请内部复核" in text) is not is_listed
    assert "自接到复核决定之日起15日内提出申诉" in text


@pytest.mark.parametrize("form", Measure)
def test_each_begins_in_neutral_words_that_nobody_writes_by_hand(form: str) -> None:
    paper = written(a_document(form), READER)
    first = paper.sections[0].paragraphs[0]
    if form in LETTERS:
        assert first.startswith("收到关于你在“")
        assert "”方面的反映。" in first
        assert "决定" not in "".join(section.heading for section in paper.sections)
        return
    assert first.startswith("你于2025年9月1日被" if form in FOLLOWING else "据了解，你在“")
    (decision,) = [section for section in paper.sections if section.heading.endswith("、决定")]
    assert decision.paragraphs[0].startswith("经研究，报")
    assert "批准，决定" in decision.paragraphs[0]


@pytest.mark.parametrize("form", WITH_TERM)
def test_the_last_day_is_a_rule_before_service_and_a_date_from_then_on(form: str) -> None:
    months = {"admonition": 6, "suspension": 12}[form]
    before, after = said(a_document(form, is_served=False)), said(a_document(form))
    assert f"自送达之日的次日起算，期限{months}个月" in before
    assert "2027年" not in before
    last = {"admonition": "2027年4月8日", "suspension": "2027年10月8日"}[form]
    assert f"于2026年10月8日送达，自送达之日的次日起算，期限{months}个月，至{last}止（含当日）" in after
    assert "不因考核迟延而延长" in after


@pytest.mark.parametrize(
    ("form", "profile", "blocked"),
    [
        ("admonition", "seed", "期限内，不得评先评优，不得晋升，不得提拔，不得调任。"),
        (
            "admonition",
            "modern",
            "期限内，不得评先评优，不得晋升，不得提拔，不得调任，不得重用，不得列为考察对象。",
        ),
        ("suspension", "seed", "期限内，不再行使领导职权，不得评先评优，不得晋升，不得提拔，不得调任。"),
    ],
)
def test_what_is_blocked_is_what_the_policy_of_the_measure_blocks(form: str, profile: str, blocked: str) -> None:
    text = said(a_document(form, profile=profile))
    assert blocked in text
    assert ("年度考核不得评为优秀等次" in text) is (profile == "modern")
    assert ("享受原职级工资待遇" in text) is (form == "suspension")
    approver = {"seed": "干部管理权限", "modern": "区委主要负责同志"}[profile]
    assert (approver if form == "admonition" else "领导小组") in text


@pytest.mark.parametrize("form", sorted(LETTERS))
def test_a_letter_and_a_talk_say_that_they_bar_from_nothing(form: str) -> None:
    text = said(a_document(form, is_team=True, name="望江街道"))
    assert "没有期限，不影响你班子评先评优、晋升、提拔和调任" in text
    assert "收到关于你班子在“" in text
    assert "不得评先评优" not in text


def test_the_record_of_a_talk_has_the_persons_view_dissent_and_places_to_sign() -> None:
    talk = {**(a_document("talk_reminder").talk or {}), "dissent": "时间有出入", "person_signed": "no"}
    found = text_of(written(a_document("talk_reminder", talk=talk), READER).as_docx())
    for line in (talk["view"], talk["reasons"], talk["corrections"], "时间有出入"):
        assert line in found
    assert [line.split("（")[0] for line in found[-2:]] == ["谈话对象没有签名", "谈话人"]
    assert text_of(written(a_document("talk_reminder"), READER).as_docx())[-2].startswith("谈话对象（签名）：")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", Measure)
def test_no_sentence_is_missing_or_unfilled(form: str, profile: str) -> None:
    for is_served in (True, False):
        paper = written(a_document(form, profile=profile, is_served=is_served), READER)
        text = "\n".join([paper.text, paper.title, paper.number, *paper.signatures])
        assert not [word for word in ("{", "}", "measure.", "section.", "value.", "None") if word in text]


@settings(max_examples=25)
@given(form=st.sampled_from([*Measure]), texts=st.lists(TEXT.filter(lines), min_size=4, max_size=4))
def test_whatever_is_written_stands_in_the_document_as_it_was_given(form: str, texts: list[str]) -> None:
    name, facts, reasons, requirements = texts
    document = a_document(form, name=name, facts=facts, reasons=reasons, requirements=requirements)
    paper = written(document, READER)
    found = [line for line in text_of(paper.as_docx()) if line]
    for line in [*lines(facts), *lines(reasons), *lines(requirements)]:
        assert line in found
    expected = [line for section in paper.sections for line in (section.heading, *section.paragraphs)]
    start = found.index(expected[0])
    assert found[start : start + len(expected)] == [" ".join(lines(line)) for line in expected]


@pytest.mark.parametrize("form", ["letter", "talk_important", "suspension", "removal", INQUIRY])
def test_whoever_holds_the_code_makes_the_same_bytes(form: str) -> None:
    document = a_document(form)
    name, content = served(document)
    again = Document(**json.loads(json.dumps({each: getattr(document, each) for each in document.__slots__})))
    assert served(again) == (name, content)
    assert name.endswith("〔2026〕7号.docx")
    text = "\n".join(text_of(content))
    assert ("不视为承认" if form == INQUIRY else "陈述和申辩") in text
    if form != INQUIRY:
        assert content == replace(written(document, ""), taken_out=speak()("taken_out.subject")).as_docx()


@pytest.mark.parametrize("form", ["letter", "talk_reminder", "admonition"])
def test_a_field_that_is_missing_is_an_error(form: str) -> None:
    paper = written(a_document(form), READER)
    fields = asdict(paper)
    asked = {"title", "taken_out", "sections", "closing"}
    asked |= {"particulars", "signatures"} if paper.kind == "record" else {"issuer", "number", "addressee", "day"}
    for name in asked:
        with pytest.raises(UndefinedError, match=name):
            fill(TEMPLATES[paper.kind](), {each: fields[each] for each in fields if each != name}, on=date(2026, 9, 30))


def test_there_is_no_document_before_its_number_and_no_record_before_the_talk() -> None:
    with pytest.raises(NotFound, match="document_not_issued"):
        written(a_document("admonition", number=0), READER)
    with pytest.raises(NotFound, match="talk_not_held"):
        written(a_document("talk_reminder", talk=None), READER)


def test_no_two_series_share_a_code() -> None:
    say = speak()
    series = [INQUIRY, *Measure, *Paper, "department_meeting", "leading_group_meeting"]
    codes = [
        say(f"code.{form}.{body}") for form in series for body in ("leading_group_office", "discipline_commission")
    ]
    assert len(set(codes)) == len(codes)
