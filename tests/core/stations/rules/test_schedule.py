"""R9: the days of a quarter's round."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.policy.calendar import PUBLISHED, CalendarDataMissing
from core.stations.rules.schedule import known_days, schedule

QUARTERS = st.builds("{}Q{}".format, st.integers(2005, 2025), st.integers(1, 4))
DAY = timedelta(days=1)


def worked(since: date, until: date) -> int:
    days = (since + DAY * number for number in range((until - since).days + 1))
    return sum(PUBLISHED.is_working_day(day) for day in days)


@given(QUARTERS)
def test_every_day_of_a_round_lies_where_the_rules_say(quarter: str) -> None:
    found = schedule(quarter)
    assert found.prompt_on is not None
    assert found.grace_until is not None
    assert found.meeting_by is not None
    first = found.due_on.replace(day=1)
    assert (found.due_on + DAY).day == 1
    assert found.due_on.month == int(quarter[-1]) * 3
    assert worked(first, found.prompt_on) == 1
    assert PUBLISHED.is_working_day(found.prompt_on)
    assert worked(found.due_on + DAY, found.grace_until) == 5
    assert worked(found.due_on + DAY, found.meeting_by) == 15
    assert PUBLISHED.is_working_day(found.grace_until)
    assert PUBLISHED.is_working_day(found.meeting_by)


def test_a_round_goes_on_without_the_days_that_wait_for_a_calendar() -> None:
    found = known_days("2026Q4")
    assert (found.prompt_on, found.due_on) == (date(2026, 12, 1), date(2026, 12, 31))
    assert (found.grace_until, found.meeting_by) == (None, None)
    with pytest.raises(CalendarDataMissing, match="2027"):
        schedule("2026Q4")
    assert known_days("2031Q1").prompt_on is None


def test_a_record_is_in_time_to_the_last_second_of_the_last_day() -> None:
    assert schedule("2026Q3").due_at().isoformat() == "2026-09-30T23:59:59+08:00"


@pytest.mark.parametrize("quarter", ["", "2026", "2026Q5", "2026q1", "26Q1", "0000Q1", "9999Q4", "２０２６Q1"])
def test_what_is_no_quarter_is_refused(quarter: str) -> None:
    with pytest.raises(Invalid, match="quarter_malformed"):
        schedule(quarter)
