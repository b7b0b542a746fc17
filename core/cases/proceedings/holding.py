"""What happens beside the way of a case: it is held, a clock is extended, and at the end it is put away."""

from typing import Final
from uuid import UUID

from core import access, deadlines
from core.cases.cards import fit_text
from core.cases.proceedings import members
from core.cases.proceedings.members import Part
from core.cases.proceedings.steps import Clock, Held, Resumed, SealedAway
from core.cases.proceedings.tables import CaseFile
from core.cases.proceedings.telling import owes_feedback, show_stage
from core.cases.proceedings.thread import lock_case, record
from core.cases.rules.lifecycle import may
from core.errors import Conflict
from core.work import Work

_REASON: Final = 1000
_AWAY: Final = {"closed_unfounded": "T24", "closed_not_established": "T27"}


async def hold(work: Work, case_id: UUID, *, reason: str) -> CaseFile:
    """Let verification rest; it is looked at again every six months (T23).

    Raises `Denied`, `Invalid` (``text_missing``), `Conflict` (``transition_not_allowed``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.hold", Part.SUPERVISOR)
    record(work, case, Held(fit_text(reason, "reason", _REASON)), event="T23")
    await deadlines.pause(work, case.id, "verification")
    deadlines.begin(work, "case", case.id, case.body, "hold_review")
    return case


async def resume(work: Work, case_id: UUID, *, reason: str) -> CaseFile:
    """Let verification go on (T23). Raises as `hold`."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.hold", Part.SUPERVISOR)
    record(work, case, Resumed(fit_text(reason, "reason", _REASON)), event="T23b")
    await deadlines.resume(work, case.id, "verification")
    await deadlines.meet(work, case.id, "hold_review")
    return case


async def extend(work: Work, case_id: UUID, *, clock: str, reason: str) -> CaseFile:
    """Lengthen a clock once, with a reason.

    Raises `Denied`, `Invalid`, `NotFound` (``deadline_unknown``), `Conflict` (``no_extension``, ``extended_already``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.hold", Part.SUPERVISOR)
    await deadlines.extend(work, case.id, clock)
    record(work, case, Clock(clock, "extended", fit_text(reason, "reason", _REASON)))
    return case


async def put_away(work: Work, case_id: UUID, *, reason: str) -> CaseFile:
    """Seal a case that came to nothing (T24, T27): nobody but the archivist has a key from then on, and it cannot open.

    Every seal but that of escrow is deleted. Raises `Denied`, `Invalid`, `Conflict` (``transition_not_allowed``,
    ``feedback_owed`` while a reporter waits for a word: nobody could give it afterwards).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.put_away", Part.CLERK)
    event = _AWAY.get(case.state, "T24")
    if may(case.state, event) and await owes_feedback(work, case.id):
        raise Conflict("feedback_owed")
    record(work, case, SealedAway(fit_text(reason, "reason", _REASON)), event=event)
    for person_id in {row.person_id for row in await members.present(work, case.id)}:
        await access.unseal_from_person(work, "case", case.id, person_id)
    await show_stage(work, case)
    return case
