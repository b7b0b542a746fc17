"""The forms of a measure that is served on somebody, and what the policy says of each. Pure.

A `Measure` is one of the forms of warning (S109 to S130), or a decision that follows the assessment of one (S122,
S128 to S130): it has its own hearing, its own document and its own appeal.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.errors import Invalid
from core.policy.profile import SEED, Profile


class Measure(StrEnum):
    """What can be issued; the first five are warnings, the rest follow the assessment of one of them."""

    LETTER = "letter"
    TALK_REMINDER = "talk_reminder"
    TALK_IMPORTANT = "talk_important"
    ADMONITION = "admonition"
    SUSPENSION = "suspension"
    RESTORE_POST = "restore_post"
    REASSIGN_NON_LEADING = "reassign_non_leading"
    NON_LEADING_POST = "non_leading_post"
    DEMOTION = "demotion"
    DEMOTE_DEPUTY_SECTION = "demote_deputy_section"
    DEMOTE_ORDINARY = "demote_ordinary"
    REMOVAL = "removal"


class Ancillary(StrEnum):
    """What may stand beside a form and never alone (S137)."""

    WRITTEN_SELF_CRITICISM = "written_self_criticism"
    SUSPENSION_FOR_REFLECTION = "suspension_for_reflection"


class Paper(StrEnum):
    """What tells that a measure is over, beside its own document; each is numbered when it is decided."""

    LIFTED = "lifted"
    REVOCATION = "revocation"
    CLARIFICATION = "clarification"


TALKS: Final = frozenset({Measure.TALK_REMINDER, Measure.TALK_IMPORTANT})
WARNINGS: Final = frozenset({Measure.LETTER, *TALKS, Measure.ADMONITION, Measure.SUSPENSION})
FOLLOWING: Final = frozenset(Measure) - WARNINGS
"""Decisions that an assessment led to, or that a panel recommended."""

WITH_TERM: Final[Mapping[str, str]] = MappingProxyType(
    {Measure.ADMONITION: "admonition_term", Measure.SUSPENSION: "suspension_term"}
)
"""The figure of the policy that says how many months each runs; the others have no term."""

APPEALABLE: Final = frozenset(
    {Measure.DEMOTION, Measure.DEMOTE_DEPUTY_SECTION, Measure.DEMOTE_ORDINARY, Measure.REMOVAL}
)
"""What the Civil Servants Law names in its article 95; against the others there is the internal review."""

_DECIDED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        Measure.LETTER: "letter_decided_by",
        Measure.TALK_REMINDER: "talk_ordinary_decided_by",
        Measure.TALK_IMPORTANT: "talk_important_decided_by",
        Measure.ADMONITION: "admonition_decided_by",
        Measure.SUSPENSION: "suspension_decided_by",
    }
)


def form_of(text: str) -> Measure:
    """Return the form of that name; raise `Invalid` (``unknown_choice``)."""
    try:
        return Measure(text)
    except ValueError:
        raise Invalid("unknown_choice", field="form") from None


def months_of(form: str, policy: Profile = SEED) -> int:
    """Return how many months the term of a form runs; none for a form without a term."""
    figure = WITH_TERM.get(form)
    return policy.months(figure) if figure else 0


def decided_by(form: str, policy: Profile = SEED) -> tuple[str, ...]:
    """Return in which capacities a form is decided, in their order (rules.md 3.3).

    A decision that follows an assessment takes those of the admonition: it weighs no less.
    """
    return policy.names(_DECIDED_BY.get(form, "admonition_decided_by"))
