"""Whether somebody may be given something on a day (R8): one answer to one question, never a list of the warned."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from core import access, audit, registry
from core.db import Base
from core.policy.profile import load
from core.sealing import canonical
from core.warnings.rules.effects import Answer, action_of, last_day_blocked
from core.warnings.signatures import check_effect
from core.warnings.tables import MeasureEffect
from core.warnings.thread import person_hash
from core.work import Work

_EFFECT: Final = Base.metadata.tables[MeasureEffect.__tablename__]
_SERVED: Final = select(_EFFECT).where(
    _EFFECT.c.person_hash == bindparam("person"), _EFFECT.c.served_on <= bindparam("on")
)


@dataclass(frozen=True, slots=True)
class Reason:
    """The measure that blocks, for those who are entitled to know: its form, and the last day on which it does."""

    measure_id: UUID
    form: str
    served_on: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer. ``reasons`` is empty for whoever is not entitled to them, and where nothing blocks."""

    answer: Answer
    reasons: tuple[Reason, ...] = ()


async def eligibility(work: Work, official_id: UUID, *, action: str, on: date) -> Eligibility:
    """Answer whether the holder of a post may be given something on a day, past or future (S119, S126; R8).

    It is asked of the person, whatever post they hold meanwhile. A measure that was revoked never blocked anything.
    That it was asked is recorded.

    Raises `Denied`, `NotFound` (``official_unknown``), `Invalid` (``unknown_action``).
    """
    access.permit(work, "eligibility.ask")
    asked = action_of(action)
    official = await registry.official(work, official_id)
    person = person_hash(work, f"person:{official.person.id}")
    await work.transaction.flush()
    rows = await work.connection.execute(_SERVED, {"person": person, "on": on})
    found = [_reason(work, MeasureEffect(**row), asked, on) for row in rows.mappings()]
    reasons = tuple(each for each in found if each is not None)
    answer = Answer.BLOCKED if reasons else Answer.ALLOWED
    change = canonical("eligibility", {"action": asked, "on": on.isoformat(), "answer": answer})
    audit.record(work, "eligibility", "asked", official_id, change=change)
    entitled = access.may(work.actor, "eligibility.reasons")
    return Eligibility(answer, reasons if entitled else ())


def _reason(work: Work, row: MeasureEffect, action: str, on: date) -> Reason | None:
    check_effect(work, row)
    last_day = last_day_blocked(row.form, row.served_on, row.months, action, load(row.profile))
    if row.revoked_at is not None or last_day is None or on > last_day:
        return None
    return Reason(row.measure_id, row.form, row.served_on, last_day)
