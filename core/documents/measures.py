"""The documents of measures: what is served, and what tells that it is over (S109 to S137; GB/T 9704-2012).

Each is made from what the code that is served with it opens, so that the person concerned can take out the same one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from core import audit, warnings
from core.cases.cards import fit
from core.documents import measure_templates
from core.documents.filling import fill
from core.documents.letters import Letter, inquiry_paragraphs
from core.documents.measure_papers import Particulars, paper_of
from core.documents.measure_words import day_of, matter_of, number_of, sections
from core.documents.meetings import Attendance, Section
from core.documents.readers import taken_out
from core.documents.wording import speak
from core.errors import NotFound
from core.policy.profile import load
from core.sealing import canonical
from core.texts import Translate
from core.warnings import ClosingPaper, Document, OpenedMeasure
from core.warnings.rules.forms import TALKS, Measure, Paper
from core.warnings.steps import NameCleared
from core.work import Work

INQUIRY: Final = "inquiry"
OWN: Final = "measure"
"""The measure's own document; the others are `core.warnings.Paper`."""

_TEMPLATES: Final[Mapping[str, Callable[[], bytes]]] = MappingProxyType(
    {"letter": measure_templates.letter, "decision": measure_templates.decision, "record": measure_templates.record}
)


@dataclass(frozen=True, slots=True)
class MeasurePaper:
    """What a document of a measure says, in the fields of its template; ``kind`` names that."""

    kind: str
    issuer: str
    number: str
    title: str
    addressee: str = field(repr=False)
    sections: Sequence[Section] = field(repr=False)
    closing: str
    day: str
    printed: str
    issued_on: date
    taken_out: str = field(repr=False)
    particulars: Sequence[Attendance] = field(default=(), repr=False)
    signatures: Sequence[str] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """All that it says below its title."""
        said = [line for section in self.sections for line in (section.heading, *section.paragraphs)]
        return "\n".join([self.addressee, *(each.label + each.names for each in self.particulars), *said, self.closing])

    def as_docx(self) -> bytes:
        """Return the document as .docx; the same paper is the same bytes. It takes about a tenth of a second."""
        return fill(_TEMPLATES[self.kind](), asdict(self), on=self.issued_on)


def written(document: Document, reader: str) -> MeasurePaper:
    """Return the document of a measure, with the line that says who took it out; pure.

    Raises `NotFound`: ``document_not_issued`` before it has a number, ``talk_not_held`` before there is a talk to
    record.
    """
    say = speak()
    if not document.number:
        raise NotFound("document_not_issued")
    if document.form in TALKS and document.talk is None:
        raise NotFound("talk_not_held")
    form = document.form
    particulars = Particulars(
        title=say(f"measure.title.{form}", name=document.name),
        addressee=_addressee(say, document),
        sections=sections(say, document),
        closing=say("measure.protection"),
        form=form,
        year=document.year,
        number=document.number,
        issued_on=document.issued_on,
        issuer=document.issuer,
    )
    kind = "record" if form in TALKS else "letter" if form == Measure.LETTER else "decision"
    return _paper(say, document, particulars, kind, reader)


def closing(document: Document, paper: ClosingPaper, reader: str) -> MeasurePaper:
    """Return a paper that tells what came of the measure with this document; pure."""
    say = speak()
    kind = "letter" if paper.kind == Paper.CLARIFICATION else "decision"
    return _paper(say, document, paper_of(say, document, paper), kind, reader)


def served(document: Document, paper: ClosingPaper | None = None) -> tuple[str, bytes]:
    """Return the name and the bytes of a served document, for the person concerned, who holds its code.

    With ``paper``, it is what was issued later and told under the code. The same document is the same bytes. Raises as
    `written`. It takes about a tenth of a second: call it in a thread.
    """
    say = speak()
    reader = say("taken_out.subject")
    if paper is not None:
        issued = closing(document, paper, reader)
        return f"{issued.number}.docx", issued.as_docx()
    if document.form != INQUIRY:
        own = written(document, reader)
        return f"{own.number}.docx", own.as_docx()
    days = load(document.profile).working_days("letter_reply")
    matter = matter_of(say, document)
    period = say("letter.period.days", days=days)
    letter = Letter(
        issuer=document.issuer,
        number=number_of(say, INQUIRY, document, document.year, document.number),
        title=say("letter.title"),
        addressee=_addressee(say, document),
        paragraphs=inquiry_paragraphs(say, matter=matter, substance=document.facts, period=period),
        day=day_of(say, document.issued_on),
        issued_on=date.fromisoformat(document.issued_on),
        taken_out=reader,
    )
    return f"{letter.number}.docx", letter.as_docx()


async def measure(work: Work, measure_id: UUID, *, opening_id: UUID, paper: str = OWN) -> MeasurePaper:
    """Return a document of a measure; taking it out is recorded, and who did stands in it.

    ``paper`` is ``measure``, the document that is served, or one that tells what came of it: ``lifted``,
    ``revocation``, ``clarification``. A reason was given with the opening. Raises as `warnings.open_measure` and
    `written`, `NotFound` (``document_not_issued``) and `Invalid` (``unknown_choice``).
    """
    other = None if paper == OWN else Paper(fit(Paper, paper, "paper"))
    opened = await warnings.open_measure(work, measure_id, opening_id=opening_id)
    reader = await taken_out(work, speak())
    if other is None:
        made = written(opened.document, reader)
    else:
        made = closing(opened.document, _issued(opened, other), reader)
    change = canonical("measure_document", {"number": made.number, "text": made.text})
    audit.record(work, "measure", "document_exported", measure_id, change=change)
    return made


def _issued(opened: OpenedMeasure, paper: Paper) -> ClosingPaper:
    """Return a paper that was issued; raise `NotFound` for one that was not, and for a clarification taken back."""
    steps = [each.step for each in opened.steps]
    issued = [each for each in warnings.closing_papers(steps) if each.kind == paper]
    cleared = [each for each in steps if isinstance(each, NameCleared)]
    if not issued or (paper == Paper.CLARIFICATION and not cleared[-1].consent):
        raise NotFound("document_not_issued")
    return issued[-1]


def _paper(say: Translate, document: Document, said: Particulars, kind: str, reader: str) -> MeasurePaper:
    number = number_of(say, said.form, document, said.year, said.number)
    day = day_of(say, said.issued_on)
    is_record = kind == "record"
    return MeasurePaper(
        kind=kind,
        issuer=said.issuer,
        number=number,
        title=said.title,
        addressee=said.addressee,
        sections=said.sections,
        closing=said.closing,
        day=day,
        printed=say("printed", day=day),
        issued_on=date.fromisoformat(said.issued_on),
        taken_out=reader,
        particulars=_of_talk(say, document, number) if is_record else (),
        signatures=_signatures(say, document) if is_record else (),
    )


def _addressee(say: Translate, document: Document) -> str:
    return say("letter.addressee.team" if document.is_team else "letter.addressee", name=document.name)


def _of_talk(say: Translate, document: Document, number: str) -> list[Attendance]:
    talk = document.talk or {}
    person = say("subject", name=document.name, post=document.post) if document.post else document.name
    said = {
        "number": number,
        "day": day_of(say, talk["held_on"]),
        "body": document.issuer,
        "person": person,
        "talked_by": talk["talked_by"],
    }
    return [Attendance(say(f"talk.{name}"), value) for name, value in said.items()]


def _signatures(say: Translate, document: Document) -> list[str]:
    signed = "talk.signed.person" if (document.talk or {})["person_signed"] == "yes" else "talk.unsigned.person"
    return [say(signed), say("talk.signed.talked_by")]
