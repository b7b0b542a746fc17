"""What the calendar promises: dates of Shanghai, the State Council's working days, no guess about an unknown year."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import Invalid
from core.policy.calendar import (
    LAST_CHECKED_YEAR,
    LONGEST_CSV,
    PUBLISHED,
    CalendarDataMissing,
    civil_date,
    deadline,
    half,
    parse_day,
    quarter,
    reply_due,
)

FIRST, LAST = date(min(PUBLISHED.years), 1, 1), date(LAST_CHECKED_YEAR, 12, 31)
known_days = st.dates(FIRST, LAST - timedelta(days=120))
instants = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001 - the offset is drawn beside it
    datetime(2150, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)

YEAR_2027 = """date,kind,name
2026-12-31,holiday,元旦
2027-01-01,holiday,元旦
2027-01-02,holiday,元旦
2027-01-03,workday,元旦

2027-05-01,holiday,劳动节
2027-10-01,holiday,国庆节
2027-10-02,holiday,国庆节
2027-10-03,holiday,国庆节
"""


@given(instants)
def test_the_quarter_and_half_of_an_instant_are_those_of_its_date_in_utc_plus_8(instant: datetime) -> None:
    day = (instant.astimezone(UTC) + timedelta(hours=8)).date()
    assert civil_date(instant) == day
    assert quarter(instant) == f"{day.year}Q{[1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4][day.month - 1]}"
    assert half(instant) == f"{day.year}H{1 if day.month <= 6 else 2}"


@pytest.mark.parametrize("ask", [quarter, half, civil_date])
def test_an_instant_without_an_offset_is_refused(ask: type) -> None:
    with pytest.raises(Invalid) as refused:
        ask(datetime(2026, 3, 31, 16))  # noqa: DTZ001 - what is refused
    assert refused.value.code == "naive_instant"


def test_an_instant_beyond_the_calendar_of_years_is_refused() -> None:
    with pytest.raises(Invalid, match="date_out_of_range"):
        quarter(datetime(9999, 12, 31, 20, tzinfo=UTC))


@pytest.mark.parametrize("text", ["20260930", "2026-W40-3", "2026-9-30", "2027-02-29", "2026-09-30T00:00", " ", "明天"])
def test_a_date_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(Invalid, match="bad_date"):
        parse_day(text)


@given(known_days, st.integers(1, 40))
def test_a_reply_is_due_on_a_working_day_with_exactly_that_many_after_service(served: date, n: int) -> None:
    due = reply_due(served, n)
    between = [served + timedelta(days=ahead) for ahead in range(1, (due - served).days + 1)]
    assert PUBLISHED.is_working_day(due)
    assert sum(map(PUBLISHED.is_working_day, between)) == n


@given(known_days, st.integers(1, 30))
def test_a_reply_to_a_later_letter_is_never_due_earlier(served: date, n: int) -> None:
    assert reply_due(served, n) <= reply_due(served + timedelta(days=1), n)
    assert reply_due(served, n) < reply_due(served, n + 1)


@given(known_days, st.integers(0, 90))
def test_a_deadline_rolls_forward_to_the_first_working_day_and_never_back(received: date, days: int) -> None:
    plain, rolled = deadline(received, days, rolls=False), deadline(received, days, rolls=True)
    assert plain == received + timedelta(days=days)
    assert PUBLISHED.is_working_day(rolled)
    skipped = [plain + timedelta(days=ahead) for ahead in range((rolled - plain).days)]
    assert not any(map(PUBLISHED.is_working_day, skipped))


@given(known_days, st.integers(0, 60), st.booleans())
def test_deadlines_keep_the_order_of_days_and_lengths(received: date, days: int, rolls: bool) -> None:  # noqa: FBT001
    assert deadline(received, days, rolls) <= deadline(received + timedelta(days=1), days, rolls)
    assert deadline(received, days, rolls) <= deadline(received, days + 1, rolls)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2024-02-14", 15, "2024-02-29"),
        ("2025-02-14", 15, "2025-03-03"),  # 1 March was a Saturday
        ("2026-04-20", 15, "2026-05-06"),
        ("2026-09-20", 15, "2026-10-08"),
        ("2026-02-14", 0, "2026-02-14"),  # a Saturday that is worked
    ],
)
def test_rolling_deadlines_know_leap_days_holidays_and_made_up_days(received: str, days: int, due: str) -> None:
    assert deadline(date.fromisoformat(received), days, rolls=True) == date.fromisoformat(due)


@pytest.mark.parametrize("n", [0, -1, -15])
def test_a_reply_is_never_due_in_no_days(n: int) -> None:
    with pytest.raises(Invalid, match="too_few_days"):
        reply_due(date(2026, 3, 2), n)


def test_a_negative_deadline_is_refused() -> None:
    with pytest.raises(Invalid, match="too_few_days"):
        deadline(date(2026, 3, 2), -1, rolls=False)


def test_a_deadline_beyond_the_last_date_there_is_is_refused() -> None:
    with pytest.raises(Invalid, match="date_out_of_range"):
        deadline(date(2026, 3, 2), 10**12, rolls=False)


@given(st.dates(date(2026, 12, 18), date(2027, 12, 31)), st.integers(15, 40))
def test_a_reply_that_needs_a_missing_year_is_an_error_that_names_the_year(served: date, n: int) -> None:
    with pytest.raises(CalendarDataMissing) as missing:
        reply_due(served, n)
    assert missing.value.code == "calendar_data_missing"
    assert missing.value.params == {"year": max(2027, (served + timedelta(days=1)).year)}


@given(st.dates(date(2027, 1, 1), date(2099, 12, 31)))
def test_no_day_after_the_last_checked_year_is_guessed(day: date) -> None:
    with pytest.raises(CalendarDataMissing) as missing:
        PUBLISHED.is_working_day(day)
    assert missing.value.year == day.year


def test_a_deadline_that_rolls_over_new_year_asks_for_the_year_it_ends_in() -> None:
    with pytest.raises(CalendarDataMissing, match="2027"):
        deadline(date(2026, 12, 20), 15, rolls=True)
    assert deadline(date(2026, 12, 20), 15, rolls=False) == date(2027, 1, 4)


def test_a_year_loaded_from_csv_answers_what_was_missing() -> None:
    calendar = PUBLISHED.with_year(2027, YEAR_2027)
    assert deadline(date(2026, 12, 20), 13, rolls=True, calendar=calendar) == date(2027, 1, 3)
    assert not calendar.is_working_day(date(2026, 12, 31))
    assert calendar.is_working_day(date(2027, 1, 4))


def test_loading_a_year_leaves_the_calendar_it_started_from_as_it_was() -> None:
    PUBLISHED.with_year(2027, YEAR_2027)
    assert 2027 not in PUBLISHED.years
    assert PUBLISHED.is_working_day(date(2026, 12, 31))


def test_a_year_loaded_again_replaces_its_rows() -> None:
    corrected = YEAR_2027.replace("2027-01-03,workday,元旦\n", "")
    calendar = PUBLISHED.with_year(2027, YEAR_2027).with_year(2027, corrected)
    assert not calendar.is_working_day(date(2027, 1, 3))


def test_a_csv_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does() -> None:
    assert 2027 in PUBLISHED.with_year(2027, "\ufeff" + YEAR_2027.replace("\n", "\r\n")).years


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("2027-13-01,holiday,x", 11),
        ("2027/02/06,holiday,x", 11),
        ("2027-02-06,rest,x", 11),
        ("2027-02-06,holiday", 11),
        ("2027-02-06,holiday,x,y", 11),
        ("2028-02-06,holiday,x", 11),
        ("2026-11-30,holiday,x", 11),
        ("2027-01-01,holiday,twice", 11),
        ("2027-02-08,workday,a Monday", 11),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_line(row: str, line: int) -> None:
    with pytest.raises(Invalid) as refused:
        PUBLISHED.with_year(2027, YEAR_2027 + row)
    assert (refused.value.code, refused.value.params) == ("calendar_row", {"line": line})


def test_a_year_without_its_fixed_holidays_is_not_a_year() -> None:
    with pytest.raises(Invalid, match="calendar_incomplete"):
        PUBLISHED.with_year(2027, YEAR_2027.replace("2027-10-03,holiday,国庆节\n", ""))


@pytest.mark.parametrize("text", ["", "day,kind,name\n", YEAR_2027 + "\n" * LONGEST_CSV])
def test_a_file_without_the_head_or_of_great_length_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="calendar_file"):
        PUBLISHED.with_year(2027, text)


@pytest.mark.parametrize("year", [-1, 0, 9999, 10_000])
def test_a_year_that_cannot_be_is_refused(year: int) -> None:
    with pytest.raises(Invalid, match="calendar_file"):
        PUBLISHED.with_year(year, YEAR_2027)


@given(st.text())
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    assume(text)
    with pytest.raises(Invalid):
        PUBLISHED.with_year(2027, "date,kind,name\n" + text)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2025-01-26", True),
        ("2025-01-28", False),
        ("2025-02-08", True),
        ("2025-09-28", True),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-07", False),
        ("2026-10-10", True),
    ],
)
def test_the_published_calendar_is_the_state_councils(day: str, worked: bool) -> None:  # noqa: FBT001
    assert PUBLISHED.is_working_day(date.fromisoformat(day)) is worked


def test_the_first_import_of_the_calendar_data_warns_of_nothing(tmp_path: Path) -> None:
    fresh = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}  # compiled anew, as on a first start
    command = [sys.executable, "-W", "error", "-c", "import core.policy.calendar"]
    done = subprocess.run(command, env=fresh, capture_output=True, check=False)  # noqa: S603 - our own interpreter
    assert (done.returncode, done.stderr) == (0, b"")


def test_midnight_in_shanghai_begins_the_quarter() -> None:
    midnight = datetime.combine(date(2026, 4, 1), time(0), timezone(timedelta(hours=8)))
    assert quarter(midnight) == "2026Q2"
    assert quarter(midnight - timedelta(microseconds=1)) == "2026Q1"
