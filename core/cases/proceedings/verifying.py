"""Verification: plan, evidence, interviews, the letter of inquiry and the explanation (S102, S110; T9, T10)."""

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from core import deadlines
from core.cases.cards import fit, fit_text
from core.cases.proceedings import members
from core.cases.proceedings.issuing import issue_inquiry
from core.cases.proceedings.members import OFFICERS
from core.cases.proceedings.signing import countersign, open_proposal
from core.cases.proceedings.steps import Evidence, Inquiry, Interview, Note, Overdue, Plan, Reply, Signed, Step
from core.cases.proceedings.tables import CaseEntry, CaseFile
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.errors import Conflict, Invalid
from core.work import Work

TEXT: Final = 10_000
"""Characters of a note, a piece of evidence, a finding."""

_AT_ONCE: Final = 50
_VERIFYING: Final = frozenset({"verifying", "awaiting_explanation"})


class Source(StrEnum):
    """How a piece of evidence is known."""

    FIRST_HAND = "first_hand"
    DOCUMENT = "document"
    HEARSAY = "hearsay"


async def plan(work: Work, case_id: UUID, text: str) -> CaseEntry:
    """Write down how it is to be verified; a later plan stands beside the first. Raises as `note`."""
    return await _add(work, case_id, Plan(fit_text(text, "text", TEXT)))


async def note(work: Work, case_id: UUID, text: str) -> CaseEntry:
    """Add a note to the file.

    Raises `Denied`, `Invalid` (``text_missing``, ``text_too_long``), `Conflict` (``not_being_verified``).
    """
    return await _add(work, case_id, Note(fit_text(text, "text", TEXT)))


async def add_evidence(work: Work, case_id: UUID, *, text: str, source: str, exculpatory: bool) -> CaseEntry:
    """Add a piece of evidence, for or against the person. Raises as `note`, and `Invalid` (``unknown_choice``)."""
    step = Evidence(fit_text(text, "text", TEXT), fit(Source, source, "source"), exculpatory)
    return await _add(work, case_id, step)


async def add_interview(work: Work, case_id: UUID, *, with_whom: str, held_on: date, text: str) -> CaseEntry:
    """Record a talk; whom with is said by their role. Raises as `note`, and `Invalid` (``date_in_the_future``)."""
    _require_past(work, held_on, "held_on")
    whom = fit_text(with_whom, "with_whom", 100)
    return await _add(work, case_id, Interview(whom, held_on.isoformat(), fit_text(text, "text", TEXT)))


async def draft_inquiry(work: Work, case_id: UUID, *, substance: str) -> CaseEntry:
    """Draft the letter of inquiry; it goes out once the other officer has signed that nothing in it tells who reported.

    Raises as `note`, and `Conflict` (``inquiries_used_up``, ``signature_pending``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    await members.officers(work, case.id)
    if case.state != "verifying":
        raise Conflict("not_being_verified", state=case.state)
    key = await members.case_key(work, case)
    if await open_proposal(work, case, Inquiry, key) is not None:
        raise Conflict("signature_pending")
    sent = len([each for each in await entries_of(work, case.id, Signed, key) if each.of == Inquiry.kind])
    if sent > work.policy.count("second_inquiries"):
        raise Conflict("inquiries_used_up")
    return record(work, case, Inquiry(fit_text(substance, "substance", TEXT), sent + 1))


async def sign_inquiry(work: Work, case_id: UUID, entry_id: UUID) -> CaseFile:
    """Sign that nothing in the letter points to a reporter, and send it: it gets its number, the period begins (T9).

    Raises `Denied` (``own_work`` for whoever drafted it), `Conflict` (``nothing_to_sign``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    await countersign(work, case, Inquiry, entry_id, event="T9")
    await issue_inquiry(work, case, entry_id, deadlines.begin(work, "case", case.id, case.body, "letter_reply"))
    return case


async def take_reply(work: Work, case_id: UUID, *, text: str, received_on: date) -> CaseFile:
    """Take the person's explanation into the file (T10); one that comes late is taken as well.

    Raises `Denied`, `Invalid`, `Conflict` (``not_being_verified``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    _require_past(work, received_on, "received_on")
    if case.state not in _VERIFYING:
        raise Conflict("not_being_verified", state=case.state)
    step = Reply(fit_text(text, "text", TEXT), received_on.isoformat())
    record(work, case, step, event="T10" if case.state == "awaiting_explanation" else "")
    await deadlines.meet(work, case.id, "letter_reply")
    return case


async def mark_overdue(work: Work) -> int:
    """Note of every case whose reply period is over that it is: verification goes on, silence is no admission (T10).

    Return how many there were. The worker's verb: the calendar decides this, and the thread says so.
    """
    over = await deadlines.overdue(work, "case", "letter_reply", limit=_AT_ONCE)
    for each in over:
        case = await lock_case(work, each.subject_id)
        if case.state == "awaiting_explanation":
            record(work, case, Overdue(), event="T10")
        await deadlines.meet(work, case.id, "letter_reply")
    return len(over)


async def require_verifying(work: Work, case: CaseFile) -> None:
    """Raise unless an officer of the case is at work, both may act, and it is being verified.

    Raises `Denied`, `Conflict` (``officers_missing``, ``not_being_verified``).
    """
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    await members.officers(work, case.id)
    if case.state not in _VERIFYING:
        raise Conflict("not_being_verified", state=case.state)


async def _add(work: Work, case_id: UUID, step: Step) -> CaseEntry:
    case = await lock_case(work, case_id)
    await require_verifying(work, case)
    return record(work, case, step)


def _require_past(work: Work, day: date, field: str) -> None:
    if day > work.clock.today():
        raise Invalid("date_in_the_future", field=field)
