"""R14: a finding of an audit needs a day by which it is mended, and evidence is taken whenever it comes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels.rules.audit import audit_finding
from core.errors import Invalid
from core.policy.calendar import PUBLISHED

DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 1))


@given(DAYS, st.integers(1, 180), st.integers(0, 400), st.none() | st.integers(0, 400))
def test_a_finding_is_open_to_its_last_working_day_and_overdue_after_it(
    served: date, days: int, later: int, evidence: int | None
) -> None:
    due, on = served + timedelta(days=days), served + timedelta(days=later)
    shown = None if evidence is None else served + timedelta(days=evidence)
    found = audit_finding(served, due, on, shown)
    if shown is not None and shown <= on:
        assert found == "awaiting_verification"
    else:
        assert found == ("overdue" if on > PUBLISHED.working_day_from(due) else "open")


@given(DAYS, st.integers(-30, 0))
def test_a_finding_is_not_served_without_a_day_after_service(served: date, days: int) -> None:
    assert audit_finding(served, None) == "reject:due_on_required"
    assert audit_finding(served, served + timedelta(days=days)) == "reject:due_on_must_follow_service"


def test_where_a_finding_is_takes_a_day_to_ask_about() -> None:
    with pytest.raises(Invalid, match="day_missing"):
        audit_finding(date(2026, 3, 2), date(2026, 5, 1))
