"""Whoever hears a review or an appeal, or assesses a suspension, and can no longer: another takes their place (R13)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, registry
from core.cases.cards import fit_text
from core.cases.proceedings import CaseFile, Part, members
from core.errors import Conflict
from core.sealing import KeyPair
from core.warnings.authority import kept_out
from core.warnings.drafting import REASON
from core.warnings.steps import MemberReplaced, PanelNamed
from core.warnings.tables import Measure, Remedy
from core.warnings.thread import case_key, draft_of, lock_measure, policy_of, take, those
from core.work import Work

_ROLES: Final = {Part.REVIEWER: "review_officer", Part.APPEAL: "appeal_body", Part.ASSESSOR: "assessor"}
_HEARS: Final = {"review": Part.REVIEWER, "appeal": Part.APPEAL}
_ASSESSED_IN: Final = frozenset({"active", "term_ended"})


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Somebody who can no longer hear or assess: they left, stepped aside, or are not appointed any more.

    ``able`` are those who may take their place: appointed, never involved in the case, with a key.
    """

    person_id: UUID
    part: str
    able: Sequence[UUID]


async def replace_member(work: Work, measure_id: UUID, *, leaves: UUID, joins: UUID, reason: str) -> Measure:
    """Let somebody take the place of one who can no longer hear or assess, with a reason; only then is it vacant.

    The newcomer is given the case's key and the other loses it; what was signed stays. Whoever can still act is not
    replaced: nobody chooses who judges.

    Raises `Denied`, `KeyLocked`, `Invalid` (``text_missing``), `Conflict` (``member_still_able``, ``stand_in_unfit``,
    ``panel_too_small``).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.replace_member", Part.SUPERVISOR)
    key = await case_key(work, case)
    vacant = await vacancies(work, case, row, key)
    mine = [each for each in vacant if each.person_id == leaves]
    if not mine:
        raise Conflict("member_still_able")
    if joins not in mine[0].able:
        raise Conflict("stand_in_unfit")
    text, part = fit_text(reason, "reason", REASON), Part(mine[0].part)
    panel: tuple[str, ...] = ()
    if part == Part.ASSESSOR:
        named = (await those(work, row, PanelNamed, key))[-1][1].people
        panel = tuple(str(joins) if each == str(leaves) else each for each in named)
        await _require_bodies(work, row, panel, {each.person_id for each in vacant} - {leaves})
    await members.leave(work, case, leaves)
    await members.join(work, case, joins, part, key)
    take(work, case, row, MemberReplaced(str(row.id), part, str(leaves), str(joins), text))
    if panel:
        take(work, case, row, PanelNamed(str(row.id), panel))
    return row


async def vacancies(work: Work, case: CaseFile, row: Measure, key: KeyPair) -> Sequence[Vacancy]:
    """Return who of those that hear an open review or appeal, or assess, can no longer; the caller may know."""
    found: list[Vacancy] = []
    query = select(Remedy.kind).where(Remedy.measure_id == row.id, Remedy.ruling.is_(None))
    for kind in await work.session.scalars(query.where(Remedy.admitted.is_not(False))):
        gone = {UUID(each.leaves) for _, each in await those(work, row, MemberReplaced, key)}
        part = _HEARS[kind]
        hearing = {one.person_id for one in await members.everybody(work, case.id) if one.part == part}
        found += await _vacant(work, case, row, key, part, hearing - gone)
    if row.form == "suspension" and row.state in _ASSESSED_IN:
        named = await those(work, row, PanelNamed, key)
        panel = {UUID(each) for each in named[-1][1].people} if named else set()
        found += await _vacant(work, case, row, key, Part.ASSESSOR, panel)
    return found


async def _vacant(
    work: Work, case: CaseFile, row: Measure, key: KeyPair, part: Part, people: Collection[UUID]
) -> Sequence[Vacancy]:
    body = case.body if part == Part.REVIEWER else None
    held = await registry.people_with_role(work, _ROLES[part], on=work.clock.today(), body=body)
    appointed = {one.id for one in held}
    still = {one.person_id for one in await members.present(work, case.id, part)}
    gone = sorted(set(people) - (appointed & still), key=str)
    if not gone:
        return []
    involved = {one.person_id for one in await members.everybody(work, case.id)}
    involved |= await kept_out(work, case, await draft_of(work, row, key), part)
    free = [one.id for one in held if one.id not in involved]
    able = [one for one in free if await access.present_person_key(work, one) is not None]
    return [Vacancy(person_id, part, able) for person_id in gone]


async def _require_bodies(work: Work, row: Measure, panel: Sequence[str], vacant: Collection[UUID]) -> None:
    """Raise `Conflict` (``panel_too_small``) unless the panel can still be of enough bodies and persons.

    A place that is vacant as well may yet be taken by somebody of any body; the last newcomer completes the panel.
    """
    policy, able = policy_of(row), {UUID(each) for each in panel} - set(vacant)
    held = await registry.appointments(work, on=work.clock.today(), roles=["assessor"])
    persons, left = len(able), len(panel) - len(able)
    bodies = len({each.unit_id for each in held if each.person_id in able})
    needed = (policy.count("suspension_assessment_persons"), policy.count("suspension_assessment_bodies"))
    if persons + left < needed[0] or bodies + left < needed[1]:
        raise Conflict("panel_too_small", persons=persons, bodies=bodies)
