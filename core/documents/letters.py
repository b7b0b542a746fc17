"""The letter of inquiry (函询通知书): a question put to the person before anything is found (S110; T9)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from uuid import UUID

from core import audit
from core.cases import proceedings
from core.cases.cards import OFFICIAL
from core.cases.proceedings import OpenedCase, steps
from core.documents import templates
from core.documents.filling import fill, lines
from core.documents.readers import taken_out
from core.documents.wording import civil, manifestation, speak, symbol
from core.errors import NotFound
from core.sealing import canonical
from core.texts import Translate
from core.work import Work


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, in the fields of its template. Nothing in it comes from the report or tells who made it."""

    issuer: str
    number: str
    title: str
    addressee: str = field(repr=False)
    paragraphs: Sequence[str] = field(repr=False)
    day: str
    issued_on: date
    taken_out: str = field(repr=False)

    def as_docx(self) -> bytes:
        """Return the letter as .docx; the same letter is the same bytes. It takes about a tenth of a second."""
        return fill(templates.letter(), asdict(self), on=self.issued_on)


async def inquiry(work: Work, case_id: UUID, *, opening_id: UUID, entry_id: UUID | None = None) -> Letter:
    """Return a letter of inquiry that was signed in a case; taking it out is recorded, and who did stands in it.

    ``entry_id`` is the entry that numbered it; without one it is the last letter. A reason was given with the opening.
    Raises as `proceedings.open_file`, and `NotFound` (``inquiry_not_issued``) where there is no such letter.
    """
    opened = await proceedings.open_file(work, case_id, opening_id=opening_id)
    say = speak()
    letter = _letter(opened, say, entry_id, await taken_out(work, say))
    change = canonical("inquiry", {"number": letter.number, "text": "\n".join([letter.addressee, *letter.paragraphs])})
    audit.record(work, "case", "inquiry_exported", case_id, change=change)
    return letter


def _letter(opened: OpenedCase, say: Translate, entry_id: UUID | None, reader: str) -> Letter:
    wanted = (each for each in opened.thread if entry_id in {None, each.id})
    issued = [each.step for each in wanted if isinstance(each.step, steps.Issued)]
    if not issued:
        raise NotFound("inquiry_not_issued")
    last = issued[-1]
    asked = next(
        each.step for each in opened.thread if isinstance(each.step, steps.Inquiry) and str(each.id) == last.entry_id
    )
    about = next(each.step for each in opened.thread if isinstance(each.step, steps.Opened))
    issued_on = date.fromisoformat(last.issued_on)
    kind = f"inquiry.{opened.summary.body}"
    addressee = "letter.addressee" if about.subject_kind == OFFICIAL else "letter.addressee.team"
    return Letter(
        issuer=last.issuer,
        number=symbol(say, kind, last.district, last.year, last.number),
        title=say("letter.title"),
        addressee=say(addressee, name=about.name),
        paragraphs=inquiry_paragraphs(
            say,
            matter=manifestation(say, about.manifestation, about.conduct_day),
            substance=asked.substance,
            period=_period(say, last),
        ),
        day=civil(say, issued_on),
        issued_on=issued_on,
        taken_out=reader,
    )


def inquiry_paragraphs(say: Translate, *, matter: str, substance: str, period: str) -> list[str]:
    """Return what a letter of inquiry says, in neutral words: a report is not a finding, and silence admits nothing."""
    return [
        say("letter.received", matter=matter),
        *lines(substance),
        say("letter.unverified"),
        period,
        say("letter.how"),
        say("letter.rights"),
        say("letter.silence"),
        say("letter.protection"),
    ]


def _period(say: Translate, issued: steps.Issued) -> str:
    if issued.reply_by:
        return say("letter.period", day=civil(say, date.fromisoformat(issued.reply_by)))
    return say("letter.period.days", days=issued.working_days)
