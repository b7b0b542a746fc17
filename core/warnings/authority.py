"""Who decides a measure: issuers appointed where the policy's capacities say, none of whom touched the case before.

Nor does anybody whom the measure is about: they decide, hear and assess nothing in their own case (R13).
"""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from core import access, registry
from core.cases.proceedings import CaseFile, Part, members
from core.errors import Conflict, Denied
from core.registry import Appointment
from core.sealing import KeyPair
from core.warnings.rules.authority import may_decide
from core.warnings.rules.forms import Measure as Form
from core.warnings.rules.forms import decided_by
from core.warnings.steps import MeasureDrafted
from core.warnings.tables import Measure
from core.warnings.thread import policy_of
from core.work import Work

_TEAM: Final = 1000
"""More posts than any unit has."""


async def kept_out(work: Work, case: CaseFile, drafted: MeasureDrafted, part: Part) -> frozenset[UUID]:
    """Return who may not be given a part: whom it is about, who has or had another, and who stepped aside.

    A measure of a team is about everybody who holds a post in the unit today.
    """
    parts = await members.everybody(work, case.id)
    involved = {one.person_id for one in parts if one.part != part or one.declared == members.RECUSED}
    if drafted.person_id:
        return frozenset({*involved, UUID(drafted.person_id)})
    team = await registry.officials(work, unit_id=UUID(drafted.unit_id), on=work.clock.today(), limit=_TEAM)
    return frozenset({*involved, *(each.person.id for each in team)})


def require_enabled(work: Work, row: Measure) -> None:
    """Raise `Conflict` (``suspension_off``) for a suspension that the present policy no longer knows.

    What was served before goes on; nothing else is decided or served under it.
    """
    if row.form == Form.SUSPENSION and not work.policy.flag("suspension_enabled"):
        raise Conflict("suspension_off", profile=work.policy.name)


async def join_issuers(work: Work, case: CaseFile, row: Measure, drafted: MeasureDrafted, key: KeyPair) -> None:
    """Give the case's key to those who may decide the measure in one of its capacities and have no other part in it.

    Raises `Conflict` (``nobody_decides``) where there is nobody for a ``capacity``: the draft would wait for ever.
    """
    involved, subject_unit = await kept_out(work, case, drafted, Part.ISSUER), UUID(drafted.unit_id)
    held = await registry.appointments(work, on=work.clock.today(), roles=["issuer"])
    free = [each for each in held if each.person_id not in involved]
    for capacity in decided_by(row.form, policy_of(row)):
        able = await _able(work, case, free, capacity, subject_unit)
        with_key = [one for one in able if await access.present_person_key(work, one) is not None]
        if not with_key:
            raise Conflict("nobody_decides", capacity=capacity)
        for person_id in with_key:
            await members.join(work, case, person_id, Part.ISSUER, key)


async def require_capacity(work: Work, case: CaseFile, capacity: str, subject_unit: UUID) -> None:
    """Raise `Denied` (``not_your_capacity``) unless the person at work is appointed where the capacity asks for."""
    staff = access.signed_in(work)
    held = await registry.appointments_of(work, staff.person_id, on=work.clock.today())
    mine = [each for each in held if each.role == "issuer"]
    if not await _able(work, case, mine, capacity, subject_unit):
        raise Denied("not_your_capacity", capacity=capacity)


async def _able(
    work: Work, case: CaseFile, held: Sequence[Appointment], capacity: str, subject_unit: UUID
) -> Collection[UUID]:
    bodies = await registry.bodies_of(work, [each.unit_id for each in held])
    able: set[UUID] = set()
    for each in held:
        unit = await registry.unit(work, each.unit_id)
        own = bodies.get(each.unit_id) == case.body
        if may_decide(capacity, unit_kind=unit.kind, is_own_body=own, is_subject_unit=each.unit_id == subject_unit):
            able.add(each.person_id)
    return able
