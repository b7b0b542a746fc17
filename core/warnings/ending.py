"""How measures end that need no assessment: letters, talks, decisions that stand, and what was not assessed in time."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from core import deadlines
from core.cases.cards import fit, fit_text
from core.cases.proceedings import CaseFile, Part, members, show_stage
from core.cases.proceedings.members import OFFICERS
from core.errors import Conflict
from core.warnings.codes import tell
from core.warnings.drafting import REASON, TEXT
from core.warnings.rules.forms import TALKS
from core.warnings.rules.lifecycle import transition
from core.warnings.rules.remedies import WINDOWS, Remedy, decision_clock
from core.warnings.steps import LetterRead, MeasureClosed, MeasureLapsed, OutcomeDecided
from core.warnings.tables import Measure
from core.warnings.thread import case_key, lock_measure, policy_of, take, those
from core.work import Work

_OF_REMEDIES: Final = frozenset({*WINDOWS, *(decision_clock(each) for each in Remedy)})


class LetterOutcome(StrEnum):
    """What the reply to a letter comes to; one that explains everything does not count as warned."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    SECOND_INQUIRY = "second_inquiry"
    VERIFY_FURTHER = "verify_further"


class TalkOutcome(StrEnum):
    """What the follow-up to a talk finds; after a repetition an admonition may be proposed, in a new case."""

    IMPROVED = "improved"
    REPEAT = "repeat"


async def read_letter(work: Work, measure_id: UUID, *, outcome: str, reasons: str) -> Measure:
    """Say, as one of two readers, what the reply to a letter comes to; where both say the same it is so (S110).

    What somebody says later replaces what they said, and who left the case says nothing any more. A second inquiry is
    allowed once, and its reply is awaited anew. Raises `Denied`, `KeyLocked`, `Invalid`, `Conflict` (``not_a_letter``,
    ``inquiries_used_up``, ``transition_not_allowed``).
    """
    case, row = await lock_measure(work, measure_id)
    staff = await members.permit_in(work, case, "measure.follow", *OFFICERS)
    if row.form != "letter":
        raise Conflict("not_a_letter", form=row.form)
    transition(row.state, "W6l")
    key = await case_key(work, case)
    said = fit(LetterOutcome, outcome, "outcome")
    before = await those(work, row, LetterRead, key)
    asked_again = await those(work, row, OutcomeDecided, key)
    if said == LetterOutcome.SECOND_INQUIRY and len(asked_again) >= policy_of(row).count("second_inquiries"):
        raise Conflict("inquiries_used_up")
    reasons = fit_text(reasons, "reasons", TEXT)
    take(work, case, row, LetterRead(str(row.id), said, reasons))
    since = max((view.place for view, _ in asked_again), default=0)
    last = {view.author_id: each.outcome for view, each in before if view.place > since}
    others = {one.person_id for one in await members.present(work, case.id, *OFFICERS)} - {staff.person_id}
    if any(last.get(other) == said for other in others):
        await _settle_letter(work, case, row, said, reasons)
    return row


async def follow_up(work: Work, measure_id: UUID, *, outcome: str, reasons: str) -> Measure:
    """Write the note that follows a talk (S113 to S115). Raises `Denied`, `Invalid`, `Conflict` (``not_a_talk``)."""
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.follow", Part.OFFICER_ORG)
    if row.form not in TALKS:
        raise Conflict("not_a_talk", form=row.form)
    said, reasons = fit(TalkOutcome, outcome, "outcome"), fit_text(reasons, "reasons", TEXT)
    take(work, case, row, OutcomeDecided(str(row.id), said, reasons, ""), event="W6k", case_event="T19")
    row.outcome = said
    await end(work, case, row, said, case_event="T19c")
    return row


async def close(work: Work, measure_id: UUID, *, reason: str) -> Measure:
    """Close what needs nothing more: a decision that stands, or an outcome that nothing will follow (W8).

    Raises `Denied`, `Invalid`, `Conflict` (``measure_running``, ``transition_not_allowed``).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.close", Part.SUPERVISOR)
    if row.state == "served" and (row.form in TALKS or row.form == "letter"):
        raise Conflict("measure_running", form=row.form)
    text = fit_text(reason, "reason", REASON)
    await end(work, case, row, text, case_event="T19c" if case.state == "assessed" else "")
    return row


async def lapse(work: Work, measure_id: UUID, *, reason: str) -> Measure:
    """Let a measure lapse that was not assessed in time: nothing can be held against the person from it (W9).

    Raises `Denied`, `Invalid`, `Conflict` (``assessment_not_overdue``, ``transition_not_allowed``).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.lapse", Part.SUPERVISOR)
    transition(row.state, "W9")
    clocks = [each for each in await deadlines.of_subject(work, row.id) if each.kind == "assessment"]
    if not any(each.is_overdue(work.clock.today()) for each in clocks):
        raise Conflict("assessment_not_overdue")
    step = MeasureLapsed(str(row.id), fit_text(reason, "reason", REASON))
    take(work, case, row, step, event="W9", case_event="T19")
    take(work, case, row, MeasureClosed(str(row.id), "lapsed"), case_event="T19c")
    await meet_all_but_remedies(work, row)
    await show_stage(work, case)
    return row


async def end(work: Work, case: CaseFile, row: Measure, reason: str, *, case_event: str) -> None:
    """Close a measure, and its case with it where there is an event; what is the person's runs on."""
    take(work, case, row, MeasureClosed(str(row.id), reason), event="W8", case_event=case_event)
    await meet_all_but_remedies(work, row)
    await show_stage(work, case)


async def meet_all_but_remedies(work: Work, row: Measure) -> None:
    """End the clocks of a measure that is over; the windows of the person, and an open review or appeal, run on."""
    running = [each.kind for each in await deadlines.of_subject(work, row.id) if each.done_on is None]
    if over := [kind for kind in running if kind not in _OF_REMEDIES]:
        await deadlines.meet(work, row.id, *over)


async def _settle_letter(work: Work, case: CaseFile, row: Measure, said: str, reasons: str) -> None:
    step = OutcomeDecided(str(row.id), said, reasons, "")
    if said == LetterOutcome.SECOND_INQUIRY:
        take(work, case, row, step)
        await deadlines.meet(work, row.id, "letter_reply")
        deadlines.begin(work, "measure", row.id, row.body, "letter_reply")
        await tell(work, row.id, said, "", on=work.clock.today())
        return
    take(work, case, row, step, event="W6l", case_event="T19")
    row.outcome = said
    await end(work, case, row, said, case_event="T19c")
