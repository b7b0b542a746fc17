"""What staff may know of measures: the list and the calendar in clear, one measure with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select, tuple_

from core import access, audit, deadlines
from core.cases import proceedings
from core.cases.proceedings import CaseSummary, EntryView, Part, members
from core.errors import Denied, NotFound
from core.warnings.codes import Document, document_of
from core.warnings.replacing import Vacancy, vacancies
from core.warnings.reviewing import RemedyLine, remedies_of
from core.warnings.rules.forms import decided_by
from core.warnings.steps import MeasureApproved
from core.warnings.tables import Measure, Remedy, ToldOf
from core.warnings.thread import case_key, lock_measure, policy_of, steps_of
from core.work import Work

PAGE: Final = 50
_PARTS: Final = tuple(Part)


@dataclass(frozen=True, slots=True)
class MeasureSummary:
    """A measure as it stands in a list: nothing of whom it is about. ``version`` is its ETag."""

    id: UUID
    case_id: UUID
    follows_id: UUID | None
    body: str
    form: str
    state: str
    version: int
    drafted_at: datetime
    year: int | None
    number: int | None
    served_on: date | None
    last_day: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A page of measures; ``next`` is the key to go on from, or nothing at the end."""

    measures: Sequence[MeasureSummary]
    next: tuple[datetime, UUID] | None


@dataclass(frozen=True, slots=True)
class TermLine:
    """A line of the calendar of terms: no name, and nothing of the case but its number."""

    id: UUID
    body: str
    form: str
    year: int | None
    number: int | None
    last_day: date

    @property
    def month(self) -> str:
        """The month in which it ends, such as ``2027-02``."""
        return f"{self.last_day:%Y-%m}"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A unit that was told of a measure, and how the notice of its revocation stands."""

    id: UUID
    unit_id: UUID
    told_on: date
    delivery: str


@dataclass(frozen=True, slots=True)
class OpenedMeasure:
    """A measure opened with a reason: what its document says, its steps, who has still to approve, its clocks.

    ``parts`` are what the person at work is to its case; ``vacancies`` are told to its supervisor.
    """

    summary: MeasureSummary
    case: CaseSummary
    document: Document
    steps: Sequence[EntryView]
    parts: frozenset[str]
    next_capacity: str | None
    remedies: Sequence[RemedyLine]
    told: Sequence[ToldLine]
    deadlines: Sequence[deadlines.Due]
    vacancies: Sequence[Vacancy]


async def measures(
    work: Work, *, state: str | None = None, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> MeasurePage:
    """Return a page of the measures whose cases the person may know of, the newest draft first."""
    query = _visible(work)
    if state:
        query = query.where(Measure.state == state)
    if after is not None:
        query = query.where(tuple_(Measure.drafted_at, Measure.id) < after)
    rows = await work.session.scalars(query.order_by(Measure.drafted_at.desc(), Measure.id.desc()).limit(limit + 1))
    found = [_summary(row) for row in rows]
    last = found[limit - 1] if len(found) > limit else None
    return MeasurePage(found[:limit], (last.drafted_at, last.id) if last else None)


async def of_case(work: Work, case_id: UUID) -> Sequence[MeasureSummary]:
    """Return the measures of a case that the person may know of, the first one first."""
    rows = await work.session.scalars(_visible(work).where(Measure.case_id == case_id).order_by(Measure.drafted_at))
    return [_summary(row) for row in rows]


async def measure(work: Work, measure_id: UUID) -> MeasureSummary:
    """Return one measure's clear facts; raise `NotFound` when there is none or the person may not know of it."""
    row = await work.session.scalar(_visible(work).where(Measure.id == measure_id))
    if row is None:
        raise NotFound("measure_not_found")
    return _summary(row)


async def measure_held_still(work: Work, measure_id: UUID) -> MeasureSummary:
    """Return one measure's clear facts; it stays as it is until the work is done.

    What somebody saw of it can be compared before they take a step. Raises `NotFound`, and `Denied` (``recused``) for
    whoever stepped aside from its case.
    """
    case, row = await lock_measure(work, measure_id)
    if await members.stepped_aside(work, case.id, access.signed_in(work).person_id):
        raise Denied("recused")
    return _summary(row)


async def remedy_held_still(work: Work, remedy_id: UUID) -> MeasureSummary:
    """Return the measure of a review or an appeal as `measure_held_still` does; its version counts these steps too.

    Raises `NotFound` (``remedy_not_found``), `Denied` (``recused``).
    """
    measure_id = await work.session.scalar(select(Remedy.measure_id).where(Remedy.id == remedy_id))
    return await _held_still(work, measure_id, "remedy_not_found")


async def told_held_still(work: Work, told_id: UUID) -> MeasureSummary:
    """Return the measure of which a unit was told, as above. Raises `NotFound` (``told_not_found``), `Denied`."""
    measure_id = await work.session.scalar(select(ToldOf.measure_id).where(ToldOf.id == told_id))
    return await _held_still(work, measure_id, "told_not_found")


async def terms(
    work: Work, *, since: date, until: date, after: tuple[date, UUID] | None = None, limit: int | None = 500
) -> Sequence[TermLine]:
    """Return whose terms end between two days, both included, by last day: the calendar, and the feed without names."""
    query = _visible(work).where(Measure.last_day.between(since, until), Measure.state != "revoked")
    if after is not None:
        query = query.where(tuple_(Measure.last_day, Measure.id) > after)
    rows = await work.session.scalars(query.order_by(Measure.last_day, Measure.id).limit(limit))
    return [TermLine(row.id, row.body, row.form, row.year, row.number, row.last_day) for row in rows if row.last_day]


async def open_measure(work: Work, measure_id: UUID, *, opening_id: UUID) -> OpenedMeasure:
    """Open a measure for the person at work, who gave a reason for its case with ``opening_id``; the read is recorded.

    Raises `NotFound`, `Denied` without a reason, a part or a key, `KeyLocked`, `Forged` for what we did not make.
    """
    person_id = access.permit(work, "measure.read").person_id
    clear = await measure(work, measure_id)
    await access.require_opening(work, opening_id, clear.case_id)
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.read", *_PARTS)
    key = await case_key(work, case)
    steps = await steps_of(work, row, key)
    audit.record(work, "measure", "read", row.id)
    parts = frozenset(one.part for one in await members.present(work, case.id) if one.person_id == person_id)
    return OpenedMeasure(
        summary=clear,
        case=await proceedings.summary(work, clear.case_id),
        document=await document_of(work, row, key),
        steps=steps,
        parts=parts,
        next_capacity=_next_capacity(row, steps),
        remedies=await remedies_of(work, row.id),
        told=await _told(work, row.id),
        deadlines=await deadlines.of_subject(work, row.id),
        vacancies=await vacancies(work, case, row, key) if Part.SUPERVISOR in parts else (),
    )


def _next_capacity(row: Measure, steps: Sequence[EntryView]) -> str | None:
    if row.state != "checked":
        return None
    given = sum(isinstance(each.step, MeasureApproved) for each in steps)
    return decided_by(row.form, policy_of(row))[given]


async def _held_still(work: Work, measure_id: UUID | None, code: str) -> MeasureSummary:
    """Return a measure that was found by something of its own; to strangers neither exists."""
    if measure_id is None:
        raise NotFound(code)
    try:
        return await measure_held_still(work, measure_id)
    except NotFound:
        raise NotFound(code) from None


async def _told(work: Work, measure_id: UUID) -> Sequence[ToldLine]:
    rows = await work.session.scalars(select(ToldOf).where(ToldOf.measure_id == measure_id).order_by(ToldOf.id))
    return [ToldLine(row.id, row.unit_id, row.told_on, row.delivery) for row in rows]


def _visible(work: Work) -> Select[Measure]:
    """Return the measures of the cases that the person may know of: as for cases, one line in the query layer."""
    return select(Measure).where(proceedings.is_visible(work, Measure.case_id))


def _summary(row: Measure) -> MeasureSummary:
    return MeasureSummary(
        row.id,
        row.case_id,
        row.follows_id,
        row.body,
        row.form,
        row.state,
        row.version,
        row.drafted_at,
        row.year,
        row.number,
        row.served_on,
        row.last_day,
        row.outcome,
    )
