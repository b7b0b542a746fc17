"""R8: what a measure blocks, from the day of service to the end of its last day, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.policy.profile import load
from core.warnings.rules.effects import Action, Answer, eligibility
from core.warnings.rules.forms import WITH_TERM, Measure, months_of
from core.warnings.rules.terms import term

MODERN = load("modern")
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
FOUR = {Action.AWARD, Action.PROMOTION, Action.ELEVATION, Action.TRANSFER}
BLOCKED = {
    ("seed", Measure.ADMONITION): FOUR,
    ("seed", Measure.SUSPENSION): FOUR | {Action.LEAD},
    ("modern", Measure.ADMONITION): FOUR | {Action.FULLER_USE, Action.CANDIDACY, Action.EXCELLENT_GRADE},
}


@given(DAYS, st.integers(-500, 500), st.sampled_from(Action), st.sampled_from(sorted(BLOCKED)))
def test_an_action_is_blocked_exactly_in_its_period(
    served: date, offset: int, action: Action, case: tuple[str, Measure]
) -> None:
    profile, form = case
    policy = load(profile)
    months = months_of(form, policy)
    on, last = served + timedelta(days=offset), term(served, months, policy).last_day
    until = date(served.year, 12, 31) if action is Action.EXCELLENT_GRADE else last
    expected = action in BLOCKED[case] and served <= on <= until
    assert eligibility(form, served, months, on, action, policy) == (Answer.BLOCKED if expected else Answer.ALLOWED)


@given(DAYS, st.sampled_from(Action), st.sampled_from(sorted(set(Measure) - set(WITH_TERM))))
def test_a_form_without_a_term_blocks_nothing(served: date, action: Action, form: Measure) -> None:
    assert eligibility(form, served, 0, served, action) is Answer.ALLOWED


def test_under_modern_the_grade_of_the_year_is_blocked_to_its_last_day() -> None:
    answers = [
        eligibility("admonition", date(2026, 3, 2), 6, day, "excellent_grade", MODERN)
        for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert answers == ["allowed", "blocked", "blocked", "allowed"]


@pytest.mark.parametrize(
    ("form", "months", "action", "code"),
    [
        ("admonition", 6, "holiday", "unknown_action"),
        ("applause", 6, "award", "unknown_form"),
        ("admonition", 0, "award", "term_without_months"),
    ],
)
def test_what_nobody_knows_is_an_error_and_never_an_answer(form: str, months: int, action: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        eligibility(form, date(2026, 3, 2), months, date(2026, 3, 2), action)
