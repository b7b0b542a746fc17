"""What the privacy gate promises: one verdict for every combination of answers, and private life stays out."""

from itertools import product

import pytest

from core.cases.rules.gate import Category, Evidence, Verdict, gate
from core.errors import Invalid

PRIVATE = [
    Category.FAMILY,
    Category.HEALTH,
    Category.REPRODUCTION,
    Category.RELIGION,
    Category.PRIVATE_ASSOCIATION,
    Category.MOVEMENT,
    Category.MINOR,
    Category.SPEECH,
    Category.UNDOCUMENTED_FINANCES,
]
EVERYTHING = list(product(Category, (True, False), Evidence))


@pytest.mark.parametrize(("category", "registered", "evidence"), EVERYTHING)
def test_every_combination_has_one_verdict_with_a_reason(
    category: Category,
    registered: bool,  # noqa: FBT001 - a column of the table
    evidence: Evidence,
) -> None:
    verdict = gate(category, registered, evidence)
    assert verdict == gate(str(category), registered, str(evidence))
    assert verdict.reason


@pytest.mark.parametrize(("category", "evidence"), list(product(Category, Evidence)))
def test_nobody_outside_the_register_can_be_reported_on(category: Category, evidence: Evidence) -> None:
    assert str(gate(category, subject_registered=False, evidence=evidence)) == "refuse:not_an_official"


@pytest.mark.parametrize("category", Category)
def test_covert_recordings_are_refused_whatever_they_show(category: Category) -> None:
    assert str(gate(category, subject_registered=True, evidence="covert_recording")) == "refuse:covert_evidence"


@pytest.mark.parametrize("category", PRIVATE)
@pytest.mark.parametrize("evidence", [Evidence.OWN_OBSERVATION, Evidence.TOLD, Evidence.DOCUMENT])
def test_private_life_is_refused_under_its_own_name(category: Category, evidence: Evidence) -> None:
    assert gate(category, subject_registered=True, evidence=evidence) == Verdict(accepted=False, reason=category.value)


@pytest.mark.parametrize("number", range(1, 9))
def test_on_duty_conduct_is_accepted_under_its_manifestation(number: int) -> None:
    assert str(gate(f"on_duty:M{number}", subject_registered=True, evidence="told")) == f"accept:M{number}"


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [("own_observation", "refuse:document_required"), ("told", "refuse:document_required"), ("document", "accept:M1")],
)
def test_gambling_and_drunkenness_need_a_document(evidence: str, verdict: str) -> None:
    assert str(gate("gambling_or_drunkenness", subject_registered=True, evidence=evidence)) == verdict


def test_good_deeds_come_in_as_easily_as_bad_ones() -> None:
    assert str(gate("community_service", subject_registered=True, evidence="told")) == "accept:positive"


@pytest.mark.parametrize("category", ["", "on_duty", "on_duty:M0", "on_duty:M9", "Family", "accept:M6"])
@pytest.mark.parametrize("registered", [True, False])
def test_an_unknown_category_is_an_error_and_no_verdict(category: str, registered: bool) -> None:  # noqa: FBT001
    with pytest.raises(Invalid, match="unknown_category"):
        gate(category, registered, "told")


def test_an_unknown_kind_of_evidence_is_an_error_and_no_verdict() -> None:
    with pytest.raises(Invalid, match="unknown_evidence"):
        gate("family", subject_registered=False, evidence="hearsay")
