"""One obligation as a row: how it moves, and what is written down of it. For the verbs of this package."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from core import audit
from core.errors import NotFound
from core.sealing.signing import Fact, canonical
from core.stations.rules.rounds import after
from core.stations.rules.schedule import Schedule
from core.stations.tables import Obligation, ObligationStep, Round
from core.work import Work


async def locked(work: Work, obligation_id: UUID) -> tuple[Obligation, Round]:
    """Return an obligation as `found` does, held until the work is done."""
    return await found(work, obligation_id, held=True)


async def found(work: Work, obligation_id: UUID, *, held: bool = False) -> tuple[Obligation, Round]:
    """Return an obligation as it stands, and its round; raise `NotFound` ``obligation_unknown``."""
    row = await work.session.get(Obligation, obligation_id, with_for_update=held or None, populate_existing=True)
    if row is None:
        raise NotFound("obligation_unknown")
    return row, await work.session.get_one(Round, row.round_id, populate_existing=True)


def is_over(work: Work, round_: Round) -> bool:
    """Tell whether nothing more is filed in a round: it is locked, or its grace is over and it will be at once."""
    grace_over = round_.grace_until is not None and work.clock.today() > round_.grace_until
    return round_.locked_at is not None or grace_over


async def move(work: Work, row: Obligation, name: str, *, by: UUID | None = None, reason: str = "") -> None:
    """Make a step, and write it down with who made it (nobody: the calendar) and why, where that is asked.

    Raises `Conflict` where it cannot be made.
    """
    row.state = after(row.state, name)
    await note(work, row, name, by=by, reason=reason)


async def note(work: Work, row: Obligation, name: str, *, by: UUID | None = None, reason: str = "") -> None:
    """Write down something that happened to an obligation, wherever it stands."""
    row.version += 1
    row.changed_at = work.now()
    places = select(func.coalesce(func.max(ObligationStep.place), 0)).where(ObligationStep.obligation_id == row.id)
    place = (await work.session.scalar(places) or 0) + 1
    step = ObligationStep(id=uuid4(), obligation_id=row.id, place=place, name=name, person_id=by, at=work.now())
    work.session.add(step)
    await work.session.flush()
    facts: dict[str, Fact] = {"version": row.version, "nil": str(row.is_nil), "late": str(row.is_late)}
    audit.record(work, "obligation", name, row.id, reason=reason, change=canonical("obligation", facts))


def is_late(days: Round, now: datetime) -> bool:
    """Tell whether what comes now comes after the due day."""
    return now.astimezone(UTC) > due_at(days)


def due_at(days: Round) -> datetime:
    """Return the last second in which a record of a round is in time."""
    return Schedule(days.quarter, days.prompt_on, days.due_on, days.grace_until, days.meeting_by).due_at()
