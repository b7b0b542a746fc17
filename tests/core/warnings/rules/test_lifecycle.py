"""The table of measures: no way leads around approval and service, and nothing served escapes its end."""

import pytest

from core.errors import Conflict
from core.policy.profile import PROFILES, load
from core.warnings.rules.authority import may_decide
from core.warnings.rules.forms import Measure, decided_by
from core.warnings.rules.lifecycle import IN_FORCE, MEASURE_TRANSITIONS, STATES, TRANSITIONS, may, transition


@pytest.mark.parametrize("state", ["", *STATES])
@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_a_transition_is_made_from_its_sources_and_from_nowhere_else(state: str, name: str) -> None:
    row = TRANSITIONS[name]
    if state in row.sources:
        assert transition(state, name) == row.target
    else:
        with pytest.raises(Conflict, match="transition_not_allowed"):
            transition(state, name)
    assert may(state, name) is (state in row.sources)


def test_nothing_is_served_that_was_not_checked_and_approved() -> None:
    into = {row.target: row.sources for row in MEASURE_TRANSITIONS}
    assert into["served"] == into["active"] == {"approved"}
    assert into["approved"] == {"checked"}
    assert into["checked"] == {"drafted"}


def test_only_the_calendar_ends_a_term_and_only_people_do_the_rest() -> None:
    assert {row.name for row in MEASURE_TRANSITIONS if "system" in row.roles} == {"W5"}


def test_whatever_was_served_can_be_revoked() -> None:
    assert TRANSITIONS["W10"].sources == IN_FORCE


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("form", list(Measure))
def test_every_form_is_decided_by_somebody_who_can_be_appointed(form: Measure, profile: str) -> None:
    for capacity in decided_by(form, load(profile)):
        kinds = ("district_committee", "leading_group", "district_department", "township")
        assert any(
            may_decide(capacity, unit_kind=kind, is_own_body=own, is_subject_unit=unit)
            for kind in kinds
            for own in (True, False)
            for unit in (True, False)
        )


def test_under_modern_an_admonition_takes_the_committee_s_principal_leader() -> None:
    assert decided_by("admonition", load("modern"))[-1] == "committee_principal_leader"
    held = {"is_own_body": True, "is_subject_unit": False}
    assert not may_decide("committee_principal_leader", unit_kind="leading_group_office", **held)
    assert may_decide("committee_principal_leader", unit_kind="district_committee", **held)
