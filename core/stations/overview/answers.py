"""What has become of an obligation, in a word: the one question that lists, tree, figures and export count by.

How a station answered and whether in time, and never how much it wrote: stations are not compared by their entries.
"""

from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, case

from core.stations.rules.rounds import ASKED
from core.stations.tables import Obligation


class Answer(StrEnum):
    """Each obligation is one of these.

    Signed in time, with something to report (`FILED`) or nothing (`NIL`); signed, but submitted after the due day;
    submitted and not signed yet; sent back to be mended; not answered yet; locked without an answer; excused.
    """

    FILED = "filed"
    NIL = "nil"
    LATE = "late"
    TO_SIGN = "to_sign"
    RETURNED = "returned"
    OWED = "owed"
    MISSING = "missing"
    EXCUSED = "excused"


OWING: Final = frozenset({Answer.OWED, Answer.RETURNED})
"""The station is asked for its record."""

_SIGNED: Final = Obligation.signed_at.is_not(None)  # what was signed stays so, whatever follows

ANSWER: Final[ColumnElement[str]] = case(
    (and_(_SIGNED, Obligation.is_late), Answer.LATE.value),
    (and_(_SIGNED, Obligation.is_nil), Answer.NIL.value),
    (_SIGNED, Answer.FILED.value),
    (Obligation.state == "submitted", Answer.TO_SIGN.value),
    (Obligation.state == "returned", Answer.RETURNED.value),
    (Obligation.state.in_(sorted(ASKED)), Answer.OWED.value),
    (Obligation.state == "excused", Answer.EXCUSED.value),
    else_=Answer.MISSING.value,
)
"""The same as an expression of an obligation's row."""
