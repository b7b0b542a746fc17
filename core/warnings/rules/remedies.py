"""The clocks of review and appeal (Civil Servants Law, arts 95 and 96). Pure.

What the law lists can be reviewed and appealed; of the rest an internal review can be asked for. A wish that comes
late is not refused by a form: a person decides whether it is heard.
"""

from enum import StrEnum
from typing import Final

from core.errors import Conflict
from core.warnings.rules.forms import APPEALABLE


class Remedy(StrEnum):
    """What the person concerned may ask for."""

    REVIEW = "review"
    APPEAL = "appeal"


class Ruling(StrEnum):
    """What became of it. `CORRECTED` mends the document and lets the measure stand."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"
    CORRECTED = "corrected"


WINDOWS: Final = {
    "review_window": "review_application",
    "appeal_window": "appeal_after_review",
    "appeal_direct_window": "appeal_direct",
    "internal_review_window": "internal_review",
}
"""By the name of its clock, the figure that says how long the person may ask."""


def windows_at_service(form: str) -> tuple[str, ...]:
    """Return the clocks that begin for the person concerned when a measure is served."""
    return ("review_window", "appeal_direct_window") if form in APPEALABLE else ("internal_review_window",)


def window_of(form: str, remedy: str, *, reviewed: bool) -> str:
    """Return the clock within which a remedy may be asked for.

    Raises `Conflict` (``appeal_not_open``) for an appeal against what the law does not list, as long as nobody has
    decided on a review: from then on it may go to the body of appeal.
    """
    if remedy == Remedy.REVIEW:
        return "review_window" if form in APPEALABLE else "internal_review_window"
    if reviewed:
        return "appeal_window"
    if form in APPEALABLE:
        return "appeal_direct_window"
    raise Conflict("appeal_not_open")


def decision_clock(remedy: str) -> str:
    """Return the clock within which a remedy is decided."""
    return "review_decision" if remedy == Remedy.REVIEW else "appeal_decision"
