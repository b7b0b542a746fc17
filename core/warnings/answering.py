"""The verbs of the person concerned, who holds the code of a document that was served on them (3.1; S110).

They need no account. What they read was sealed to the code; what they send is sealed to the case and signed with the
code. The process that does this opens nothing else, and knows nobody.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from core import attachments, audit
from core.cases.cards import fit, fit_text
from core.errors import Conflict, NotFound
from core.policy.calendar import civil_date
from core.sealing import Context, Receipt, seal_envelope, sign
from core.warnings.assessing import Handed
from core.warnings.codes import Document, open_document, open_word
from core.warnings.papers import ClosingPaper
from core.warnings.rules.answers import AT_MOST, LONGEST, Answer, Wish, answers
from core.warnings.signatures import check_code, check_word, message_facts
from core.warnings.tables import CodeWord, ServedCode, SubjectMessage
from core.warnings.windows import Window
from core.work import Work


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the person was told under the code after service: a decision with its paper, an answer."""

    kind: str
    on: date
    text: str = field(repr=False)
    paper: ClosingPaper | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """That something was sent, and when; what it said is sealed to the case, and the code does not open it."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class SubjectStanding:
    """What a code opens: the document, what was told later, what was sent, until when, and what may still be sent.

    ``left`` is how many messages the code still takes.
    """

    document: Document = field(repr=False)
    told: Sequence[Told]
    sent: Sequence[Sent]
    windows: Sequence[Window]
    may_send: Sequence[Answer]
    left: int


async def read_code(work: Work, code: Receipt) -> SubjectStanding:
    """Return what a code opens, for its holder.

    Raises `NotFound` (``code_unknown``) for one that is unknown or ended, and `Forged` for what the desk did not write.
    """
    row = await _find(work, code)
    document = open_document(row, code)
    told, written = [], document.windows
    for word in await _words(work, row):
        said = open_word(word, code)
        written = said.windows
        told.append(Told(word.kind, word.told_on, said.text, said.paper))
    sent = await _sent(work, row)
    left = max(AT_MOST - len(sent), 0)
    return SubjectStanding(
        document=document,
        told=told,
        sent=sent,
        windows=sorted((Window.read(each) for each in written), key=lambda each: each.last_day or date.max),
        may_send=answers(document.form, {each.kind for each in told}) if left else (),
        left=left,
    )


async def send(
    work: Work,
    code: Receipt,
    kind: str,
    text: str,
    files: Sequence[attachments.StoredFile] = (),
    *,
    choice: str = "",
) -> None:
    """Send the office something under a code; it is never refused for being late.

    ``choice`` says of a report what is handed in (`Handed`), and of a consent what is wished (`Wish`); a consent needs
    no words. ``files`` were stored and registered before.

    Raises `NotFound` (``code_unknown``), `Invalid` (``unknown_choice``, ``text_missing``, ``text_too_long``),
    `Conflict` (``answer_not_open``, ``messages_used_up``, ``sent_at_once``, ``attachment_gone``).
    """
    row = await _find(work, code)
    asked = Answer(fit(Answer, kind, "kind"))
    document = open_document(row, code)
    if asked not in answers(document.form, {word.kind for word in await _words(work, row)}):
        raise Conflict("answer_not_open")
    said = {
        "text": _fit(asked, text),
        "choice": _chosen(asked, choice),
        "files": {str(each.id): each.sha256.hex() for each in files},
    }
    count = select(func.count(SubjectMessage.id)).where(SubjectMessage.code_id.in_(_codes_of(row)))
    place = (await work.session.scalar(count) or 0) + 1
    if place > AT_MOST:
        raise Conflict("messages_used_up", limit=AT_MOST)
    message = SubjectMessage(
        id=uuid4(), code_id=row.id, case_id=row.case_id, place=place, kind=asked, received_at=work.hour()
    )
    plain = json.dumps(said, ensure_ascii=False).encode()
    message.envelope = seal_envelope(plain, to=[row.case_public_key], context=message_place(message))
    message.signature = sign(code.signing_key, "subject_message", message_facts(message))
    await _add(work, message)
    await attachments.claim_for_case(work, files, row.case_id, row.case_public_key)
    audit.record(work, "case", "person_answered", row.case_id, change=message.signature)


def message_place(row: SubjectMessage) -> Context:
    """Return where the envelope of a message belongs."""
    return Context("subject_message", "envelope", row.id)


async def _find(work: Work, code: Receipt) -> ServedCode:
    row = await work.session.scalar(select(ServedCode).where(ServedCode.lookup_hash == code.lookup_hash))
    if row is None or row.ended_at is not None:
        raise NotFound("code_unknown")
    check_code(work, row)
    return row


async def _words(work: Work, row: ServedCode) -> Sequence[CodeWord]:
    """Return what was told under a code, in its order; raise `Forged` for what the desk did not tell."""
    words = (
        await work.session.scalars(select(CodeWord).where(CodeWord.code_id == row.id).order_by(CodeWord.place))
    ).all()
    for word in words:
        check_word(work, word)
    return words


async def _sent(work: Work, row: ServedCode) -> Sequence[Sent]:
    """Return what was sent under a code, and under those that it follows; this process may see no more of it."""
    columns = select(SubjectMessage.kind, SubjectMessage.received_at)
    rows = await work.session.execute(
        columns.where(SubjectMessage.code_id.in_(_codes_of(row))).order_by(SubjectMessage.place)
    )
    return [Sent(kind, civil_date(received_at)) for kind, received_at in rows]


def _codes_of(row: ServedCode) -> Select[UUID]:
    """Return the ids of every code that the document of this one had."""
    return select(ServedCode.id).where(ServedCode.document_id == row.document_id)


async def _add(work: Work, message: SubjectMessage) -> None:
    try:
        work.session.add(message)
        await work.session.flush()
    except IntegrityError:  # another one of the same code took the place at this moment
        raise Conflict("sent_at_once") from None


def _fit(kind: Answer, text: str) -> str:
    if kind == Answer.CONSENT and not text.strip():
        return ""
    return fit_text(text, "text", LONGEST)


def _chosen(kind: Answer, choice: str) -> str:
    if kind == Answer.REPORT:
        return fit(Handed, choice if choice != Handed.NOTHING else "", "choice")
    return fit(Wish, choice, "choice") if kind == Answer.CONSENT else ""
