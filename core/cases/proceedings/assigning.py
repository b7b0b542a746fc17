"""Two officers, one of each body: named by the supervisor, their relations declared, then assigned (S102; T8, R13)."""

from typing import Final
from uuid import UUID

from core import deadlines, registry
from core.cases.cards import fit_text
from core.cases.proceedings import members
from core.cases.proceedings.members import OFFICERS, RECUSED, Part
from core.cases.proceedings.steps import Assigned, Declared, Nominated, Opened, Recused
from core.cases.proceedings.tables import CaseFile, CaseMember
from core.cases.proceedings.telling import show_stage
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.cases.rules.conflicts import Recusal, recusal
from core.cases.rules.lifecycle import is_open
from core.errors import Conflict, Denied, Invalid
from core.work import Work

_ROLES: Final = {Part.OFFICER_ORG: "case_officer_org", Part.OFFICER_DISC: "case_officer_disc"}
_REASON: Final = 1000


async def nominate(work: Work, case_id: UUID, *, officer_org: UUID, officer_disc: UUID) -> CaseFile:
    """Name the officer of each body; they are given the key, since nobody can declare relations to a stranger.

    Who was named before and has not declared anything gives way. Raises `Denied`, `KeyLocked`, `Invalid`
    (``not_an_officer``, ``same_person``, ``of_the_body_concerned``), `Conflict` (``transition_not_allowed``,
    ``person_has_no_key``).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "case.nominate", Part.SUPERVISOR)
    _require_nomination(case)
    named = {Part.OFFICER_ORG: officer_org, Part.OFFICER_DISC: officer_disc}
    if len({*named.values(), staff.person_id}) != len(named) + 1:
        raise Invalid("same_person", field="officer_disc")
    others = {row.person_id for row in await members.present(work, case.id, Part.CLERK, Part.SUPERVISOR)}
    if others & set(named.values()):
        raise Invalid("same_person", field="officer_org")
    key = await members.case_key(work, case)
    concerned = UUID((await entries_of(work, case.id, Opened, key))[0].unit_id)
    for row in await members.present(work, case.id, *OFFICERS):
        if row.person_id not in named.values():
            await members.leave(work, case, row.person_id)
    for part, person_id in named.items():
        await _require_officer(work, part, person_id, concerned)
        await members.join(work, case, person_id, part, key)
    record(work, case, Nominated(str(officer_org), str(officer_disc)))
    return case


async def declare(work: Work, case_id: UUID, *, relation: str, months_since_leaving: int | None = None) -> str:
    """Declare one's relation to the subject and return the answer: ``may_act`` or ``recuse``; no kinship is kept.

    Whoever must step aside loses the key at once. Raises `Denied`, `Invalid` as `recusal` does, `Conflict`
    (``declared_already``).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "case.declare", *OFFICERS)
    mine = await _officer_row(work, case, staff.person_id)
    if mine.declared is not None:
        raise Conflict("declared_already")
    answer = recusal(relation, months_since_leaving, work.policy)
    mine.declared = answer.value
    record(work, case, Declared(answer.value))
    if answer is Recusal.RECUSE:
        await members.leave(work, case, staff.person_id, declared=RECUSED)
    return answer.value


async def assign(work: Work, case_id: UUID) -> CaseFile:
    """Let verification begin, once both officers have declared that they may act (T8).

    Raises `Denied`, `Conflict` (``transition_not_allowed``, ``officers_missing``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.assign", Part.SUPERVISOR)
    await members.officers(work, case.id)
    record(work, case, Assigned(), event="T8")
    await deadlines.meet(work, case.id, "assignment")
    await show_stage(work, case)
    deadlines.begin(work, "case", case.id, case.body, "verification")
    return case


async def recuse(work: Work, case_id: UUID, person_id: UUID, *, reason: str) -> CaseFile:
    """Take somebody off a case after an objection that is upheld (Civil Servants Law, art. 77).

    Raises `Denied`, `Invalid` (``text_missing``), `Conflict` (``no_member``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.recuse", Part.SUPERVISOR)
    if person_id not in {row.person_id for row in await members.present(work, case.id)}:
        raise Conflict("no_member")
    record(work, case, Recused(str(person_id), fit_text(reason, "reason", _REASON)))
    await members.leave(work, case, person_id, declared=RECUSED)
    return case


async def _officer_row(work: Work, case: CaseFile, person_id: UUID) -> CaseMember:
    rows = [row for row in await members.present(work, case.id, *OFFICERS) if row.person_id == person_id]
    if not rows:
        raise Denied("no_part")
    return rows[0]


def _require_nomination(case: CaseFile) -> None:
    """Officers are named before verification, and again where one of them had to leave."""
    if not is_open(case.state):
        raise Conflict("transition_not_allowed", transition="T8", state=case.state)


async def _require_officer(work: Work, part: Part, person_id: UUID, concerned: UUID) -> None:
    held = await registry.held_by(work, person_id, on=work.clock.today())
    if not any(one.role == _ROLES[part] for one in held):
        raise Invalid("not_an_officer", field=part.value)
    if any(one.unit_id == concerned for one in held):
        raise Invalid("of_the_body_concerned", field=part.value)
