"""R8, what somebody may not be given while a measure runs: an answer to one question, never a list of people. Pure."""

from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import Invalid
from core.policy.profile import SEED, Profile
from core.warnings.rules.forms import Measure
from core.warnings.rules.terms import term


class Action(StrEnum):
    """What the personnel system may ask about (S119, S126; the last three in the profile ``modern``).

    ``TRAINING`` is never blocked.
    """

    AWARD = "award"
    PROMOTION = "promotion"
    ELEVATION = "elevation"
    TRANSFER = "transfer"
    LEAD = "lead"
    TRAINING = "training"
    FULLER_USE = "fuller_use"
    CANDIDACY = "candidacy"
    EXCELLENT_GRADE = "excellent_grade"


class Answer(StrEnum):
    """Whether the action may be taken on that day."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"


_FORMS: Final = frozenset(Measure) | {"talk", "circular", "letter_inquiry"}


def eligibility(form: str, served: date, months: int, on: date, action: str, policy: Profile = SEED) -> Answer:
    """Return whether a measure of that form, served on that day for so many months, blocks the action on a day.

    Effects run from the day of service to the end of the last day, whether or not the assessment is late; what is
    blocked for the year ends with the 31 December of the year of service (profile ``modern``).

    Raises:
        Invalid: ``unknown_form`` or ``unknown_action``; ``term_without_months`` for a form that has effects;
            ``date_out_of_range``.
    """
    asked = action_of(action)
    if form not in _FORMS:
        raise Invalid("unknown_form", field="form")
    last_day = last_day_blocked(form, served, months, asked, policy)
    return Answer.BLOCKED if last_day is not None and served <= on <= last_day else Answer.ALLOWED


def last_day_blocked(form: str, served: date, months: int, action: str, policy: Profile = SEED) -> date | None:
    """Return the last day on which the measure blocks the action; nothing where it never does. Raises as `term`."""
    last_days = []
    if action in blocked_in_term(form, policy):
        last_days.append(term(served, months, policy).last_day)
    if action in blocked_for_year(form, policy):
        last_days.append(date(served.year, 12, 31))
    return max(last_days, default=None)


def blocked_in_term(form: str, policy: Profile = SEED) -> tuple[str, ...]:
    """Return what a measure of that form blocks while its term runs, in the order in which it is told."""
    if form == Measure.ADMONITION:
        return policy.names("admonition_blocks")
    if form == Measure.SUSPENSION:
        return policy.names("suspension_blocks") + policy.names("suspension_further_blocks")
    return ()


def blocked_for_year(form: str, policy: Profile = SEED) -> tuple[str, ...]:
    """Return what it blocks to the end of the year in which it was served."""
    return policy.names("admonition_year_blocks") if form == Measure.ADMONITION else ()


def action_of(text: str) -> Action:
    """Return the action of that name; raise `Invalid` (``unknown_action``)."""
    try:
        return Action(text)
    except ValueError:
        raise Invalid("unknown_action", field="action") from None
