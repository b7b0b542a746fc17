"""R1 and R2: a term is counted once from the day of service, and nothing lengthens it."""

import calendar
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.policy.calendar import SHANGHAI
from core.policy.profile import SEED, Profile
from core.warnings.rules.terms import reminders, term

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
DAY = timedelta(days=1)


@given(DAYS, st.integers(1, 24))
def test_the_last_day_is_the_corresponding_day_or_the_last_of_its_month(served: date, months: int) -> None:
    found = term(served, months)
    month = served.month - 1 + months
    year, month = served.year + month // 12, month % 12 + 1
    assert found.last_day == date(year, month, min(served.day, calendar.monthrange(year, month)[1]))
    assert found.counted_from == served + DAY
    assert found.ends_at.astimezone(SHANGHAI).date() == found.last_day + DAY
    assert found.ends_at.isoformat().endswith("T00:00:00+08:00")


@given(DAYS, DAYS, st.integers(1, 24))
def test_who_is_served_later_is_never_free_earlier(one: date, other: date, months: int) -> None:
    earlier, later = sorted([one, other])
    assert term(earlier, months).last_day <= term(later, months).last_day


def test_a_policy_that_counts_the_day_of_service_ends_a_day_earlier() -> None:
    figures = dict(SEED.figures)
    figures["count_start_day"] = replace(figures["count_start_day"], value=True)
    counted = term(date(2026, 4, 1), 6, Profile("seed", MappingProxyType(figures)))
    assert (counted.counted_from, counted.last_day) == (date(2026, 4, 1), date(2026, 9, 30))


@given(DAYS)
def test_it_is_said_30_and_7_days_before_the_last_day(last_day: date) -> None:
    assert reminders(last_day) == (last_day - timedelta(days=30), last_day - timedelta(days=7))


@pytest.mark.parametrize(("served", "months"), [(date(2026, 1, 1), 0), (date(2026, 1, 1), -6), (date.max, 6)])
def test_a_term_without_months_or_beyond_the_calendar_is_an_error(served: date, months: int) -> None:
    with pytest.raises(Invalid):
        term(served, months)
