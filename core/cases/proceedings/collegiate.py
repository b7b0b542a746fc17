"""What a collegiate meeting made of its agenda, recorded by a member: quorum, recusals, votes (T15, T16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, audit
from core.cases.cards import fit, fit_text
from core.cases.proceedings import members
from core.cases.proceedings.calling import KINDS, still_called
from core.cases.proceedings.members import RECUSED, Part
from core.cases.proceedings.steps import Classified, Deferred, Heard
from core.cases.proceedings.tables import CaseFile, Meeting, MeetingMatter, MeetingRecusal, MeetingSeat
from core.cases.proceedings.thread import last, lock_case, record
from core.cases.proceedings.verifying import TEXT
from core.cases.rules.forms import RECOMMENDED_FORMS, Recommendation
from core.cases.rules.lifecycle import may
from core.errors import Conflict, Denied, Invalid
from core.work import Staff, Work

DEFERRED: Final = "deferred"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting made of one case. ``recused`` stepped aside: they neither vote nor count in the quorum.

    The ``recommendation`` is one of `Recommendation`, or `DEFERRED`: without a vote the case stays where it is.
    """

    case_id: UUID
    votes_for: int
    votes_against: int
    abstained: int
    recommendation: str
    reasons: str = field(repr=False)
    form: str = ""
    recused: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many voted in a case, of how many members who may take part in it, and how many stepped aside."""

    voters: int
    entitled: int
    recused: int


async def hold(work: Work, meeting_id: UUID, *, present: frozenset[UUID], decisions: Sequence[Decision]) -> Meeting:
    """Record what a meeting decided about every case on its agenda (T15, T16); only a member who was there may.

    Raises `Denied` (``not_present``), `NotFound` (``meeting_not_found``), `Conflict` (``meeting_held``,
    ``meeting_called_off``, ``no_quorum``, ``not_carried``, ``form_not_allowed``), `Invalid` (``agenda_differs``,
    ``votes_do_not_add_up``, ``deferred_by_vote``, ``not_a_member``, ``unknown_choice``, ``text_missing``).
    """
    row = await still_called(work, meeting_id)
    staff = access.permit(work, "meeting.hold")
    seats = await _seats(work, meeting_id)
    if staff.person_id not in present:
        raise Denied("not_present")
    if not present <= seats.keys():
        raise Invalid("not_a_member", field="present")
    matters = await _matters(work, meeting_id)
    if {one.case_id for one in decisions} != matters.keys() or len(decisions) != len(matters):
        raise Invalid("agenda_differs", field="decisions")
    for person_id, seat in seats.items():
        seat.is_present = person_id in present
    for decision in decisions:
        await _decide(work, row, matters[decision.case_id], decision, present=present, seats=frozenset(seats))
    row.state = "held"
    audit.record(work, "meeting", "held", row.id)
    return row


def quorum(members_entitled: int) -> int:
    """Return how many must be there for a meeting to decide: more than half of the members who may take part."""
    return members_entitled // 2 + 1


async def _decide(
    work: Work,
    meeting: Meeting,
    matter: MeetingMatter,
    decision: Decision,
    *,
    present: frozenset[UUID],
    seats: frozenset[UUID],
) -> None:
    case = await lock_case(work, decision.case_id)
    recused = await _recused(work, case, decision, seats)
    is_deferred = decision.recommendation == DEFERRED
    aside = frozenset[UUID]() if is_deferred else recused  # where too many stepped aside, it can at least be put off
    turnout = Turnout(len(present - aside), len(seats - aside), len(aside))
    if turnout.voters < quorum(turnout.entitled):
        raise Conflict("no_quorum", present=turnout.voters, needed=quorum(turnout.entitled))
    if isinstance(work.actor, Staff) and work.actor.person_id in recused:
        raise Denied("recused")
    transition = KINDS[meeting.kind][1]
    if not may(case.state, transition):
        raise Conflict("transition_not_allowed", transition=transition, state=case.state)
    step = _deferred(meeting, decision) if is_deferred else await _heard(work, case, meeting, decision, turnout)
    matter.entry_id = record(work, case, step, event="" if is_deferred else transition).id
    for person_id in recused:
        work.session.add(MeetingRecusal(meeting_id=meeting.id, case_id=case.id, person_id=person_id))


def _deferred(meeting: Meeting, decision: Decision) -> Deferred:
    if any((decision.votes_for, decision.votes_against, decision.abstained)):
        raise Invalid("deferred_by_vote", field="votes")
    return Deferred(str(meeting.id), meeting.kind, fit_text(decision.reasons, "reasons", TEXT))


async def _heard(work: Work, case: CaseFile, meeting: Meeting, decision: Decision, turnout: Turnout) -> Heard:
    votes = (decision.votes_for, decision.votes_against, decision.abstained)
    if min(votes) < 0 or sum(votes) != turnout.voters:
        raise Invalid("votes_do_not_add_up", field="votes", present=turnout.voters)
    if 2 * decision.votes_for <= turnout.voters:
        raise Conflict("not_carried")
    await _require_allowed(work, case, decision)
    return Heard(
        meeting_id=str(meeting.id),
        meeting=meeting.kind,
        present=turnout.voters,
        recused=turnout.recused,
        votes_for=decision.votes_for,
        votes_against=decision.votes_against,
        abstained=decision.abstained,
        recommendation=decision.recommendation,
        form=decision.form,
        reasons=fit_text(decision.reasons, "reasons", TEXT),
    )


async def _require_allowed(work: Work, case: CaseFile, decision: Decision) -> None:
    """Raise `Conflict` (``form_not_allowed``) for a form that the rules do not allow in this case (R10)."""
    recommendation = Recommendation(fit(Recommendation, decision.recommendation, "recommendation"))
    possible = RECOMMENDED_FORMS[recommendation]
    if not possible:
        if decision.form:
            raise Conflict("form_not_allowed", form=decision.form)
        return
    found = await last(work, case.id, Classified, await members.case_key(work, case))
    allowed = frozenset(found[1].allowed) if found else frozenset()
    if decision.form not in allowed or decision.form not in possible:
        raise Conflict("form_not_allowed", form=decision.form)


async def _recused(work: Work, case: CaseFile, decision: Decision, seats: frozenset[UUID]) -> frozenset[UUID]:
    """Return the members who stepped aside: those named now, those who did before, and whoever worked on the case."""
    if not decision.recused <= seats:
        raise Invalid("not_a_member", field="recused")
    parts = await members.everybody(work, case.id)
    worked = {row.person_id for row in parts if row.part != Part.HEARING or row.declared == RECUSED}
    for person_id in decision.recused - worked:
        await members.leave(work, case, person_id, declared=RECUSED)
    return decision.recused | (worked & seats)


async def _seats(work: Work, meeting_id: UUID) -> Mapping[UUID, MeetingSeat]:
    rows = await work.session.scalars(select(MeetingSeat).where(MeetingSeat.meeting_id == meeting_id))
    return {row.person_id: row for row in rows}


async def _matters(work: Work, meeting_id: UUID) -> Mapping[UUID, MeetingMatter]:
    query = select(MeetingMatter).where(MeetingMatter.meeting_id == meeting_id).order_by(MeetingMatter.place)
    return {row.case_id: row for row in await work.session.scalars(query)}
