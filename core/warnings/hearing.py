"""What the person concerned sent is read at the desk and taken into the file, late or not (T10; S110; rules.md 3.4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, attachments, audit, deadlines
from core.cases import proceedings
from core.cases.cards import fit_text
from core.cases.proceedings import CaseFile, Part, members
from core.cases.proceedings.members import OFFICERS
from core.cases.proceedings.steps import EvidenceFile
from core.cases.proceedings.thread import lock_case, record
from core.errors import Conflict, Forged, NotFound
from core.policy.calendar import civil_date
from core.sealing import KeyPair, open_envelope
from core.warnings.answering import message_place
from core.warnings.assessing import take_report
from core.warnings.codes import tell
from core.warnings.drafting import TEXT
from core.warnings.reviewing import ask_remedy, clear_name
from core.warnings.rules.answers import Answer, Wish
from core.warnings.rules.lifecycle import IN_FORCE
from core.warnings.signatures import check_code, check_message
from core.warnings.steps import SubjectHeard
from core.warnings.tables import Measure, ServedCode, SubjectMessage
from core.warnings.thread import lock_measure, take
from core.warnings.waiting import taken_by
from core.work import Work

_REPLY: Final = "letter_reply"
_HANDED_BY: Final[Mapping[str, str]] = {
    "self_criticism": "written_self_criticism",
    "correction_report": "correction_report",
}
_RUNNING: Final = frozenset({"active", "term_ended"})


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message that nobody has taken into the file yet: what it is and when it came, nothing of what it says."""

    id: UUID
    kind: str
    received_on: date
    measure_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Opened:
    """A message with its code, opened; ``measure`` is none under a letter of inquiry."""

    row: SubjectMessage
    kind: Answer
    measure: Measure | None
    text: str = field(repr=False)
    choice: str
    files: Mapping[str, str]

    @property
    def received_on(self) -> date:
        return civil_date(self.row.received_at)

    @property
    def is_passed_on(self) -> bool:
        """Whether a step of its own says what the message says."""
        if self.measure is None:
            return False
        if self.kind in {Answer.REVIEW, Answer.APPEAL}:
            return self.measure.state in IN_FORCE
        return self.kind == Answer.REPORT and self.measure.state in _RUNNING


async def messages_waiting(work: Work, case_id: UUID) -> Sequence[WaitingMessage]:
    """Return what waits in a case for the person at work to take it in, the first one first. Raises `NotFound`.

    An objection is named to the supervisor alone: it may be about an officer.
    """
    staff = access.permit(work, "subject.hear")
    await proceedings.summary(work, case_id)
    query = select(SubjectMessage, ServedCode.measure_id).join(ServedCode, ServedCode.id == SubjectMessage.code_id)
    query = query.where(SubjectMessage.case_id == case_id, SubjectMessage.taken_at.is_(None))
    rows = await work.session.execute(query.order_by(SubjectMessage.received_at, SubjectMessage.place))
    parts = set((await proceedings.parts_of(work, [case_id], staff.person_id)).get(case_id, ()))
    return [
        WaitingMessage(row.id, row.kind, civil_date(row.received_at), measure_id)
        for row, measure_id in rows
        if parts & set(taken_by(row.kind))
    ]


async def require_in_case(work: Work, message_id: UUID, case_id: UUID) -> None:
    """Raise `NotFound` (``message_not_found``) unless the message came in this case: who looks at one saw no other."""
    query = select(SubjectMessage.id).where(SubjectMessage.id == message_id, SubjectMessage.case_id == case_id)
    if await work.session.scalar(query) is None:
        raise NotFound("message_not_found")


async def take_message(work: Work, message_id: UUID) -> SubjectHeard:
    """Read a message of the person concerned and take it into the file; return what the thread says of it.

    An explanation that a letter waits for is its reply. A request for review and an appeal go to those who hear them,
    what was handed in goes to the assessment, a wish for silence is kept; an objection waits for the supervisor, who
    may take the person off the case, and a wish for clarification for the words of the office (`clear_name`). Files
    become evidence that speaks for the person.

    Raises `Denied` (``no_part``, ``recused``), `KeyLocked`, `NotFound` (``message_not_found``), `Forged` for what the
    holder of the code did not send, `Conflict` (``message_taken``, and as `ask_remedy`).
    """
    case, row, measure = await _load(work, message_id)
    staff = await members.permit_in(work, case, "subject.hear", *taken_by(row.kind))
    key = await members.case_key(work, case)
    opened = await _open(work, case, row, measure, key)
    is_late = await _pass_on(work, case, opened)
    heard = SubjectHeard(
        measure_id="" if measure is None else str(measure.id),
        message_id=str(row.id),
        what=opened.kind,
        text="" if opened.is_passed_on else opened.text,
        received_on=opened.received_on.isoformat(),
        is_late=is_late,
    )
    if measure is None:
        is_awaited = opened.kind == Answer.EXPLANATION and case.state == "awaiting_explanation"
        record(work, case, heard, event="T10" if is_awaited else "")
    else:
        take(work, case, measure, heard)
    await _keep_files(work, case, opened, key)
    row.taken_by, row.taken_at = staff.person_id, work.now()
    return heard


async def answer_person(work: Work, message_id: UUID, *, text: str) -> None:
    """Answer a message under the code of its document. Raises as `take_message`, and `Invalid`, ``not_taken``."""
    case, row, _ = await _load(work, message_id, taken=True)
    await members.permit_in(work, case, "subject.hear", Part.SUPERVISOR, *OFFICERS)
    code = await work.session.get_one(ServedCode, row.code_id)
    await tell(work, code.document_id, "answer", fit_text(text, "text", TEXT), on=work.clock.today())


async def _load(
    work: Work, message_id: UUID, *, taken: bool = False
) -> tuple[CaseFile, SubjectMessage, Measure | None]:
    """Return a message, its case and its measure; both are held until the work is done."""
    query = select(SubjectMessage.case_id, ServedCode.measure_id)
    query = query.join(ServedCode, ServedCode.id == SubjectMessage.code_id)
    found = (await work.session.execute(query.where(SubjectMessage.id == message_id))).one_or_none()
    if found is None:
        raise NotFound("message_not_found")
    case_id, measure_id = found
    try:
        case, measure = (await lock_case(work, case_id), None)
        if measure_id is not None:
            case, measure = await lock_measure(work, measure_id)
    except NotFound:
        raise NotFound("message_not_found") from None
    row = await work.session.get_one(SubjectMessage, message_id, populate_existing=True)
    if (row.taken_at is not None) != taken:
        raise Conflict("message_not_taken" if taken else "message_taken")
    return case, row, measure


async def _open(work: Work, case: CaseFile, row: SubjectMessage, measure: Measure | None, key: KeyPair) -> _Opened:
    """Return what a message says; raise `Forged` unless the holder of a code of this case sent it as it is."""
    code = await work.session.get_one(ServedCode, row.code_id)
    check_code(work, code)
    check_message(code, row)
    if not code.case_id == row.case_id == case.id or (measure is not None and measure.case_id != case.id):
        raise Forged("message_of_another_case")
    said = json.loads(open_envelope(row.envelope, key=key, context=message_place(row)))
    return _Opened(row, Answer(row.kind), measure, said["text"], said["choice"], said["files"])


async def _pass_on(work: Work, case: CaseFile, opened: _Opened) -> bool:
    """Let those act whom a message is for; return whether it came late."""
    measure, on = opened.measure, opened.received_on
    if opened.kind == Answer.EXPLANATION:
        subject_id = case.id if measure is None else measure.id
        is_late = await _is_late(work, subject_id, _REPLY, on)
        await deadlines.meet(work, subject_id, _REPLY)
        return is_late
    if measure is None:
        return False
    if opened.kind == Answer.REPORT:
        is_late = await _is_late(work, measure.id, _HANDED_BY.get(opened.choice, ""), on)
        if opened.is_passed_on:
            await take_report(work, measure.id, what=opened.choice, text=opened.text, received_on=on)
        return is_late
    if opened.is_passed_on:
        return (await ask_remedy(work, measure.id, kind=opened.kind, text=opened.text, received_on=on)).is_late
    if opened.choice == Wish.NOTHING and measure.state == "revoked":
        await clear_name(work, measure.id, consent=False, scope="", text="")
    return False


async def _keep_files(work: Work, case: CaseFile, opened: _Opened, key: KeyPair) -> None:
    """Note the files of a message as evidence; raise `Forged` (``evidence_exchanged``) for one that was not sent."""
    for attachment_id, digest in opened.files.items():
        stored = await attachments.find_of_case(work, case.id, UUID(attachment_id), key)
        if stored.sha256.hex() != digest:
            raise Forged("evidence_exchanged")
        step = EvidenceFile(attachment_id, stored.name, stored.media_type, stored.size, digest, exculpatory=True)
        record(work, case, step)
    audit.record(work, "case", "message_taken", case.id, change=opened.row.signature)


async def _is_late(work: Work, subject_id: UUID, clock: str, received_on: date) -> bool:
    """Tell whether the last day of a clock was over; one whose last day waits for a work calendar is not."""
    clocks = [each for each in await deadlines.of_subject(work, subject_id) if each.kind == clock]
    last = max(clocks, key=lambda each: each.begun_on, default=None)
    return last is not None and last.due_on is not None and received_on > last.due_on
