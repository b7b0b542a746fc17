"""What the calendar alone decides of a measure: reminders, the opening of the assessment, the end of its effects.

Whether something is due stands in the row. A tick enqueues a job for each measure under its id and version; the job
locks the row, looks again, and does what is due: however often it is carried out, each happens once (I2).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_, select

from core import deadlines, jobs
from core.cases.proceedings import CaseFile
from core.warnings.rules.lifecycle import may
from core.warnings.rules.terms import reminders
from core.warnings.steps import AssessmentOpened, TermEnded, TermReminded
from core.warnings.tables import Measure
from core.warnings.thread import lock_measure, policy_of, take
from core.work import System, Work

JOB: Final = "term"
_AT_ONCE: Final = 500


async def due_terms(work: Work, *, limit: int = _AT_ONCE) -> Sequence[tuple[UUID, int]]:
    """Return the measures of which the calendar has something to say today, and their versions, the earliest first."""
    today = work.clock.today()
    far, near = (timedelta(days=work.policy.days(name)) for name in ("term_reminder_first", "term_reminder_second"))
    said = or_(
        Measure.last_day < today,
        and_(Measure.last_day <= today, Measure.assessment_opened_on.is_(None)),
        and_(Measure.last_day <= today + near, Measure.reminded < 2),  # noqa: PLR2004 - the second one
        and_(Measure.last_day <= today + far, Measure.reminded < 1),
    )
    running = and_(Measure.last_day.is_not(None), Measure.ended_at.is_(None))
    query = select(Measure.id, Measure.version).where(running, said).order_by(Measure.last_day, Measure.id)
    return [(row.id, row.version) for row in await work.session.execute(query.limit(limit))]


async def enqueue_due(work: Work) -> None:
    """Enqueue a job for each measure of which something is due; one that is enqueued already is passed over."""
    for measure_id, version in await due_terms(work):
        await jobs.enqueue(work, JOB, f"{JOB}:{measure_id}:{version}", measure_id, version)


async def carry_term_on(context: jobs.Context, measure_id: UUID, _version: int) -> None:
    """Carry out the job of one measure; it may come twice, or late."""
    async with context.work(System("worker"), "worker") as work:
        await carry_on(work, measure_id)


async def carry_on(work: Work, measure_id: UUID) -> None:
    """Do what the calendar says of one measure today; what was done before is not done again. The worker's verb."""
    case, row = await lock_measure(work, measure_id)
    if row.last_day is None or row.ended_at is not None:
        return
    _remind(work, case, row)
    _open_assessment(work, case, row)
    _end(work, case, row)


def _remind(work: Work, case: CaseFile, row: Measure) -> None:
    assert row.last_day is not None  # noqa: S101 - the caller has looked
    today = work.clock.today()
    due = sum(day <= today for day in reminders(row.last_day, policy_of(row)))
    if due > row.reminded:
        row.reminded = due  # after a standstill two are due at once: one is said, and none once the last day has come
        if today < row.last_day:
            take(work, case, row, TermReminded(str(row.id), (row.last_day - today).days))


def _open_assessment(work: Work, case: CaseFile, row: Measure) -> None:
    assert row.last_day is not None  # noqa: S101 - as above
    if row.assessment_opened_on is None and row.last_day <= work.clock.today():
        row.assessment_opened_on = row.last_day
        take(work, case, row, AssessmentOpened(str(row.id)))
        if may(row.state, "W6"):
            deadlines.begin(work, "measure", row.id, row.body, "assessment", on=row.last_day)


def _end(work: Work, case: CaseFile, row: Measure) -> None:
    assert row.last_day is not None  # noqa: S101 - as above
    if row.ended_at is None and row.last_day < work.clock.today():
        row.ended_at = work.now()
        event = "W5" if may(row.state, "W5") else ""  # one assessed on its last day has gone on already
        take(work, case, row, TermEnded(str(row.id), row.last_day.isoformat()), event=event)
