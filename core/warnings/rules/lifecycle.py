"""The states of a measure, and the only ways between them (rules.md 3.4), as data. Pure.

`W` and a number name a row. The case that the measure belongs to moves with it (T17, T19) where the row says so.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.cases.rules.lifecycle import NOTHING, Transition
from core.errors import Conflict


def _row(name: str, sources: str, target: str, roles: str, needs: str, source: str) -> Transition:
    before = frozenset(sources.split()) or frozenset({NOTHING})
    return Transition(name, before, target, frozenset(roles.split()), tuple(needs.split()), source)


_OFFICERS: Final = "case_officer_org case_officer_disc"
_SERVED: Final = "served active term_ended assessed outcome_decided closed lapsed"

MEASURE_TRANSITIONS: Final = (
    _row("W1", "", "drafted", "supervisor", "allowed_form facts reasons term effects remedies", "S108, R10"),
    _row("W2", "drafted", "checked", _OFFICERS, "no_trace_of_reporter", "2020 Rules, 47"),
    _row("W3", "checked", "approved", "issuer", "four_eyes every_capacity number", "S110-S124, rules.md 3.3"),
    _row("W3r", "drafted checked approved", "returned", f"issuer supervisor {_OFFICERS}", "reason", "I3"),
    _row("W4", "approved", "served", "issuer", "date_of_service proof code", "S110-S113"),
    _row("W4t", "approved", "active", "issuer", "date_of_service proof code last_day", "S118, S125"),
    _row("W5", "active", "term_ended", "system", "last_day_over", "rules.md 3.4 (d)"),
    _row("W6", "active term_ended", "assessed", "case_officer_org assessor", "last_day_reached record", "S120, S127"),
    _row("W6l", "served", "outcome_decided", _OFFICERS, "two_readers", "S110"),
    _row("W6k", "served", "outcome_decided", "case_officer_org", "follow_up", "S111-S114"),
    _row("W7", "assessed", "outcome_decided", "issuer", "outcome_allowed", "S121-S130, R11"),
    _row("W8", "served outcome_decided", "closed", "issuer supervisor", "nothing_open", "rules.md 3.4"),
    _row("W9", "term_ended", "lapsed", "supervisor", "assessment_overdue reason", "rules.md 3.4"),
    _row("W10", _SERVED, "revoked", "review_officer appeal_body", "upheld reasons", "Civil Servants Law, art. 96"),
)
"""The ways of a measure."""

TRANSITIONS: Final[Mapping[str, Transition]] = MappingProxyType({row.name: row for row in MEASURE_TRANSITIONS})
"""Every row by its name."""

STATES: Final = tuple(dict.fromkeys(row.target for row in MEASURE_TRANSITIONS))
"""Every state that there is."""

IN_FORCE: Final = frozenset(_SERVED.split())
"""Where a measure is once it was served, unless it was revoked."""


def transition(state: str, name: str) -> str:
    """Return the state after the named transition; raise `Conflict` when it cannot be made from ``state``."""
    row = TRANSITIONS[name]
    if state not in row.sources:
        raise Conflict("transition_not_allowed", transition=name, state=state)
    return row.target


def may(state: str, name: str) -> bool:
    """Tell whether the named transition can be made from ``state``."""
    return state in TRANSITIONS[name].sources
