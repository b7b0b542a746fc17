"""Civil dates in Asia/Shanghai and the State Council's work calendar: quarters, halves, working days, deadlines."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Final

import chinese_calendar

from core.errors import Conflict, Invalid

# A fixed offset: China has kept one time without daylight saving since 1992, and no time zone data need be installed.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")

LAST_CHECKED_YEAR: Final = 2026
"""The last year of the packaged calendar that was compared with the State Council's notice; later ones are imported."""

LONGEST_CSV: Final = 64 * 1024
"""Characters; a year has about 40 rows."""

_DAY: Final = timedelta(days=1)
_KINDS: Final = MappingProxyType({"holiday": False, "workday": True})
# Days off in every year by the Measures on Public Holidays; a file without them is not a whole year.
_ALWAYS_OFF: Final = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


class CalendarDataMissing(Conflict):
    """The work calendar of ``params['year']`` has not been loaded; it is never replaced by Monday to Friday."""

    def __init__(self, year: int) -> None:
        super().__init__("calendar_data_missing", year=year)
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The years that are known, and in them the days that differ from Monday to Friday (``True``: worked)."""

    years: frozenset[int]
    exceptions: Mapping[date, bool]

    def is_working_day(self, day: date) -> bool:
        """Return whether ``day`` is worked; raises `CalendarDataMissing` for a year that is not known."""
        if day.year not in self.years:
            raise CalendarDataMissing(day.year)
        return self.exceptions.get(day, day.isoweekday() <= 5)  # noqa: PLR2004 - Friday

    def working_day_from(self, day: date) -> date:
        """Return ``day`` itself when it is worked, else the next day that is."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def with_year(self, year: int, text: str) -> "WorkCalendar":
        """Return this calendar with ``year`` as the ``.csv`` in ``text`` gives it.

        The file has the head ``date,kind,name`` and a row for each day that differs from Monday to Friday:
        ``2027-01-01,holiday,元旦`` for a day off, ``2027-02-06,workday,春节`` for a Saturday or Sunday that is worked.
        Rows in the December before are taken too, since the notice for New Year may reach into it; so years are
        loaded in their order.

        Raises:
            Invalid: ``calendar_row`` with the line; ``calendar_file`` when year, head or size is wrong;
                ``calendar_incomplete`` when a day is missing that is off in every year.
        """
        rows = _rows(year, text)
        if any(rows.get(date(year, month, day), True) for month, day in _ALWAYS_OFF):
            raise Invalid("calendar_incomplete", year=year)
        kept = {day: worked for day, worked in self.exceptions.items() if day.year != year}
        return WorkCalendar(self.years | {year}, MappingProxyType(kept | rows))


def _rows(year: int, text: str) -> dict[date, bool]:
    lines = csv.reader(text[: LONGEST_CSV + 1].removeprefix("\ufeff").splitlines())
    if not MINYEAR < year < MAXYEAR or len(text) > LONGEST_CSV or next(lines, None) != ["date", "kind", "name"]:
        raise Invalid("calendar_file", year=year)
    rows: dict[date, bool] = {}
    for row in filter(None, lines):
        try:
            day, worked = _row(row)
        except (ValueError, KeyError, Invalid):
            raise Invalid("calendar_row", line=lines.line_num) from None
        of_the_year = day.year == year or (day.year, day.month) == (year - 1, 12)
        needless = worked and day.isoweekday() <= 5  # noqa: PLR2004 - a made-up day is a Saturday or Sunday
        if not of_the_year or needless or day in rows:
            raise Invalid("calendar_row", line=lines.line_num)
        rows[day] = worked
    return rows


def _row(row: list[str]) -> tuple[date, bool]:
    day, kind, _name = row
    return parse_day(day.strip()), _KINDS[kind.strip()]


def _published() -> WorkCalendar:
    off = dict.fromkeys(chinese_calendar.holidays, False)
    worked = dict.fromkeys(chinese_calendar.workdays, True)
    exceptions = {day: is_worked for day, is_worked in (off | worked).items() if day.year <= LAST_CHECKED_YEAR}
    return WorkCalendar(frozenset(day.year for day in exceptions), MappingProxyType(exceptions))


PUBLISHED: Final = _published()
"""The calendar that comes with the system: 2004 to `LAST_CHECKED_YEAR`."""


def parse_day(text: str) -> date:
    """Return the date written ``2026-09-30``, and in no other way; raises `Invalid` ``bad_date``."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid("bad_date") from None
    if day.isoformat() != text:  # fromisoformat reads 20260930 and 2026-W40-3 too
        raise Invalid("bad_date")
    return day


def civil_date(instant: datetime) -> date:
    """Return the date in Asia/Shanghai at ``instant``; raises `Invalid` ``naive_instant`` without an offset."""
    if instant.utcoffset() is None:
        raise Invalid("naive_instant")
    try:
        return instant.astimezone(SHANGHAI).date()
    except OverflowError:
        raise Invalid("date_out_of_range") from None


def quarter(instant: datetime) -> str:
    """Return the quarter in Asia/Shanghai at ``instant``, such as ``2026Q3`` (R5)."""
    day = civil_date(instant)
    return f"{day.year:04}Q{(day.month + 2) // 3}"


def half(instant: datetime) -> str:
    """Return the half-year in Asia/Shanghai at ``instant``, such as ``2026H2`` (R5)."""
    day = civil_date(instant)
    return f"{day.year:04}H{(day.month + 5) // 6}"


def reply_due(served: date, working_days: int, calendar: WorkCalendar = PUBLISHED) -> date:
    """Return the last of ``working_days`` (one or more) after the day of service, which is not counted (R6).

    Raises:
        CalendarDataMissing: a year on the way is not known.
        Invalid: ``working_days`` is below one.
    """
    if working_days < 1:
        raise Invalid("too_few_days", field="working_days")
    due = served
    for _ in range(working_days):
        due = calendar.working_day_from(_after(due, 1))
    return due


def deadline(received: date, days: int, rolls: bool, calendar: WorkCalendar = PUBLISHED) -> date:  # noqa: FBT001 - R7
    """Return the day ``days`` (none or more) calendar days after ``received`` (R7; Civil Code, arts 201 and 203).

    A deadline that ``rolls`` and ends on a day off ends on the next working day.

    Raises:
        CalendarDataMissing: the deadline rolls, and the year in which it ends is not known.
        Invalid: ``days`` is negative.
    """
    if days < 0:
        raise Invalid("too_few_days", field="days")
    last = _after(received, days)
    return calendar.working_day_from(last) if rolls else last


def _after(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Invalid("date_out_of_range") from None
