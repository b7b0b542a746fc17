"""Where an obligation of a station can stand in its round, and the only ways between (rules.md 3.5), as data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.errors import Conflict

ASKED: Final = frozenset({"scheduled", "prompted", "draft", "returned"})
"""The station is asked for its record: reminders go out, and it may be filled in."""

OPEN: Final = ASKED | {"submitted"}
"""The record is not signed yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """From where something may happen to an obligation, and where it leads."""

    sources: frozenset[str]
    target: str


def _step(sources: str, target: str) -> Step:
    return Step(frozenset(sources.split()), target)


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "prompt": _step("scheduled", "prompted"),
        "fill_in": _step("scheduled prompted draft returned", "draft"),
        "submit": _step("scheduled prompted draft returned", "submitted"),
        "take_back": _step("submitted", "draft"),
        "send_back": _step("submitted", "returned"),
        "sign": _step("submitted", "signed"),
        "enter": _step("scheduled prompted draft returned submitted", "signed"),
        "lock": _step("signed", "locked"),
        "miss": _step("scheduled prompted draft returned", "missing"),
        "excuse": _step("scheduled prompted draft returned missing", "excused"),
        "hear": _step("locked", "heard"),
        "review": _step("locked heard", "reviewed"),
        "archive": _step("reviewed", "archived"),
    }
)
"""Everything that can happen. After the lock nothing is filled in any more: what was missing stays missing.

A record is archived when its time is over and nothing of it is left but this row.
"""

STATES: Final = ("scheduled", *dict.fromkeys(step.target for step in STEPS.values()))
"""Every state; an obligation begins in the first one."""


def after(state: str, name: str) -> str:
    """Return the state after a step; raise `Conflict` (``step_not_possible``) when it cannot be made from ``state``."""
    if not may(state, name):
        raise Conflict("step_not_possible", step=name, state=state)
    return STEPS[name].target


def may(state: str, name: str) -> bool:
    """Tell whether a step can be made from ``state``."""
    return state in STEPS[name].sources
