"""The states of an item and the ways between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases.rules.lifecycle import ITEM_STATES, ITEM_TRANSITIONS, may, transition
from core.errors import Conflict

NAMES = [row.name for row in ITEM_TRANSITIONS]


@given(st.sampled_from(["", *ITEM_STATES]), st.sampled_from(NAMES))
def test_a_transition_is_made_exactly_where_the_table_has_it(state: str, name: str) -> None:
    row = next(row for row in ITEM_TRANSITIONS if row.name == name)
    if state in row.sources:
        assert transition(state, name) == row.target
        assert may(state, name)
    else:
        assert not may(state, name)
        with pytest.raises(Conflict):
            transition(state, name)


@pytest.mark.parametrize("final", ["withdrawn", "routed_up"])
def test_nothing_leads_out_of_a_final_state(final: str) -> None:
    assert not any(may(final, name) for name in NAMES)


def test_every_state_can_be_reached_from_nothing() -> None:
    reached = {""}
    while grown := {row.target for row in ITEM_TRANSITIONS if row.sources & reached} - reached:
        reached |= grown
    assert reached == {"", *ITEM_STATES}
