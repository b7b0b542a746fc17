"""How much the holder of a receipt is told of where a case stands: a stage, coarse on purpose. Pure.

What the case is about, what was found and whether there are other reports is not to be read from it. A report that
joined a case reads like one that began it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Stage(StrEnum):
    """Where the work on a report stands, once there is a case; before verification begins there is none."""

    LOOKED_AT = "looked_at"
    CONCLUDED = "concluded"
    PUT_AWAY = "put_away"


_STATES: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        Stage.LOOKED_AT: "verifying awaiting_explanation verified classified analysed department_meeting_done "
        "group_meeting_done held",
        Stage.CONCLUDED: "confirmed measure_in_force assessed closed referred_discipline closed_not_established "
        "closed_unfounded closed_malicious closed_without_form",
        Stage.PUT_AWAY: "sealed expunged destroyed",
    }
)


def stage_of(case_state: str) -> Stage | None:
    """Return the stage that a state of a case belongs to; nothing while the case waits for its officers."""
    return next((stage for stage, states in _STATES.items() if case_state in states.split()), None)
