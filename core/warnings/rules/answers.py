"""What the person concerned may send with their code (rules.md 3.1, 3.4; Civil Servants Law, arts 77, 95, 96). Pure.

How late it is never decides: a person does, where a period was over.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from core.warnings.rules.forms import APPEALABLE, WITH_TERM
from core.warnings.rules.remedies import Ruling

INQUIRY: Final = "inquiry"
"""The letter of inquiry, which is no measure: a question put before anything is found."""

AT_MOST: Final = 20
"""Messages under one code; whoever has more to say hands it in on paper."""

LONGEST: Final = 10_000
"""Characters of a message, as of every text of a case."""


class Answer(StrEnum):
    """What a message is; it says who has to act on it."""

    EXPLANATION = "explanation"
    OBJECTION = "objection"
    REVIEW = "review"
    APPEAL = "appeal"
    REPORT = "report"
    CONSENT = "consent"


class Wish(StrEnum):
    """What the person wishes once a measure was revoked: that it is made known, or that nothing more is said."""

    CLARIFY = "clarify"
    NOTHING = "nothing"


def answers(form: str, told: Collection[str]) -> tuple[Answer, ...]:
    """Return what may be sent under the document of a form, after the person was told of decisions of these kinds.

    An appeal is open at once where the law lists the measure, and elsewhere once somebody decided on a review.
    """
    found = [Answer.EXPLANATION, Answer.OBJECTION]
    if form == INQUIRY:
        return tuple(found)
    if Ruling.UPHELD in told:
        return Answer.EXPLANATION, Answer.CONSENT
    found.append(Answer.REVIEW)
    if form in APPEALABLE or {Ruling.DISMISSED, Ruling.CORRECTED} & set(told):
        found.append(Answer.APPEAL)
    if form in WITH_TERM:
        found.append(Answer.REPORT)
    return tuple(found)
