"""R9, the days of a quarter's round: prompt, last day, grace and the meeting of the station heads. Pure."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from core.errors import Invalid
from core.policy.calendar import SHANGHAI, CalendarDataMissing, quarter, reply_due
from core.policy.profile import SEED, Profile

_QUARTER: Final = re.compile(r"(\d{4})Q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of a round. ``grace_until`` is the day at whose end it is locked, ``meeting_by`` the meeting's last day.

    What needs a year of the work calendar that is not loaded is empty: the round goes on without it.
    """

    quarter: str
    prompt_on: date | None
    due_on: date
    grace_until: date | None
    meeting_by: date | None

    def due_at(self) -> datetime:
        """Return the last second in which a record is in time."""
        return datetime.combine(self.due_on, time(23, 59, 59), SHANGHAI)


def schedule(quarter: str, policy: Profile = SEED) -> Schedule:
    """Return the days of a quarter's round, such as ``2026Q3`` (rules.md 3.5; S84, S85).

    The prompt goes out on the first working day of the quarter's last month; the record is due on its last day,
    whatever day that is. Grace and meeting count in working days from there.

    Raises:
        CalendarDataMissing: a day needs a year of the work calendar that is not known.
        Invalid: ``quarter_malformed``.
    """
    found = known_days(quarter, policy)
    if found.prompt_on is None:
        raise CalendarDataMissing(found.due_on.year)
    if found.grace_until is None or found.meeting_by is None:
        raise CalendarDataMissing(found.due_on.year + 1)
    return found


def known_days(quarter: str, policy: Profile = SEED) -> Schedule:
    """Return the days of a round as far as the work calendar goes; raises `Invalid` (``quarter_malformed``)."""
    first, due_on = last_month(quarter)
    return Schedule(
        quarter=quarter,
        prompt_on=_known(lambda: policy.calendar.working_day_from(first)),
        due_on=due_on,
        grace_until=_known(lambda: reply_due(due_on, policy.working_days("record_grace"), policy.calendar)),
        meeting_by=_known(lambda: reply_due(due_on, policy.working_days("station_heads_meeting_by"), policy.calendar)),
    )


def last_month(quarter: str) -> tuple[date, date]:
    """Return the first and the last day of the last month of a quarter; raises `Invalid` (``quarter_malformed``)."""
    match = _QUARTER.fullmatch(quarter)
    if match is None or not 1 <= int(match[1]) < date.max.year:
        raise Invalid("quarter_malformed", field="quarter")
    year, month = int(match[1]), int(match[2]) * 3
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def open_quarters(now: datetime) -> tuple[str, str, str]:
    """Return the quarters of which staff may open a round: the one before, the present one, and the next."""
    present = quarter(now)
    year, place = int(present[:4]), int(present[5:])
    count = year * 4 + place - 1
    before, after = (f"{each // 4:04}Q{each % 4 + 1}" for each in (count - 1, count + 1))
    return before, present, after


def _known(day: Callable[[], date]) -> date | None:
    try:
        return day()
    except CalendarDataMissing:
        return None
