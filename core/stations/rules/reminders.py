"""The plan of reminders as data: when a round asks whom, until it is answered (rules.md 3.5). Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from core.policy.calendar import SHANGHAI, CalendarDataMissing, WorkCalendar, reply_due
from core.policy.profile import SEED, Profile
from core.stations.rules.schedule import Schedule, last_month

FILERS: Final = ("station_liaison", "building_contact")
"""Who fills a record in."""

SIGNERS: Final = ("station_head", "station_deputy_head")
"""Who signs it: the head, or the deputy in their absence."""

CALL_LIST: Final = "call_list"
"""The last stage sends nothing: the department calls whoever is on its list."""


@dataclass(frozen=True, slots=True)
class Stage:
    """From which moment on holders of ``roles`` are sent ``template``, as long as nobody has answered."""

    name: str
    at: datetime
    roles: tuple[str, ...]

    @property
    def template(self) -> str:
        """The message of this stage, by its name in the outbox."""
        return f"round_{self.name}"


def plan(days: Schedule, policy: Profile = SEED) -> tuple[Stage, ...]:
    """Return the stages of a round, the earliest first.

    Reminders before the due day go out on the last working day on or before theirs; what follows the due day counts in
    working days. A stage for which a year of the work calendar is missing falls back on the day itself, and one that
    follows the due day is left out: a round never waits for a calendar.
    """
    first, _ = last_month(days.quarter)
    prompt = days.prompt_on or first
    before = {
        "first": days.due_on - timedelta(days=policy.days("round_reminder_first")),
        "second": days.due_on - timedelta(days=policy.days("round_reminder_second")),
        "due": days.due_on,
    }
    stages: list[tuple[str, date, tuple[str, ...]]] = [("prompt", prompt, FILERS)]
    stages += [(name, max(_worked(day, policy.calendar), prompt), FILERS) for name, day in before.items()]
    for name, figure, roles in (
        ("grace", "reminder_deputy_after", (*FILERS, "station_deputy_head")),
        ("escalated", "reminder_head_after", (*FILERS, *SIGNERS)),
    ):
        day = _later(days.due_on, policy.working_days(figure), policy.calendar)
        stages += [(name, day, roles)] if day is not None else []
    if days.grace_until is not None:
        stages.append((CALL_LIST, days.grace_until, ()))
    at = policy.time("prompt_at")
    return tuple(Stage(name, datetime.combine(day, at, SHANGHAI), roles) for name, day, roles in stages)


def due_stage(stages: tuple[Stage, ...], now: datetime) -> Stage | None:
    """Return the stage that a round has come to; after an outage the last one alone, nobody gets several at once."""
    begun = [each for each in stages if each.at <= now]
    return begun[-1] if begun else None


def is_quiet(now: datetime, policy: Profile = SEED) -> bool:
    """Tell whether nobody is written to at this hour, in Asia/Shanghai."""
    hour: time = now.astimezone(SHANGHAI).time()
    return not policy.time("reminders_from") <= hour < policy.time("reminders_until")


def _worked(day: date, calendar: WorkCalendar) -> date:
    """Return the last working day on or before ``day``."""
    try:
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
    except CalendarDataMissing:
        return day
    return day


def _later(day: date, working_days: int, calendar: WorkCalendar) -> date | None:
    try:
        return reply_due(day, working_days, calendar)
    except CalendarDataMissing:
        return None
