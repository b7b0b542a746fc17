"""What tells that a measure is over: that it was lifted, that it was revoked, and what clears a name (S121)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeVar

from core.documents.filling import lines
from core.documents.measure_words import day_of, number_of, numbered
from core.documents.meetings import Section
from core.errors import NotFound
from core.texts import Translate
from core.warnings import OpenedMeasure
from core.warnings.rules.forms import Paper
from core.warnings.rules.remedies import Ruling
from core.warnings.steps import (
    MeasureRevoked,
    MeasureStep,
    NameCleared,
    OutcomeDecided,
    PaperIssued,
    RemedyAsked,
    RemedyDecided,
)

AnyStep = TypeVar("AnyStep", bound=MeasureStep)


_Parts = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is particular to one document, before it is set: ``form`` says in which series it is numbered."""

    title: str
    addressee: str = field(repr=False)
    sections: Sequence[Section] = field(repr=False)
    closing: str
    form: str
    year: int
    number: int
    issued_on: str
    issuer: str


def paper_of(say: Translate, opened: OpenedMeasure, paper: Paper) -> Particulars:
    """Return what a paper says that was numbered; raise `NotFound` (``document_not_issued``) where there is none."""
    issued = [each for each in _all(opened, PaperIssued) if each.paper == paper]
    if not issued:
        raise NotFound("document_not_issued")
    last = issued[-1]
    return Particulars(
        title=say(f"{paper}.title", name=opened.document.name),
        addressee=_addressee(say, opened, paper),
        sections=numbered(say, _SAYS[paper](say, opened)),
        closing=say(f"{paper}.closing"),
        form=paper,
        year=last.year,
        number=last.number,
        issued_on=last.issued_on,
        issuer=last.issuer,
    )


def _addressee(say: Translate, opened: OpenedMeasure, paper: Paper) -> str:
    if paper == Paper.CLARIFICATION:
        return say("clarification.to", scope=_all(opened, NameCleared)[-1].scope)
    return say("letter.addressee.team" if opened.document.is_team else "letter.addressee", name=opened.document.name)


def _lifted(say: Translate, opened: OpenedMeasure) -> _Parts:
    document = opened.document
    last = day_of(say, document.last_day)
    term = say(
        "measure.before",
        form=say(f"value.form.{document.form}"),
        symbol=_symbol(say, opened),
        served=day_of(say, document.served_on),
        last=last,
    )
    return [
        ("assessment", [term, *lines(_all(opened, OutcomeDecided)[-1].reasons)]),
        ("decision", [say("lifted.decides"), say("lifted.effects", last=last)]),
    ]


def _revocation(say: Translate, opened: OpenedMeasure) -> _Parts:
    revoked, symbol = _all(opened, MeasureRevoked)[-1], _symbol(say, opened)
    if revoked.rests_on:
        opening = say("revocation.rests_on", before=_symbol_before(say, opened), symbol=symbol)
    else:
        upheld = next(each for each in _all(opened, RemedyDecided) if each.ruling == Ruling.UPHELD)
        asked = next(each for each in _all(opened, RemedyAsked) if each.remedy_id == upheld.remedy_id)
        opening = say(f"revocation.asked.{asked.remedy}", day=day_of(say, asked.received_on), symbol=symbol)
    return [
        ("examined", [opening, *lines(revoked.reasons)]),
        ("decision", [say("revocation.decides", symbol=symbol)]),
        ("undone", [say(f"revocation.{each}") for each in ("undone", "told", "clarification")]),
    ]


def _clarification(say: Translate, opened: OpenedMeasure) -> _Parts:
    """Say nothing of what was reported or decided: who hears it may not have known."""
    document, cleared = opened.document, _all(opened, NameCleared)[-1]
    if not cleared.consent:  # taken back since
        raise NotFound("document_not_issued")
    person = say("subject", name=document.name, post=document.post) if document.post else document.name
    return [
        ("clarification", [say("clarification.consent", person=person), *lines(cleared.text)]),
        ("undone", [say("clarification.undone")]),
    ]


_SAYS: Final[Mapping[Paper, Callable[[Translate, OpenedMeasure], _Parts]]] = MappingProxyType(
    {Paper.LIFTED: _lifted, Paper.REVOCATION: _revocation, Paper.CLARIFICATION: _clarification}
)


def _symbol(say: Translate, opened: OpenedMeasure) -> str:
    """Return the number of the measure's own document."""
    document = opened.document
    return number_of(say, document.form, document, document.year, document.number)


def _symbol_before(say: Translate, opened: OpenedMeasure) -> str:
    """Return the number of the document that this one followed."""
    document, before = opened.document, opened.document.before or {}
    return number_of(say, before["form"], document, int(before["year"]), int(before["number"]))


def _all(opened: OpenedMeasure, kind: type[AnyStep]) -> list[AnyStep]:
    return [each.step for each in opened.steps if isinstance(each.step, kind)]
