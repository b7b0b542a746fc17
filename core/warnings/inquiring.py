"""A letter of inquiry is served on the person concerned, with a code to answer with (S110; T9)."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from core import deadlines
from core.cases.cards import OFFICIAL, fit_text
from core.cases.proceedings import CaseFile, EntryView, members
from core.cases.proceedings.members import OFFICERS
from core.cases.proceedings.steps import Inquiry, Issued, Opened
from core.cases.proceedings.thread import lock_case, read, record
from core.errors import Conflict, Invalid, NotFound
from core.sealing import Receipt
from core.warnings.codes import Document, seal_to_code
from core.warnings.rules.answers import INQUIRY
from core.warnings.steps import InquiryServed
from core.warnings.windows import windows_of
from core.work import Work

_PROOF: Final = 500
_REPLY: Final = "letter_reply"
_ANSWERABLE: Final = frozenset({"verifying", "awaiting_explanation"})


async def serve_inquiry(work: Work, case_id: UUID, entry_id: UUID, *, served_on: date, proof: str) -> Receipt:
    """Record that a letter of inquiry was served, and return the code that goes with it, shown once.

    ``entry_id`` is the entry that numbered the letter. Nobody can answer what they have not received: the period for
    the reply begins anew on the day of service. The code opens the matter in substance, as an officer wrote it.

    Raises `Denied`, `KeyLocked`, `Invalid` (``date_in_the_future``, ``service_before_decision``, ``text_missing``),
    `NotFound` (``inquiry_not_issued``), `Conflict` (``not_being_verified``, ``inquiry_served``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    if case.state not in _ANSWERABLE:
        raise Conflict("not_being_verified", state=case.state)
    thread = await read(work, case.id, await members.case_key(work, case))
    issued = _issued(thread, entry_id)
    if served_on > work.clock.today():
        raise Invalid("date_in_the_future", field="served_on")
    if served_on < date.fromisoformat(issued.issued_on):
        raise Invalid("service_before_decision", field="served_on")
    proof = fit_text(proof, "proof", _PROOF)
    await deadlines.meet(work, case.id, _REPLY)
    due = deadlines.begin(work, "case", case.id, case.body, _REPLY, on=served_on)
    last_day = due.due_on.isoformat() if due.due_on else ""
    record(work, case, InquiryServed(str(entry_id), served_on.isoformat(), proof, last_day))
    document = await _document(work, case, thread, issued, served_on)
    return seal_to_code(work, case, document, entry_id, measure_id=None)


def _issued(thread: Sequence[EntryView], entry_id: UUID) -> Issued:
    if any(isinstance(each.step, InquiryServed) and each.step.entry_id == str(entry_id) for each in thread):
        raise Conflict("inquiry_served")
    for each in thread:
        if each.id == entry_id and isinstance(each.step, Issued) and each.step.document == INQUIRY:
            return each.step
    raise NotFound("inquiry_not_issued")


async def _document(
    work: Work, case: CaseFile, thread: Sequence[EntryView], issued: Issued, served_on: date
) -> Document:
    """Return what the letter says: the officer's words and the heading of the card, nothing of the report."""
    opened = next(each.step for each in thread if isinstance(each.step, Opened))
    asked = next(each.step for each in thread if isinstance(each.step, Inquiry) and str(each.id) == issued.entry_id)
    windows = await windows_of(work, case.id)
    return Document(
        form=INQUIRY,
        profile=work.policy.name,
        body=case.body,
        issuer=issued.issuer,
        district=issued.district,
        year=issued.year,
        number=issued.number,
        issued_on=issued.issued_on,
        name=opened.name,
        post=opened.post,
        is_team=opened.subject_kind != OFFICIAL,
        manifestation=opened.manifestation,
        conduct_on=opened.conduct_on,
        facts=asked.substance,
        reasons="",
        requirements="",
        ancillary=(),
        months=0,
        served_on=served_on.isoformat(),
        last_day="",
        windows=windows,
    )
