"""R1 and R2, how long a term runs: counted once, from the day of service, and never rolled. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from core.errors import Invalid
from core.policy.calendar import SHANGHAI
from core.policy.profile import SEED, Profile

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A term: the day from which it counts, the last day of its effects, and the moment at which the person is free."""

    counted_from: date
    last_day: date
    ends_at: datetime


def term(served: date, months: int, policy: Profile = SEED) -> Term:
    """Return the term of so many months (one or more) that begins with service (S118, S125; Civil Code, arts 201-202).

    Effects begin on the day of service, which is not counted unless the policy counts it. The last day is the
    corresponding day of the last month, or that month's last day where it has none. A weekend or a holiday moves
    nothing: a burden is never lengthened.

    Raises `Invalid` (``term_without_months``, ``date_out_of_range``).
    """
    if months < 1:
        raise Invalid("term_without_months", field="months")
    try:
        # the months are added once, to the original day: added one by one, the end of a short month would stay
        last_day = served + relativedelta(months=months)
        counted_from = served + _DAY
        if policy.flag("count_start_day"):
            counted_from, last_day = served, last_day - _DAY
        ends_at = datetime.combine(last_day + _DAY, time(), SHANGHAI)
    except (OverflowError, ValueError):
        raise Invalid("date_out_of_range", field="served") from None
    return Term(counted_from, last_day, ends_at)


def reminders(last_day: date, policy: Profile = SEED) -> tuple[date, ...]:
    """Return the days on which it is said that a term is about to end, the first one first (rules.md 3.4)."""
    figures = ("term_reminder_first", "term_reminder_second")
    return tuple(last_day - timedelta(days=policy.days(figure)) for figure in figures)
