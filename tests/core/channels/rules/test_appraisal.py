"""R3 and R4: what an appraisal flags, in whole numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels.rules.appraisal import Flag, reaches_third, result, three_years
from core.errors import Invalid

BALLOTS = st.integers(1, 10**9)


@given(BALLOTS, st.data())
def test_a_third_is_a_third_and_nothing_is_rounded(valid: int, data: st.DataObject) -> None:
    incompetent = data.draw(st.integers(0, valid))
    assert reaches_third(incompetent, valid) is (Fraction(incompetent, valid) >= Fraction(1, 3))


@given(st.integers(0, 200), st.data())
def test_a_vote_counts_only_with_enough_people_and_ballots(voters: int, data: st.DataObject) -> None:
    present = data.draw(st.integers(0, voters))
    valid = data.draw(st.integers(0, present))
    incompetent = data.draw(st.integers(0, valid))
    found = result(incompetent, valid, voters, present)
    enough = valid >= 10 and 3 * present >= 2 * voters
    assert (found is not Flag.NO_RESULT) is enough
    if enough:
        assert (found is Flag.FLAG) is (3 * incompetent >= valid)


@pytest.mark.parametrize("ballots", [(4, 3, 20, 20), (1, 11, 20, 10), (1, 10, 9, 10), (-1, 10, 12, 12)])
def test_ballots_that_do_not_add_up_are_an_error(ballots: tuple[int, int, int, int]) -> None:
    with pytest.raises(Invalid, match="ballots_wrong"):
        result(*ballots)


ROWS = st.dictionaries(
    st.integers(2020, 2027),
    st.tuples(st.sampled_from(["P1", "P2"]), st.sampled_from(["no_marked_change", "changed", "not_assessed"])),
)


@given(ROWS, st.integers(2020, 2027))
def test_only_three_years_in_a_row_of_one_portfolio_are_flagged(rows: dict[int, tuple[str, str]], year: int) -> None:
    run = [rows.get(year - back) for back in range(3)]
    whole = run in ([("P1", "no_marked_change")] * 3, [("P2", "no_marked_change")] * 3)
    assert (three_years(rows, year) is Flag.FLAG) is whole
