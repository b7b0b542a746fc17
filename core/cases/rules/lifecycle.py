"""The states of an item and of a case, and the only ways between them (rules 3.2, T1 to T28), as data. Pure.

A name is the T-number of the rules, with a letter where one row of the rules is several steps; `R13` leaves by the rule
of that number. What a row says and only a verb can see (whose signature, which meeting) stands in ``needs``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.errors import Conflict

NOTHING: Final = ""
"""Where an item or a case is before there is one."""

SYSTEM: Final = "system"
"""The clock or an edge, in the place of a role; from T4 on only where the calendar itself decides (I2)."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    ``roles`` are the roles of the register that have a hand in it, and `SYSTEM`; where ``needs`` asks for two persons
    or signatures, one of them alone does not make it. ``needs`` are short names of what must be there.
    """

    name: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    needs: tuple[str, ...]
    source: str


def _row(name: str, sources: str, target: str, roles: str, needs: str, source: str) -> Transition:
    before = frozenset(sources.split()) or frozenset({NOTHING})
    return Transition(name, before, target, frozenset(roles.split()), tuple(needs.split()), source)


_SUBMITTERS: Final = "reporter information_liaison external_supervisor organisation_staff intake_clerk system"
_TRIAGE: Final = "intake_clerk supervisor"
_OFFICERS: Final = "case_officer_org case_officer_disc"
_REFERRING: Final = "supervisor case_officer_disc"
_ASSESSING: Final = "case_officer_org case_officer_disc assessor supervisor"
_ENDING: Final = "case_officer_org issuer supervisor"
_HEARING: Final = "review_officer appeal_body"
_ARCHIVE: Final = "intake_clerk archivist"
_BEFORE_A_MEASURE: Final = (
    "verifying awaiting_explanation verified classified analysed department_meeting_done group_meeting_done held"
)
_CLASSIFIED: Final = "classified analysed department_meeting_done group_meeting_done confirmed"
_REOPENED: Final = "closed closed_not_established closed_unfounded closed_without_form"
_MEETING: Final = "minutes quorum recusals votes"

ITEM_TRANSITIONS: Final = (
    _row("T1", "", "received", _SUBMITTERS, "channel received_at", "S65, S101"),
    _row("T2", "received", "acknowledged", "system", "receipt", "Directive (EU) 2019/1937, art. 9(1)(b)"),
    _row("T3", "acknowledged", "carded", "intake_clerk", "card_number subject_match manifestation gate", "S99"),
    _row("T4", "carded", "accepted", _TRIAGE, "two_persons in_scope chargeable checkable_fact", "2020 Rules, art. 17"),
    _row("T4i", "carded", "insufficient", _TRIAGE, "two_persons reason", "2020 Rules, art. 17"),
    _row("T4o", "carded", "out_of_scope", _TRIAGE, "two_persons reason", "2020 Rules, art. 17"),
    _row("T5", "carded", "transferred", _TRIAGE, "two_persons receiver sealed_packet", "2020 Rules, arts 15-16"),
    _row("T6", "carded", "minimised_out", _TRIAGE, "two_persons refused_category", "PIPL, arts 6 and 47"),
    _row("T7m", "accepted", "merged", "intake_clerk", "same_subject origin", "default taken here"),
    _row("R13", "acknowledged", "routed_up", "system", "upper_level_key", "2020 Rules, art. 15"),
    _row("T26", "received acknowledged carded", "withdrawn", "reporter", "receipt", "default taken here"),
)
"""The ways of an information item."""

CASE_TRANSITIONS: Final = (
    _row("T7", "", "opened", "intake_clerk", "accepted_item", "default taken here"),
    _row("T8", "opened", "verifying", "supervisor", "two_officers conflict_check", "S102"),
    _row("T9", "verifying", "awaiting_explanation", _OFFICERS, "inquiry_notice second_check", "S110"),
    _row("T10", "awaiting_explanation", "verifying", f"{_OFFICERS} system", "reply_or_overdue", "S110"),
    _row("T11", "verifying", "verified", _OFFICERS, "two_signatures finding evidence explanation exculpatory", "S102"),
    _row("T12", "verified", "referred_discipline", _REFERRING, "two_persons reason no_warning", "S108"),
    _row("T13", "verified", "classified", _OFFICERS, "manifestation severity pattern allowed_forms", "S102"),
    _row("T14", "classified", "analysed", "supervisor", "analysis_note", "S103"),
    _row("T15", "analysed", "department_meeting_done", "department_meeting", f"{_MEETING} recommendation", "S103-S104"),
    _row("T16", "department_meeting_done", "group_meeting_done", "leading_group", f"{_MEETING} recommendation", "S104"),
    _row("T16c", "group_meeting_done", "confirmed", "leading_group", "confirmation", "S103-S104"),
    _row("T17", "confirmed", "measure_in_force", "issuer", "four_eyes served_document date_of_service", "S107-S132"),
    _row("T19", "measure_in_force", "assessed", _ASSESSING, "assessment_record", "S110-S130"),
    _row("T19c", "assessed", "closed", _ENDING, "outcome", "S121-S130"),
    _row("T19r", "measure_in_force assessed", "closed", _HEARING, "upheld", "Civil Servants Law, art. 96"),
    _row(
        "T20n",
        _BEFORE_A_MEASURE,
        "closed_not_established",
        _OFFICERS,
        "two_signatures finding clarification",
        "2020 Rules",
    ),
    _row(
        "T20u", _BEFORE_A_MEASURE, "closed_unfounded", _OFFICERS, "two_signatures finding clarification", "2020 Rules"
    ),
    _row("T21", _REOPENED, "verifying", "leading_group", "new_evidence", "default taken here"),
    _row("T22", "verified confirmed", "closed_without_form", "leading_group", "recommendation reasons", "S104"),
    _row("T23", "verifying", "held", "supervisor", "reason review_date", "2020 Rules, art. 17"),
    _row("T23b", "held", "verifying", "supervisor", "reason", "2020 Rules, art. 17"),
    _row("T24", "closed_unfounded", "sealed", _ARCHIVE, "two_signatures windows_over destruction_list", "Archives Law"),
    _row("T24e", "sealed", "expunged", _ARCHIVE, "two_signatures sealed_as_unfounded", "Archives Law"),
    _row("T25", "verified", "closed_malicious", _OFFICERS, "two_signatures approval_document", "2020 Rules"),
    _row("T27", "closed_not_established", "sealed", _ARCHIVE, "two_signatures destruction_list", "Archives Law"),
    _row("T27d", "sealed", "destroyed", _ARCHIVE, "two_signatures sealed_as_not_established two_years", "Archives Law"),
    _row("T28", _CLASSIFIED, "referred_discipline", _REFERRING, "two_persons reason new_facts", "S108"),
)
"""The ways of a case."""

TRANSITIONS: Final[Mapping[str, Transition]] = MappingProxyType(
    {row.name: row for row in (*ITEM_TRANSITIONS, *CASE_TRANSITIONS)}
)
"""Every row by its name."""


def _states(rows: Iterable[Transition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.target for row in rows))


ITEM_STATES: Final = _states(ITEM_TRANSITIONS)
CASE_STATES: Final = _states(CASE_TRANSITIONS)

FINAL_STATES: Final = frozenset({*ITEM_STATES, *CASE_STATES}).difference(*(row.sources for row in TRANSITIONS.values()))
"""Nothing leads out of these."""

_AT_REST: Final = FINAL_STATES | frozenset({*_REOPENED.split(), "sealed"})


def transition(state: str, name: str) -> str:
    """Return the state after the named transition; raise `Conflict` when it cannot be made from ``state``."""
    row = TRANSITIONS[name]
    if state not in row.sources:
        raise Conflict("transition_not_allowed", transition=name, state=state)
    return row.target


def may(state: str, name: str) -> bool:
    """Tell whether the named transition can be made from ``state``."""
    return state in TRANSITIONS[name].sources


def events(state: str) -> tuple[str, ...]:
    """Return the names of what can be made from ``state``, in the order of the table."""
    return tuple(name for name in TRANSITIONS if may(state, name))


def permitted(state: str, name: str, role: str) -> bool:
    """Tell whether somebody of that role, or `SYSTEM`, has a hand in the named transition from ``state``."""
    return may(state, name) and role in TRANSITIONS[name].roles


def is_open(state: str) -> bool:
    """Tell whether there is still work to do on an item or a case in ``state``: it is neither final nor at rest."""
    return state not in _AT_REST
