"""What the papers say that tell what came of a measure: made from the steps at the desk, or from what a code opens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeVar

from core.cases.proceedings import Step
from core.warnings.rules.forms import Paper
from core.warnings.rules.remedies import Ruling
from core.warnings.steps import (
    MeasureRevoked,
    NameCleared,
    OutcomeDecided,
    PaperIssued,
    RemedyAsked,
    RemedyDecided,
)

AnyStep = TypeVar("AnyStep", bound=Step)


@dataclass(frozen=True, slots=True)
class ClosingPaper:
    """A paper that was numbered, in the fields that it is made from; the rest stands in the measure's own document.

    ``kind`` is a `Paper`. ``reasons`` are the words of whoever decided. Of a revocation ``remedy`` says what was asked
    for, and ``asked_on`` when; it is empty where the decision went with the one that it rested on. ``scope`` is the
    circle in which a name is cleared.
    """

    kind: str
    year: int
    number: int
    issued_on: str
    issuer: str
    reasons: str = field(repr=False)
    remedy: str = ""
    asked_on: str = ""
    scope: str = field(default="", repr=False)

    @classmethod
    def of(cls, issued: PaperIssued, reasons: str, *, remedy: str = "", asked_on: str = "", scope: str = "") -> Self:
        """Return the paper that was numbered, with what it says."""
        numbered = (issued.paper, issued.year, issued.number, issued.issued_on, issued.issuer)
        return cls(*numbered, reasons, remedy, asked_on, scope)


def closing_papers(steps: Sequence[Step]) -> Sequence[ClosingPaper]:
    """Return the papers of a measure from its steps, in their order; pure."""
    return [_paper(each, steps[:place]) for place, each in enumerate(steps) if isinstance(each, PaperIssued)]


def _paper(issued: PaperIssued, before: Sequence[Step]) -> ClosingPaper:
    if issued.paper == Paper.LIFTED:
        return ClosingPaper.of(issued, _last(before, OutcomeDecided).reasons)
    if issued.paper == Paper.CLARIFICATION:
        cleared = _last(before, NameCleared)
        return ClosingPaper.of(issued, cleared.text, scope=cleared.scope)
    revoked = _last(before, MeasureRevoked)
    if revoked.rests_on:
        return ClosingPaper.of(issued, revoked.reasons)
    upheld = next(each for each in _all(before, RemedyDecided) if each.ruling == Ruling.UPHELD)
    asked = next(each for each in _all(before, RemedyAsked) if each.remedy_id == upheld.remedy_id)
    return ClosingPaper.of(issued, upheld.reasons, remedy=asked.remedy, asked_on=asked.received_on)


def _all(steps: Sequence[Step], kind: type[AnyStep]) -> Iterator[AnyStep]:
    return (each for each in steps if isinstance(each, kind))


def _last(steps: Sequence[Step], kind: type[AnyStep]) -> AnyStep:
    return list(_all(steps, kind))[-1]
