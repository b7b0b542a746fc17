"""R11: what an assessment may lead to; who complained, appealed or grumbled is never worse off."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.warnings.rules.forms import FOLLOWING, Measure
from core.warnings.rules.outcomes import FORBIDDEN, Ground, Outcome, decisions, outcomes

RANKS = st.sampled_from(["full_section", "deputy_section"])
ANSWERS = st.fixed_dictionaries(dict.fromkeys(("corrected", "excellent", "results", "recognised"), st.booleans()))
POOR = {
    "full_section": ("demote_deputy_section", "demote_ordinary", "removal"),
    "deputy_section": ("demote_ordinary", "removal"),
}


def judged(
    form: str, rank: str, answers: dict[str, bool], grounds: frozenset[str] = frozenset()
) -> tuple[Outcome, ...]:
    corrected, excellent = answers["corrected"], answers["excellent"]
    results, recognised = answers["results"], answers["recognised"]
    return outcomes(
        form,
        rank=rank,
        corrected=corrected,
        excellent=excellent,
        results=results,
        recognised=recognised,
        grounds=grounds,
    )


@pytest.mark.parametrize("answers", list(product([True, False], repeat=4)))
@pytest.mark.parametrize("rank", sorted(POOR))
def test_every_suspension_has_one_answer(answers: tuple[bool, ...], rank: str) -> None:
    corrected, excellent, results, recognised = answers
    found = outcomes(
        "suspension", rank=rank, corrected=corrected, excellent=excellent, results=results, recognised=recognised
    )
    if all(answers):
        assert found == ("restore_post", "reassign_non_leading")
    elif any(answers):
        assert found == ("manual_gap_middle",)
    else:
        assert found == POOR[rank]


@given(st.sampled_from(sorted(FORBIDDEN)), st.sets(st.sampled_from(Ground)), RANKS, ANSWERS)
def test_a_forbidden_ground_rejects_whatever_else_is_said(
    ground: Ground, others: set[Ground], rank: str, answers: dict[str, bool]
) -> None:
    grounds = frozenset({str(ground), *map(str, others)})
    for form in ("admonition", "suspension"):
        assert judged(form, rank, answers, grounds) == ("rejected_ground",)


@given(RANKS, ANSWERS)
def test_the_middle_case_never_leads_to_worse_than_a_post_without_leadership(
    rank: str, answers: dict[str, bool]
) -> None:
    allowed = judged("suspension", rank, answers)
    if Outcome.MANUAL_GAP_MIDDLE in allowed:
        assert decisions(allowed) == {Measure.RESTORE_POST, Measure.REASSIGN_NON_LEADING}


@given(RANKS, ANSWERS, st.sampled_from(["admonition", "suspension"]))
def test_what_follows_is_a_decision_of_its_own_or_nothing(rank: str, answers: dict[str, bool], form: str) -> None:
    allowed = judged(form, rank, answers)
    assert decisions(allowed) <= FOLLOWING
    assert bool(decisions(allowed)) is (allowed != ("lifted",))


@pytest.mark.parametrize(
    ("form", "given_", "code"),
    [
        ("letter", {"corrected": True}, "unknown_form"),
        ("admonition", {}, "answer_missing"),
        ("suspension", {"rank": "full_section", "corrected": True}, "answer_missing"),
        ("suspension", {"rank": "minister", "corrected": True}, "unknown_rank"),
        ("admonition", {"corrected": True, "grounds": frozenset({"rumour"})}, "unknown_ground"),
    ],
)
def test_an_assessment_that_leaves_something_out_is_an_error(form: str, given_: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        outcomes(form, **given_)  # type: ignore[arg-type]
