"""The states of items and cases: every way there is, who may go it, and what never happens."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access.permissions import PERMISSIONS
from core.cases.rules.lifecycle import (
    CASE_STATES,
    CASE_TRANSITIONS,
    FINAL_STATES,
    ITEM_STATES,
    ITEM_TRANSITIONS,
    NOTHING,
    SYSTEM,
    TRANSITIONS,
    events,
    is_open,
    may,
    permitted,
    transition,
)
from core.errors import Conflict
from core.registry import Role

STATES = [NOTHING, *ITEM_STATES, *CASE_STATES]
ROLES = [SYSTEM, *Role]
CASE_EVENTS = [row.name for row in CASE_TRANSITIONS]

# Which verbs of the permission matrix make a step; what is left out is made by no member of staff with a verb yet.
VERBS = {
    "T3": ("item.card",),
    **dict.fromkeys(("T4", "T4i", "T4o", "T5", "T6"), ("triage.propose", "triage.decide")),
    **dict.fromkeys(("T7", "T7m"), ("case.open",)),
    "T8": ("case.assign",),
    **dict.fromkeys(("T9", "T10", "T11"), ("case.verify",)),
    **dict.fromkeys(("T12", "T28"), ("case.refer", "case.accept_referral")),
    "T13": ("case.classify",),
    "T14": ("case.analyse",),
    **dict.fromkeys(("T20n", "T20u", "T25"), ("case.close",)),
    "T16c": ("case.confirm",),
    "T21": ("case.reopen",),
    "T22": ("case.conclude",),
    **dict.fromkeys(("T23", "T23b"), ("case.hold",)),
    **dict.fromkeys(("T24", "T24e", "T27", "T27d"), ("case.put_away", "case.destroy")),
}

# The rules' own words for the main line, from nothing to the end.
MAIN_LINE = (
    ["T7", "T8", "T9", "T10", "T11", "T13", "T14", "T15", "T16", "T16c", "T17", "T19", "T19c"],
    [
        *("opened", "verifying", "awaiting_explanation", "verifying", "verified", "classified", "analysed"),
        *("department_meeting_done", "group_meeting_done", "confirmed", "measure_in_force", "assessed", "closed"),
    ],
)


def test_a_step_is_made_exactly_where_and_by_whom_the_table_has_it() -> None:
    for state, (name, row), role in product(STATES, TRANSITIONS.items(), ROLES):
        fits = state in row.sources
        assert may(state, name) == fits == (name in events(state))
        assert permitted(state, name, role) == (fits and role in row.roles)
        if fits:
            assert transition(state, name) == row.target
            continue
        with pytest.raises(Conflict) as refused:
            transition(state, name)
        assert refused.value.params == {"transition": name, "state": state}


def test_every_row_says_who_makes_it_what_is_needed_and_why() -> None:
    assert len(TRANSITIONS) == len(ITEM_TRANSITIONS) + len(CASE_TRANSITIONS)
    for row in TRANSITIONS.values():
        assert row.roles
        assert row.roles <= set(ROLES)
        assert row.needs
        assert row.source
        assert row.sources <= set(STATES)


def test_every_number_of_the_rules_is_there_but_the_one_that_is_a_flag() -> None:
    numbers = {int("".join(filter(str.isdigit, name))) for name in TRANSITIONS if name.startswith("T")}
    assert numbers == set(range(1, 29)) - {18}  # important_escalated is a flag, no state


@pytest.mark.parametrize("name", VERBS)
def test_whoever_the_matrix_lets_do_a_verb_has_a_hand_in_its_step(name: str) -> None:
    held_by = {role for verb in VERBS[name] for role in PERMISSIONS[verb].held_by}
    assert TRANSITIONS[name].roles - {SYSTEM} == held_by


def test_items_and_cases_share_no_state() -> None:
    assert set(ITEM_STATES).isdisjoint(CASE_STATES)
    for row in ITEM_TRANSITIONS:
        assert row.sources <= {NOTHING, *ITEM_STATES}
    for row in CASE_TRANSITIONS:
        assert row.sources <= {NOTHING, *CASE_STATES}


def test_every_state_can_be_reached_from_nothing() -> None:
    reached = {NOTHING}
    while grown := {row.target for row in TRANSITIONS.values() if row.sources & reached} - reached:
        reached |= grown
    assert reached == set(STATES)


def test_nothing_leads_out_of_a_final_state_and_something_out_of_every_other() -> None:
    ends = {"merged", "insufficient", "out_of_scope", "transferred", "minimised_out", "routed_up", "withdrawn"}
    ends |= {"referred_discipline", "closed_malicious", "expunged", "destroyed"}
    assert ends == FINAL_STATES
    assert {state for state in STATES if not events(state)} == FINAL_STATES


def test_work_goes_on_until_a_case_is_closed_or_put_away() -> None:
    resting = {state for state in CASE_STATES if state.startswith("closed")} | {"sealed"}
    assert {state for state in STATES if not is_open(state)} == FINAL_STATES | resting


def test_the_main_line_of_a_case_goes_from_nothing_to_its_end() -> None:
    state, passed = NOTHING, []
    for name in MAIN_LINE[0]:
        state = transition(state, name)
        passed.append(state)
    assert passed == MAIN_LINE[1]


def test_from_the_fourth_step_on_a_person_makes_every_one_but_the_end_of_a_wait() -> None:
    assert {name for name, row in TRANSITIONS.items() if SYSTEM in row.roles} == {"T1", "T2", "R13", "T10"}
    assert {name for name, row in TRANSITIONS.items() if row.roles == {SYSTEM}} == {"T2", "R13"}


@settings(max_examples=300)
@given(st.data())
def test_no_walk_comes_to_a_measure_without_the_finding_and_both_meetings(data: st.DataObject) -> None:
    state, since_opened = transition(NOTHING, "T7"), set[str]()
    for _ in range(40):
        possible = events(state)
        if not possible:
            break
        name = data.draw(st.sampled_from(possible))
        state = transition(state, name)
        since_opened = set() if name == "T21" else since_opened | {name}
        if state == "measure_in_force":
            assert since_opened >= {"T11", "T15", "T16"}


@pytest.mark.parametrize("skipped", ["T11", "T15", "T16"])
def test_without_one_of_them_no_way_leads_to_a_measure(skipped: str) -> None:
    rows = [row for row in CASE_TRANSITIONS if row.name != skipped]
    for start in ("opened", "verifying"):  # where a case begins, and where it is taken up anew
        reached = {start}
        while grown := {row.target for row in rows if row.sources & reached} - reached:
            reached |= grown
        assert "measure_in_force" not in reached
