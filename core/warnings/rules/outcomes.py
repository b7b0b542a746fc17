"""R11, what the assessment at the end of a term may lead to. Pure; it narrows the choice and never makes it."""

from enum import StrEnum
from typing import Final

from core.errors import Invalid
from core.warnings.rules.forms import Measure


class Ground(StrEnum):
    """What an assessment may rest on, and what it may never rest on (safeguards 5.2)."""

    CONDUCT = "conduct"
    RESULTS = "results"
    PUBLIC_RECOGNITION = "public_recognition"
    CORRECTION = "correction"
    GRUMBLING = "grumbling"
    DISSENT = "dissent"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    REPORT = "report"
    FILED_APPEAL_OR_GRUMBLED = "filed_appeal_or_grumbled"


FORBIDDEN: Final = frozenset(
    {
        Ground.GRUMBLING,
        Ground.DISSENT,
        Ground.APPEAL,
        Ground.COMPLAINT,
        Ground.REPORT,
        Ground.FILED_APPEAL_OR_GRUMBLED,
    }
)
"""Who defends, complains or reports is never worse off for it, whatever else is said."""


class Outcome(StrEnum):
    """What may follow. `REJECTED_GROUND` is a refusal, `MANUAL_GAP_MIDDLE` a case that the source leaves to people."""

    LIFTED = "lifted"
    NON_LEADING_POST = "non_leading_post"
    DEMOTION_OR_REMOVAL = "demotion_or_removal"
    RESTORE_POST = "restore_post"
    REASSIGN_NON_LEADING = "reassign_non_leading"
    DEMOTE_DEPUTY_SECTION = "demote_deputy_section"
    DEMOTE_ORDINARY = "demote_ordinary"
    REMOVAL = "removal"
    MANUAL_GAP_MIDDLE = "manual_gap_middle"
    REJECTED_GROUND = "rejected_ground"


_POOR: Final = {
    "full_section": (Outcome.DEMOTE_DEPUTY_SECTION, Outcome.DEMOTE_ORDINARY, Outcome.REMOVAL),
    "deputy_section": (Outcome.DEMOTE_ORDINARY, Outcome.REMOVAL),
}


def outcomes(
    form: str,
    *,
    rank: str | None = None,
    corrected: bool | None = None,
    excellent: bool | None = None,
    results: bool | None = None,
    recognised: bool | None = None,
    grounds: frozenset[str] = frozenset(),
) -> tuple[Outcome, ...]:
    """Return what the assessment of an admonition or a suspension allows (S121, S122, S128 to S130).

    Args:
        form: ``admonition`` or ``suspension``.
        rank: of the person, ``full_section`` or ``deputy_section``; for a suspension.
        corrected: whether the errors are seen and corrected; the only question for an admonition.
        excellent: whether conduct is excellent; with ``results`` and ``recognised`` for a suspension.
        results: whether the results are clear.
        recognised: whether the public recognises it.
        grounds: what the assessment rests on; one that is forbidden rejects it, whatever else it says.

    Raises:
        Invalid: ``unknown_form``, ``unknown_ground``, ``unknown_rank``, or ``answer_missing`` with the field.
    """
    if form not in {Measure.ADMONITION, Measure.SUSPENSION}:
        raise Invalid("unknown_form", field="form")
    if any(ground not in set(Ground) for ground in grounds):
        raise Invalid("unknown_ground", field="grounds")
    if grounds & FORBIDDEN:
        return (Outcome.REJECTED_GROUND,)
    if form == Measure.ADMONITION:
        if _answer(corrected, "corrected"):
            return (Outcome.LIFTED,)
        return (Outcome.NON_LEADING_POST, Outcome.DEMOTION_OR_REMOVAL)
    if rank not in _POOR:
        raise Invalid("unknown_rank", field="rank")
    conditions = (
        _answer(excellent, "excellent"),
        _answer(results, "results"),
        _answer(recognised, "recognised"),
        _answer(corrected, "corrected"),
    )
    if all(conditions):
        return (Outcome.RESTORE_POST, Outcome.REASSIGN_NON_LEADING)
    return (Outcome.MANUAL_GAP_MIDDLE,) if any(conditions) else _POOR[rank]


def decisions(allowed: tuple[Outcome, ...]) -> frozenset[Measure]:
    """Return the new decisions that may be drafted on such an answer; none where the measure is simply lifted.

    In the middle case that the source leaves open, people decide, and no worse than a post without leadership.
    """
    forms = {str(form) for form in Measure}
    found = {Measure(outcome) for outcome in allowed if str(outcome) in forms}
    if Outcome.DEMOTION_OR_REMOVAL in allowed:
        found |= {Measure.DEMOTION, Measure.REMOVAL}
    if Outcome.MANUAL_GAP_MIDDLE in allowed:
        found |= {Measure.RESTORE_POST, Measure.REASSIGN_NON_LEADING}
    return frozenset(found)


def _answer(given: bool | None, field: str) -> bool:  # noqa: FBT001 - an answer of the assessment
    if given is None:
        raise Invalid("answer_missing", field=field)
    return given
