"""What the calendar alone decides of a measure: reminders, the opening of the assessment, the end of its effects.

Whether something is due stands in the row. A tick enqueues a job for each measure under its id and version; the job
locks the row, looks again, and does what is due: however often it is carried out, each happens once (I2).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from core import deadlines, jobs
from core.cases.proceedings import CaseFile
from core.policy.profile import PROFILES, Profile, load
from core.warnings.rules.lifecycle import may
from core.warnings.rules.terms import reminders
from core.warnings.steps import AssessmentOpened, TermEnded, TermReminded
from core.warnings.tables import Measure
from core.warnings.thread import lock_measure, policy_of, take
from core.work import System, Work

JOB: Final = "term"
_AT_ONCE: Final = 200  # one transaction: nobody else writes meanwhile to SQLite, and it takes half a second
_PAGE: Final = 500


class _Due(NamedTuple):
    last_day: date
    id: UUID
    version: int


async def due_terms(work: Work, *, limit: int = _PAGE) -> Sequence[tuple[UUID, int]]:
    """Return the measures of which the calendar has something to say today, and their versions, the earliest first."""
    return [(row.id, row.version) for row in await _due(work, None, limit)]


async def enqueue_due(work: Work) -> None:
    """Enqueue a job for each measure of which something is due and that has none yet, up to 200, the earliest first.

    What has a job is looked past, so that one that fails keeps no later one waiting.
    """
    left, after = _AT_ONCE, None
    while left > 0 and (page := await _due(work, after, _PAGE)):
        keys = {f"{JOB}:{row.id}:{row.version}": row for row in page}
        for key in (await jobs.unknown(work, keys))[:left]:
            await jobs.enqueue(work, JOB, key, keys[key].id, keys[key].version)
            left -= 1
        after = page[-1]


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


async def _due(work: Work, after: _Due | None, limit: int) -> Sequence[_Due]:
    """Return a page of the measures of which something is due, after the last one of the page before."""
    today = work.clock.today()
    policies = [load(name) for name in PROFILES]
    soon = max(_before(policy, "first") for policy in policies)
    said = or_(*(_is_due(today, policy) for policy in policies))
    query = select(Measure.last_day, Measure.id, Measure.version)
    query = query.where(Measure.last_day <= today + soon, Measure.ended_at.is_(None), said)
    if after is not None:
        query = query.where(tuple_(Measure.last_day, Measure.id) > (after.last_day, after.id))
    rows = await work.session.execute(query.order_by(Measure.last_day, Measure.id).limit(limit))
    return [_Due._make(row) for row in rows]


def _is_due(today: date, policy: Profile) -> ColumnElement[bool]:
    """Return the condition under which something is due of a measure that was drafted under this profile."""
    said = or_(
        Measure.last_day < today,
        and_(Measure.last_day <= today, Measure.assessment_opened_on.is_(None)),
        and_(Measure.last_day <= today + _before(policy, "second"), Measure.reminded < 2),  # noqa: PLR2004 - that one
        and_(Measure.last_day <= today + _before(policy, "first"), Measure.reminded < 1),
    )
    return and_(Measure.profile == policy.name, said)


def _before(policy: Profile, reminder: str) -> timedelta:
    return timedelta(days=policy.days(f"term_reminder_{reminder}"))


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
