"""Where an opened measure stands for the person who looks at it, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from core.warnings import MeasureSummary, OpenedMeasure, RemedyLine
from core.warnings.rules.forms import TALKS
from core.work import Staff

_BY_STATE: Final[Mapping[str, str]] = {
    "drafted": "check",
    "checked": "approve",
    "approved": "serve",
    "active": "wait_for_term",
    "term_ended": "assess",
    "assessed": "decide_outcome",
    "outcome_decided": "draft_following",
}


@dataclass(frozen=True, slots=True)
class MeasureSeen:
    """An opened measure as one of its people sees it."""

    opened: OpenedMeasure
    me: UUID
    today_reached: bool

    @property
    def measure(self) -> MeasureSummary:
        """The measure's clear facts."""
        return self.opened.summary

    @property
    def state(self) -> str:
        """The state of the measure."""
        return self.opened.summary.state

    @property
    def form(self) -> str:
        """The form of the measure."""
        return self.opened.summary.form

    @property
    def is_talk(self) -> bool:
        """Tell whether it is served by talking."""
        return self.form in TALKS

    @property
    def remedy(self) -> RemedyLine | None:
        """The review or appeal that is open, if there is one."""
        open_ones = [each for each in self.opened.remedies if each.ruling is None and each.admitted is not False]
        return open_ones[-1] if open_ones else None

    def has_part(self, *parts: str) -> bool:
        """Tell whether the person has one of these parts in the case."""
        return bool(self.opened.parts & set(parts))

    def has(self, kind: str) -> bool:
        """Tell whether the measure has a step of this kind."""
        return any(each.step.kind == kind for each in self.opened.steps)


def standing(opened: OpenedMeasure, staff: Staff, *, today_reached: bool) -> MeasureSeen:
    """Return where the measure stands for a member of staff; ``today_reached`` says that its last day has come."""
    return MeasureSeen(opened, staff.person_id, today_reached)


def next_step(measure: MeasureSummary, seen: MeasureSeen | None) -> str:
    """Return what comes next, by the name of its form or of what is waited for."""
    if seen is not None and seen.remedy is not None:
        return "admit" if seen.remedy.admitted is None else "decide_remedy"
    if measure.state == "approved" and measure.form in TALKS:
        return "record_talk"
    if measure.state == "served":
        return "follow_up" if measure.form in TALKS else "read_letter" if measure.form == "letter" else "close"
    if measure.state in {"active", "term_ended"} and seen is not None and seen.today_reached:
        return _of_assessment(seen)
    return _BY_STATE.get(measure.state, "none")


NEXT_NAMES: Final = frozenset(
    {
        *_BY_STATE.values(),
        *("admit", "decide_remedy", "record_talk", "follow_up", "read_letter", "close", "none"),
        *("name_panel", "take_report", "assess", "sign_assessment"),
    }
)
"""Every name that `next_step` may return."""


def _of_assessment(seen: MeasureSeen) -> str:
    if not seen.has("report_taken"):
        return "take_report"
    if seen.form != "suspension":
        return "assess"
    if not seen.has("panel_named"):
        return "name_panel"
    return "sign_assessment" if seen.has("measure_assessed") else "assess"
