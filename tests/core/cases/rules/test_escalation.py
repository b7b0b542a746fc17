"""Important information: one criterion is enough, the unverified looks so, and nobody reads about themselves."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.rules.escalation import Criterion, Proposed, escalates, recipients, title_is_unverified
from core.cases.rules.lifecycle import CASE_STATES, ITEM_STATES, NOTHING, events, transition
from core.errors import Invalid

FLAGS = ("is_principal", "is_team", "possible_crime", "harm", "retaliation")


def important(proposed: str = "", **true: bool) -> tuple[str, ...]:
    flags = {**dict.fromkeys(FLAGS, False), **true}
    return escalates(**flags, proposed=proposed)


def test_a_principal_leader_in_an_unverified_matter_is_escalated_and_marked_so() -> None:
    assert important(is_principal=True) == (Criterion.PRINCIPAL_LEADER,)
    assert title_is_unverified("verifying")


def test_an_ordinary_deputy_in_a_minor_matter_is_not_escalated() -> None:
    assert important() == important("letter") == important("talk") == ()


def test_retaliation_against_a_reporter_is_escalated_whatever_the_rank() -> None:
    assert important(retaliation=True) == (Criterion.RETALIATION,)


def test_a_subject_on_the_list_is_removed_and_it_goes_up() -> None:
    found = recipients(["secretary", "deputy", "head"], {"deputy"})
    assert (found.told, found.removed, found.routed_up) == (("secretary", "head"), ("deputy",), True)


@pytest.mark.parametrize("answers", list(product((True, False), repeat=5)))
@pytest.mark.parametrize("proposed", Proposed)
def test_every_criterion_counts_by_itself_and_none_hides_another(answers: tuple[bool, ...], proposed: str) -> None:
    found = important(proposed, **dict(zip(FLAGS, answers, strict=True)))
    heavy = proposed in {"suspension", "demotion"}
    assert [each in found for each in Criterion] == [*answers, heavy]


@pytest.mark.parametrize("word", ["Suspension", "removal?", "none"])
def test_an_unknown_proposal_is_an_error_and_no_answer(word: str) -> None:
    with pytest.raises(Invalid, match="unknown_proposal"):
        important(word)


def test_the_title_of_an_item_and_of_what_no_state_names_says_unverified() -> None:
    assert all(title_is_unverified(state) for state in (NOTHING, *ITEM_STATES, "no_such_state"))


@given(st.data())
def test_no_way_through_a_case_drops_the_mark_without_a_signed_finding(data: st.DataObject) -> None:
    state, found = transition(NOTHING, "T7"), False
    for _ in range(25):
        assert found or title_is_unverified(state)
        if not (possible := events(state)):
            break
        name = data.draw(st.sampled_from(possible))
        state, found = transition(state, name), (found or name == "T11") and name != "T21"


def test_a_case_closed_without_a_finding_stays_marked() -> None:
    for state in ("closed_not_established", "closed_unfounded", "closed_malicious", "sealed", "expunged", "destroyed"):
        assert state in CASE_STATES
        assert title_is_unverified(state)


@given(st.lists(st.integers(0, 9), unique=True), st.sets(st.integers(0, 9)))
def test_nobody_is_told_about_themselves_and_nobody_else_is_left_out(fixed: list[int], subjects: set[int]) -> None:
    found = recipients(fixed, subjects)
    assert set(found.told).isdisjoint(subjects)
    assert sorted((*found.told, *found.removed)) == sorted(fixed)
    assert found.routed_up == bool(subjects & set(fixed))
