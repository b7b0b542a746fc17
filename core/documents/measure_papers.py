"""What tells that a measure is over: that it was lifted, that it was revoked, and what clears a name (S121)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from core.documents.filling import lines
from core.documents.measure_words import day_of, number_of, numbered
from core.documents.meetings import Section
from core.texts import Translate
from core.warnings import ClosingPaper, Document
from core.warnings.rules.forms import Paper

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


def paper_of(say: Translate, document: Document, paper: ClosingPaper) -> Particulars:
    """Return what a paper says that was numbered, about the measure with this document; pure."""
    return Particulars(
        title=say(f"{paper.kind}.title", name=document.name),
        addressee=_addressee(say, document, paper),
        sections=numbered(say, _SAYS[Paper(paper.kind)](say, document, paper)),
        closing=say(f"{paper.kind}.closing"),
        form=paper.kind,
        year=paper.year,
        number=paper.number,
        issued_on=paper.issued_on,
        issuer=paper.issuer,
    )


def _addressee(say: Translate, document: Document, paper: ClosingPaper) -> str:
    if paper.kind == Paper.CLARIFICATION:
        return say("clarification.to", scope=paper.scope)
    return say("letter.addressee.team" if document.is_team else "letter.addressee", name=document.name)


def _lifted(say: Translate, document: Document, paper: ClosingPaper) -> _Parts:
    last = day_of(say, document.last_day)
    term = say(
        "measure.before",
        form=say(f"value.form.{document.form}"),
        symbol=_symbol(say, document),
        served=day_of(say, document.served_on),
        last=last,
    )
    return [
        ("assessment", [term, *lines(paper.reasons)]),
        ("decision", [say("lifted.decides"), say("lifted.effects", last=last)]),
    ]


def _revocation(say: Translate, document: Document, paper: ClosingPaper) -> _Parts:
    symbol = _symbol(say, document)
    if paper.remedy:
        opening = say(f"revocation.asked.{paper.remedy}", day=day_of(say, paper.asked_on), symbol=symbol)
    else:
        opening = say("revocation.rests_on", before=_symbol_before(say, document), symbol=symbol)
    return [
        ("examined", [opening, *lines(paper.reasons)]),
        ("decision", [say("revocation.decides", symbol=symbol)]),
        ("undone", [say(f"revocation.{each}") for each in ("undone", "told", "clarification")]),
    ]


def _clarification(say: Translate, document: Document, paper: ClosingPaper) -> _Parts:
    """Say nothing of what was reported or decided: who hears it may not have known."""
    person = say("subject", name=document.name, post=document.post) if document.post else document.name
    return [
        ("clarification", [say("clarification.consent", person=person), *lines(paper.reasons)]),
        ("undone", [say("clarification.undone")]),
    ]


_SAYS: Final[Mapping[Paper, Callable[[Translate, Document, ClosingPaper], _Parts]]] = MappingProxyType(
    {Paper.LIFTED: _lifted, Paper.REVOCATION: _revocation, Paper.CLARIFICATION: _clarification}
)


def _symbol(say: Translate, document: Document) -> str:
    """Return the number of the measure's own document."""
    return number_of(say, document.form, document, document.year, document.number)


def _symbol_before(say: Translate, document: Document) -> str:
    """Return the number of the document that this one followed."""
    before = document.before or {}
    return number_of(say, before["form"], document, int(before["year"]), int(before["number"]))
