"""What R10 promises: every combination has one answer, persons and teams differ, and a sanction is never a warning."""

import json
from itertools import product
from pathlib import Path

import pytest

from core.cases.rules.forms import (
    RECOMMENDED_FORMS,
    Finding,
    Form,
    Recommendation,
    Severity,
    SubjectForm,
    allowed_forms,
)
from core.errors import Invalid
from core.policy.profile import PROFILES

ROWS = json.loads((Path(__file__).parents[3] / "data" / "vectors.json").read_text(encoding="utf-8"))
COLUMNS = ("finding", "discipline", "subject", "severity", "face_to_face", "profile")
Case = tuple[Finding, bool, SubjectForm, Severity, bool, str]
EVERYTHING: list[Case] = list(product(Finding, (True, False), SubjectForm, Severity, (True, False), PROFILES))
AGAINST = {Finding.PARTLY, Finding.SUBSTANTIATED}


@pytest.mark.parametrize(
    "row", ROWS["R10_form_selection"], ids=lambda row: "-".join(str(row[each]) for each in COLUMNS)
)
def test_the_examples_of_the_rule_hold(row: dict[str, str | bool | list[str]]) -> None:
    case = [row[each] for each in COLUMNS]
    assert list(allowed_forms(*case)) == row["allowed"]  # type: ignore[arg-type]


def expected(case: Case) -> list[str]:
    """The nine lines of the rule, read from the top."""
    finding, discipline, subject, severity, face_to_face, profile = case
    spoken = "talk_important" if face_to_face else "letter"
    lines: list[tuple[bool, list[str]]] = [
        (finding in {"not_established", "unfounded", "malicious"}, []),
        (finding == "lead_only" and not discipline and subject == "official", ["letter_inquiry"]),
        (finding == "lead_only", []),
        (discipline, ["refer_discipline"]),
        (severity == "ordinary" and face_to_face, ["talk_reminder"]),
        (severity == "ordinary", ["letter"]),
        (subject == "team", [spoken]),
        (finding == "partly" or profile == "modern", [spoken, "admonition"]),
        (finding == "substantiated", [spoken, "admonition", "suspension"]),
    ]
    return next(forms for fits, forms in lines if fits)


def test_every_combination_has_the_answer_of_the_first_line_that_fits() -> None:
    assert len(EVERYTHING) == 192
    assert {case for case in EVERYTHING if list(allowed_forms(*case)) != expected(case)} == set()


def test_a_team_is_never_admonished_nor_suspended() -> None:
    forms = {form for case in EVERYTHING if case[2] is SubjectForm.TEAM for form in allowed_forms(*case)}
    assert forms.isdisjoint({Form.ADMONITION, Form.SUSPENSION})


def test_the_modern_profile_never_suspends() -> None:
    modern = {form for case in EVERYTHING if case[5] == "modern" for form in allowed_forms(*case)}
    assert Form.SUSPENSION not in modern


def test_what_amounts_to_a_sanction_is_referred_and_never_warned_about() -> None:
    answers = {case: allowed_forms(*case) for case in EVERYTHING}
    referred = {case for case, forms in answers.items() if Form.REFER_DISCIPLINE in forms}
    assert all(answers[case] == (Form.REFER_DISCIPLINE,) for case in referred)
    assert referred == {case for case in EVERYTHING if case[0] in AGAINST and case[1]}


def test_without_a_finding_against_somebody_nothing_but_a_question_follows() -> None:
    forms = {form for case in EVERYTHING if case[0] not in AGAINST for form in allowed_forms(*case)}
    assert forms == {Form.LETTER_INQUIRY}


@pytest.mark.parametrize("place", [0, 2, 3, 5])
@pytest.mark.parametrize("word", ["", "guilty", "SUBSTANTIATED", "../seed"])
def test_an_unknown_word_is_an_error_and_no_answer(place: int, word: str) -> None:
    given: list[str | bool] = ["partly", False, "official", "ordinary", True, "seed"]
    given[place] = word
    with pytest.raises(Invalid, match=f"unknown_{COLUMNS[place]}"):
        allowed_forms(*given)  # type: ignore[arg-type]


def test_each_form_that_a_finding_allows_can_be_recommended_in_one_way() -> None:
    allowed = {form for case in EVERYTHING if case[0] in AGAINST for form in allowed_forms(*case)}
    recommended = [form for forms in RECOMMENDED_FORMS.values() for form in forms]
    assert sorted(recommended) == sorted(allowed)
    assert set(RECOMMENDED_FORMS) == set(Recommendation)
