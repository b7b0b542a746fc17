"""The two collegiate meetings: called by the office, recorded by a member: quorum, recusals, votes (T15, T16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit, numbers, registry
from core.cases.cards import fit, fit_text
from core.cases.proceedings import members
from core.cases.proceedings.members import RECUSED, Part
from core.cases.proceedings.steps import Classified, Heard
from core.cases.proceedings.tables import CaseFile, Meeting, MeetingMatter, MeetingRecusal, MeetingSeat
from core.cases.proceedings.thread import last, lock_case, record
from core.cases.proceedings.verifying import TEXT
from core.cases.rules.forms import RECOMMENDED_FORMS, Recommendation
from core.cases.rules.lifecycle import may
from core.errors import Conflict, Denied, Invalid, NotFound
from core.work import Staff, Work

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "department_meeting": ("department_meeting", "T15"),
    "leading_group_meeting": ("leading_group", "T16"),
}
"""For each kind of meeting the role of its members, and the transition that it makes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting made of one case. ``recused`` stepped aside: they neither vote nor count in the quorum."""

    case_id: UUID
    votes_for: int
    votes_against: int
    abstained: int
    recommendation: str
    reasons: str = field(repr=False)
    form: str = ""
    recused: frozenset[UUID] = frozenset()


async def call(work: Work, *, kind: str, body: str, held_on: date, case_ids: Sequence[UUID]) -> Meeting:
    """Call a meeting and put cases on its agenda; its members are given their keys, so that they can read them.

    Whoever stepped aside in a case is not. Raises `Denied`, `KeyLocked`, `Invalid` (``unknown_choice``,
    ``date_in_the_past``, ``agenda_empty``), `Conflict` (``transition_not_allowed``, ``no_members``).
    """
    if kind not in KINDS:
        raise Invalid("unknown_choice", field="kind")
    staff = access.permit(work, "meeting.call", body=body)
    if held_on < work.clock.today():
        raise Invalid("date_in_the_past", field="held_on")
    if not case_ids:
        raise Invalid("agenda_empty", field="case_ids")
    seats = await _members(work, kind, body)
    if not seats:
        raise Conflict("no_members", kind=kind)
    number = await numbers.next_number(work, f"{kind}:{body}")
    row = Meeting(
        id=uuid4(),
        kind=kind,
        body=body,
        year=number.year,
        number=number.place,
        held_on=held_on,
        state="called",
        called_by=staff.person_id,
        called_at=work.now(),
    )
    work.session.add(row)
    await work.session.flush()  # rows that point at the meeting follow
    work.session.add_all([MeetingSeat(meeting_id=row.id, person_id=person_id) for person_id in seats])
    for place, case_id in enumerate(dict.fromkeys(case_ids), start=1):
        await _put_on_the_agenda(work, row, case_id, place, seats)
    audit.record(work, "meeting", "called", row.id)
    return row


async def hold(work: Work, meeting_id: UUID, *, present: frozenset[UUID], decisions: Sequence[Decision]) -> Meeting:
    """Record what a meeting decided about every case on its agenda (T15, T16); only a member who was there may.

    Raises `Denied` (``not_present``), `NotFound` (``meeting_not_found``), `Conflict` (``meeting_held``, ``no_quorum``,
    ``not_carried``, ``form_not_allowed``), `Invalid` (``agenda_differs``, ``votes_do_not_add_up``, ``not_a_member``,
    ``unknown_choice``, ``text_missing``).
    """
    row = await work.session.get(Meeting, meeting_id, with_for_update=True)
    if row is None:
        raise NotFound("meeting_not_found")
    if row.state != "called":
        raise Conflict("meeting_held")
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
    voters = present - recused
    if len(voters) < quorum(len(seats - recused)):
        raise Conflict("no_quorum", present=len(voters), needed=quorum(len(seats - recused)))
    if isinstance(work.actor, Staff) and work.actor.person_id in recused:
        raise Denied("recused")
    votes = (decision.votes_for, decision.votes_against, decision.abstained)
    if min(votes) < 0 or sum(votes) != len(voters):
        raise Invalid("votes_do_not_add_up", field="votes", present=len(voters))
    if 2 * decision.votes_for <= len(voters):
        raise Conflict("not_carried")
    await _require_allowed(work, case, decision)
    step = Heard(
        meeting_id=str(meeting.id),
        meeting=meeting.kind,
        present=len(voters),
        recused=len(recused),
        votes_for=decision.votes_for,
        votes_against=decision.votes_against,
        abstained=decision.abstained,
        recommendation=decision.recommendation,
        form=decision.form,
        reasons=fit_text(decision.reasons, "reasons", TEXT),
    )
    matter.entry_id = record(work, case, step, event=KINDS[meeting.kind][1]).id
    for person_id in recused:
        work.session.add(MeetingRecusal(meeting_id=meeting.id, case_id=case.id, person_id=person_id))


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


async def _put_on_the_agenda(work: Work, meeting: Meeting, case_id: UUID, place: int, seats: Sequence[UUID]) -> None:
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "meeting.call", Part.SUPERVISOR)
    transition = KINDS[meeting.kind][1]
    if case.body != meeting.body or not may(case.state, transition):
        raise Conflict("transition_not_allowed", transition=transition, state=case.state)
    key = await members.case_key(work, case)
    aside = {row.person_id for row in await members.everybody(work, case_id) if row.declared == RECUSED}
    for person_id in seats:
        if person_id not in aside and await access.present_person_key(work, person_id) is not None:
            await members.join(work, case, person_id, Part.HEARING, key)
    work.session.add(MeetingMatter(meeting_id=meeting.id, case_id=case_id, place=place))


async def _members(work: Work, kind: str, body: str) -> list[UUID]:
    """Return who sits in a meeting: where the discipline commission decides, its own meeting is the first."""
    role, today = KINDS[kind][0], work.clock.today()
    everybody = {one.id: None for one in await registry.people_with_role(work, role, on=today)}
    if kind == "leading_group_meeting":
        return list(everybody)
    own = {one.id for one in await registry.people_with_role(work, role, on=today, body="discipline_commission")}
    return [one for one in everybody if (one in own) == (body == "discipline_commission")]


async def _seats(work: Work, meeting_id: UUID) -> Mapping[UUID, MeetingSeat]:
    rows = await work.session.scalars(select(MeetingSeat).where(MeetingSeat.meeting_id == meeting_id))
    return {row.person_id: row for row in rows}


async def _matters(work: Work, meeting_id: UUID) -> Mapping[UUID, MeetingMatter]:
    query = select(MeetingMatter).where(MeetingMatter.meeting_id == meeting_id).order_by(MeetingMatter.place)
    return {row.case_id: row for row in await work.session.scalars(query)}
