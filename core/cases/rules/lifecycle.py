"""The states of an information item and the only ways between them (rules.md 3.2), as data. Pure."""

from dataclasses import dataclass

from core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: ``name`` is the number in the rules, ``by`` says who makes it."""

    name: str
    sources: frozenset[str]
    target: str
    by: str


NOTHING = ""
ITEM_TRANSITIONS = (
    Transition("T1", frozenset({NOTHING}), "received", "any channel"),
    Transition("T2", frozenset({"received"}), "acknowledged", "system"),
    Transition("R13", frozenset({"acknowledged"}), "routed_up", "system"),
    Transition("T26", frozenset({"received", "acknowledged", "carded"}), "withdrawn", "reporter"),
)
ITEM_STATES = tuple(row.target for row in ITEM_TRANSITIONS)

_BY_NAME = {row.name: row for row in ITEM_TRANSITIONS}


def transition(state: str, name: str) -> str:
    """Return the state after the named transition; raise `Conflict` when it cannot be made from ``state``."""
    row = _BY_NAME[name]
    if state not in row.sources:
        raise Conflict("transition_not_allowed", transition=name, state=state)
    return row.target


def may(state: str, name: str) -> bool:
    """Tell whether the named transition can be made from ``state``."""
    return state in _BY_NAME[name].sources
