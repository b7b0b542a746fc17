"""The code that goes with a served document: the person concerned reads and answers with it, without an account.

It is made like a reporter's receipt, and kept as little. What the document says is sealed to the code, and to the case,
so that another code can take the place of a lost one; what the person answers is sealed to the case, and signed with
the code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select

from core import audit
from core.cases.proceedings import CaseFile
from core.cases.proceedings.steps import Opened
from core.cases.proceedings.thread import entries_of
from core.errors import NotFound
from core.sealing import Context, KeyPair, Receipt, open_envelope, seal_envelope, sign
from core.warnings.papers import ClosingPaper
from core.warnings.signatures import check_code, check_word, code_facts, word_facts
from core.warnings.steps import MeasureIssued, MeasureServed, OutcomeDecided, TalkHeld
from core.warnings.tables import CodeWord, Measure, ServedCode
from core.warnings.thread import draft_of, those
from core.warnings.windows import windows_of
from core.work import Staff, Work


@dataclass(frozen=True, slots=True)
class Document:
    """What a served document says to the person concerned, in the fields that it is made from.

    ``form`` is a form of measure, or ``inquiry``; ``profile`` names the policy that it is decided under, and
    ``before`` says of the measure that it follows which it was, its number and term, and what becomes of pay. Nothing
    in it comes from the report or tells who made it: an officer signed that. ``windows`` say until when the person may
    answer, as they were at service (`core.warnings.windows`).
    """

    form: str
    profile: str
    body: str
    issuer: str
    district: str
    year: int
    number: int
    issued_on: str
    name: str = field(repr=False)
    post: str = field(repr=False)
    is_team: bool
    manifestation: str
    conduct_on: str
    facts: str = field(repr=False)
    reasons: str = field(repr=False)
    requirements: str = field(repr=False)
    ancillary: Sequence[str]
    months: int
    served_on: str
    last_day: str
    talk: Mapping[str, str] | None = field(default=None, repr=False)
    before: Mapping[str, str] | None = field(default=None, repr=False)
    windows: Sequence[Mapping[str, str | int]] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """What was told under a code: the words, the windows that stood open then, and the paper that was issued."""

    text: str = field(repr=False)
    windows: Sequence[Mapping[str, str | int]]
    paper: ClosingPaper | None


async def document_of(work: Work, row: Measure, key: KeyPair) -> Document:
    """Return what the document of a measure says, with the case's key."""
    drafted = await draft_of(work, row, key)
    issued = await those(work, row, MeasureIssued, key)
    served = await those(work, row, MeasureServed, key)
    talks = await those(work, row, TalkHeld, key)
    opened = (await entries_of(work, row.case_id, Opened, key))[0]
    number = issued[-1][1] if issued else MeasureIssued(str(row.id), 0, 0, "", "", "")
    return Document(
        form=row.form,
        profile=row.profile,
        body=row.body,
        issuer=number.issuer,
        district=number.district,
        year=number.year,
        number=number.number,
        issued_on=number.issued_on,
        name=drafted.name,
        post=drafted.post,
        is_team=not drafted.person_id,
        manifestation=opened.manifestation,
        conduct_on=opened.conduct_on,
        facts=drafted.facts,
        reasons=drafted.reasons,
        requirements=drafted.requirements,
        ancillary=drafted.ancillary,
        months=drafted.months,
        served_on=served[-1][1].served_on if served else "",
        last_day=served[-1][1].last_day if served else "",
        talk=_talk(talks[-1][1]) if talks else None,
        before=await _before(work, row, key),
    )


async def give_code(work: Work, case: CaseFile, row: Measure, key: KeyPair) -> Receipt:
    """Make the code of a served measure; it is shown once, and handed over with the document."""
    document = replace(await document_of(work, row, key), windows=await windows_of(work, row.id))
    return seal_to_code(work, case, document, row.id, measure_id=row.id)


def seal_to_code(
    work: Work, case: CaseFile, document: Document, document_id: UUID, *, measure_id: UUID | None
) -> Receipt:
    """Make a code and seal a document to it; ``document_id`` is the measure, or the entry that numbered a letter."""
    code = Receipt.new()
    _add_code(work, case, document, code, document_id=document_id, measure_id=measure_id)
    return code


async def replace_code(work: Work, case: CaseFile, document_id: UUID, key: KeyPair) -> Receipt:
    """End the code of a document and make another, with all that was told under it; the windows stay as they are.

    What was sent with the old code stays signed with that one. Raises `NotFound` (``document_without_code``) for what
    was not served, `Forged`.
    """
    query = select(ServedCode).where(ServedCode.case_id == case.id, ServedCode.document_id == document_id)
    old = await work.session.scalar(query.where(ServedCode.ended_at.is_(None)).with_for_update())
    if old is None:
        raise NotFound("document_without_code")
    check_code(work, old)
    old.ended_at = work.now()
    old.signature = sign(work.keys.signing_key, "served_code", code_facts(old))
    await work.session.flush()
    code, document = Receipt.new(), _document_in(old, key)
    new = _add_code(work, case, document, code, document_id=document_id, measure_id=old.measure_id)
    await work.session.flush()
    words = select(CodeWord).where(CodeWord.code_id == old.id).order_by(CodeWord.place)
    for word in (await work.session.scalars(words)).all():
        check_word(work, word)
        plain = open_envelope(word.envelope, key=key, context=_place_of(word))
        again = CodeWord(
            id=uuid4(),
            code_id=new.id,
            place=word.place,
            kind=word.kind,
            told_on=word.told_on,
            author_id=word.author_id,
        )
        _seal_word(work, again, plain, new)
    await work.session.flush()
    return code


def _add_code(
    work: Work, case: CaseFile, document: Document, code: Receipt, *, document_id: UUID, measure_id: UUID | None
) -> ServedCode:
    code_id = uuid4()
    context = Context("served_code", "envelope", code_id)
    plain = json.dumps({name: getattr(document, name) for name in document.__slots__}, ensure_ascii=False).encode()
    row = ServedCode(
        id=code_id,
        case_id=case.id,
        measure_id=measure_id,
        document_id=document_id,
        lookup_hash=code.lookup_hash,
        box_public_key=code.box.public,
        verify_key=bytes(code.signing_key.verify_key),
        case_public_key=case.public_key,
        made_at=work.now(),
        envelope=seal_envelope(plain, to=[code.box.public, case.public_key], context=context),
    )
    row.signature = sign(work.keys.signing_key, "served_code", code_facts(row))
    work.session.add(row)
    audit.record(work, "measure", "code_given", measure_id or case.id, change=row.signature)
    return row


def open_document(row: ServedCode, code: Receipt) -> Document:
    """Return what is sealed to a code, for its holder."""
    return _document_in(row, code.box)


def _document_in(row: ServedCode, key: KeyPair) -> Document:
    context = Context("served_code", "envelope", row.id)
    return Document(**json.loads(open_envelope(row.envelope, key=key, context=context)))


async def tell(
    work: Work, document_id: UUID, kind: str, text: str, *, on: date, paper: ClosingPaper | None = None
) -> None:
    """Tell the person concerned something under the present code of a document; without one, nobody is told.

    ``paper`` is what was issued with it: they can take it out themselves.
    """
    living = ServedCode.ended_at.is_(None)
    code = await work.session.scalar(select(ServedCode).where(ServedCode.document_id == document_id, living))
    if code is not None:
        await _tell_under(work, code, kind, text, on=on, paper=paper)


async def _tell_under(
    work: Work, code: ServedCode, kind: str, text: str, *, on: date, paper: ClosingPaper | None
) -> None:
    """Tell the holder of one code something, and until when they may answer from now on."""
    if not isinstance(work.actor, Staff):  # the desk alone speaks to the person
        raise TypeError("only staff tell the person concerned")
    check_code(work, code)
    count = select(func.count()).where(CodeWord.code_id == code.id)
    row = CodeWord(
        id=uuid4(),
        code_id=code.id,
        place=(await work.session.scalar(count) or 0) + 1,
        kind=kind,
        told_on=on,
        author_id=work.actor.person_id,
    )
    windows = await windows_of(work, code.measure_id or code.case_id)
    said = {"text": text, "windows": windows, "paper": asdict(paper) if paper else None}
    plain = json.dumps(said, ensure_ascii=False).encode()
    _seal_word(work, row, plain, code)
    await work.session.flush()
    audit.record(work, "measure", "told", code.measure_id or code.case_id, change=row.signature)


def _seal_word(work: Work, row: CodeWord, plain: bytes, code: ServedCode) -> None:
    row.envelope = seal_envelope(plain, to=[code.box_public_key, code.case_public_key], context=_place_of(row))
    row.signature = sign(work.keys.signing_key, "code_word", word_facts(row))
    work.session.add(row)


def open_word(row: CodeWord, code: Receipt) -> Word:
    """Return what was told to the holder of a code."""
    said = json.loads(open_envelope(row.envelope, key=code.box, context=_place_of(row)))
    return Word(said["text"], said["windows"], ClosingPaper(**said["paper"]) if said["paper"] else None)


def _place_of(row: CodeWord) -> Context:
    return Context("code_word", "envelope", row.id)


async def _before(work: Work, row: Measure, key: KeyPair) -> dict[str, str] | None:
    """Return what is said of the measure that this one follows."""
    before = await work.session.get(Measure, row.follows_id) if row.follows_id else None
    if before is None:
        return None
    served = (await those(work, before, MeasureServed, key))[-1][1]
    return {
        "form": before.form,
        "year": str(before.year),
        "number": str(before.number),
        "served_on": served.served_on,
        "last_day": served.last_day,
        "pay": (await those(work, before, OutcomeDecided, key))[-1][1].pay,
    }


def _talk(held: TalkHeld) -> dict[str, str]:
    names = ("held_on", "talked_by", "reasons", "view", "corrections", "dissent")
    signed = {"person_signed": "yes" if held.person_signed else "no"}
    return {name: getattr(held, name) for name in names} | signed
