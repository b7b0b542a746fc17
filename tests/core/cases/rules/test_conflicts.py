"""What the rules on conflicts promise: nobody acts on kin, decides about their own body or checks their own work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.items.reports import subject_of
from core.cases.rules.conflicts import (
    DecidingBody,
    Recusal,
    Relation,
    Route,
    SubjectKind,
    concerned,
    four_eyes,
    recusal,
    routing,
)
from core.dialogue import Choice, Choices
from core.errors import Invalid
from core.policy.profile import parse

persons = st.text(min_size=1)


@pytest.mark.parametrize("relation", [one for one in Relation if one not in (Relation.NONE, Relation.FORMER_UNIT)])
@pytest.mark.parametrize("months", [None, 0, 400])
def test_a_near_relation_recuses_however_long_ago(relation: Relation, months: int | None) -> None:
    assert recusal(relation, months) is Recusal.RECUSE


@pytest.mark.parametrize(("months", "answer"), [(0, "recuse"), (35, "recuse"), (36, "may_act"), (37, "may_act")])
def test_a_former_unit_recuses_for_36_months(months: int, answer: str) -> None:
    assert recusal("former_unit", months) == answer


def test_the_months_of_a_former_unit_come_from_the_policy() -> None:
    figure = '{ value = 12, unit = "months", mark = "D", source = "a test" }'
    local = parse("local", f'extends = "seed"\n[conflicts]\nformer_unit = {figure}')
    assert recusal("former_unit", 12, local) is Recusal.MAY_ACT


@pytest.mark.parametrize("months", [None, 3])
def test_an_officer_without_a_relation_may_act(months: int | None) -> None:
    assert recusal("none", months) is Recusal.MAY_ACT


@pytest.mark.parametrize(
    ("relation", "months", "code"),
    [
        ("former_unit", None, "months_missing"),
        ("former_unit", -1, "months_negative"),
        ("cousin", None, "unknown_relation"),
        ("", 40, "unknown_relation"),
    ],
)
def test_a_declaration_that_cannot_be_read_is_an_error_and_never_leave_to_act(
    relation: str,
    months: int | None,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        recusal(relation, months)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", SubjectKind)
def test_every_kind_of_subject_has_one_body_that_decides(kind: SubjectKind) -> None:
    route = routing(kind)
    assert isinstance(route, Route)
    assert route == routing(str(kind))


@pytest.mark.parametrize("kind", SubjectKind)
def test_what_the_upper_level_decides_is_not_stored_here(kind: SubjectKind) -> None:
    route = routing(kind)
    assert route.stored is (route.decided_by is not DecidingBody.UPPER_LEVEL)


@pytest.mark.parametrize("kind", ["office_director", "leading_group_member", "discipline_commission_staff"])
def test_nobody_decides_about_their_own_body(kind: str) -> None:
    assert routing(kind).decided_by is DecidingBody.UPPER_LEVEL


def test_an_unsure_reporter_goes_past_the_office() -> None:
    assert routing("not_sure") == Route(DecidingBody.DISCIPLINE_COMMISSION, stored=True)


@pytest.mark.parametrize("kind", ["", "resident", "Section_official", "not sure"])
def test_an_unknown_kind_of_subject_is_an_error_and_no_route(kind: str) -> None:
    with pytest.raises(Invalid, match="unknown_subject_kind"):
        routing(kind)


@given(persons, st.lists(persons, min_size=2, max_size=2), persons)
def test_four_eyes_hold_exactly_when_all_four_persons_differ(drafter: str, verifiers: list[str], approver: str) -> None:
    assert four_eyes(drafter, verifiers, approver) is (len({drafter, *verifiers, approver}) == 4)


@pytest.mark.parametrize("verifiers", [[], ["p2"]])
def test_fewer_than_two_verifiers_are_too_few(verifiers: list[str]) -> None:
    assert not four_eyes("p1", verifiers, "p4")


def test_a_third_verifier_does_no_harm_unless_counted_twice() -> None:
    assert four_eyes("p1", ["p2", "p3", "p5"], "p4")
    assert not four_eyes("p1", ["p2", "p3", "p3"], "p4")


@pytest.mark.parametrize(
    ("drafter", "verifiers", "approver"),
    [(None, ["p2", "p3"], "p4"), ("p1", ["p2", None], "p4"), ("p1", ["p2", "p3"], "")],
)
def test_a_missing_person_is_an_error(drafter: str | None, verifiers: list[str | None], approver: str | None) -> None:
    with pytest.raises(Invalid, match="person_missing"):
        four_eyes(drafter, verifiers, approver)


@pytest.mark.parametrize(
    ("kind", "unit_kind", "decided_by"),
    [
        ("section_official", "township", "leading_group_office"),
        ("leading_team", "district_department", "leading_group_office"),
        ("section_official", "organisation_department", "discipline_commission"),
        ("leading_team", "organisation_department", "upper_level"),
        ("not_sure", "organisation_department", "discipline_commission"),
        ("section_official", "discipline_commission", "upper_level"),
        ("leading_team", "discipline_commission", "upper_level"),
        ("not_sure", "discipline_commission", "upper_level"),
        ("not_sure", None, "discipline_commission"),
        ("office_director", None, "upper_level"),
    ],
)
def test_no_body_decides_about_its_own_people_whatever_kind_was_chosen(
    kind: str, unit_kind: str | None, decided_by: str
) -> None:
    assert routing(concerned(kind, unit_kind)).decided_by == decided_by


def test_the_kind_of_the_chosen_unit_is_looked_up_in_the_list_that_was_offered() -> None:
    units = Choices([Choice("org", {"zh_CN": "组织部"}, {"kind": "organisation_department"})])
    about = {"subject_kind": "section_official"}
    assert subject_of({**about, "unit": "org"}, units) == "organisation_department_staff"
    assert subject_of({**about, "unit": "gone"}, units) == subject_of(about, units) == "section_official"
