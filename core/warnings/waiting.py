"""What of measures waits for the person at work: asked of what lies in clear, never of what is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, exists, select

from core import access, deadlines
from core.cases import proceedings
from core.cases.proceedings import Part
from core.cases.proceedings.members import OFFICERS
from core.warnings import tables
from core.warnings.rules.answers import Answer
from core.warnings.rules.forms import TALKS
from core.warnings.tables import Measure
from core.work import Work

PAGE: Final = 50

_BY_STATE: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "drafted": ("check", frozenset(OFFICERS)),
    "checked": ("approve", frozenset({Part.ISSUER})),
    "approved": ("serve", frozenset({Part.ISSUER})),
    "assessed": ("decide_outcome", frozenset({Part.ISSUER})),
    "outcome_decided": ("draft_following", frozenset({Part.SUPERVISOR})),
}
"""What is next in a state, and whose it is."""

_SUPERVISOR_TAKES: Final = frozenset({Answer.OBJECTION, Answer.CONSENT})
"""An objection is not for whomever it is about, and what becomes of a name is for the supervisor."""

_ASSESSING: Final = ("active", "term_ended")
_HEARING: Final[Mapping[str, str]] = {"review": Part.REVIEWER, "appeal": Part.APPEAL}


@dataclass(frozen=True, slots=True)
class WaitingMeasure:
    """A measure that waits; ``what`` is next is told by the name of its form, such as ``check`` or ``serve``."""

    what: str
    id: UUID
    form: str
    year: int | None
    number: int | None
    since: datetime


async def waiting(work: Work, *, limit: int = 50) -> Sequence[WaitingMeasure]:
    """Return the measures in which the next step is the person's own, the longest untouched first, each once."""
    staff = access.permit(work, "measure.list")
    measures = await _awaiting(work, staff.person_id)
    parts = await proceedings.parts_of(work, {each.case_id for each in measures}, staff.person_id)
    rows = [(each, part) for each in measures for part in parts[each.case_id]]
    kinds = await _open_remedies(work, [row[0].id for row in rows])
    found: dict[UUID, WaitingMeasure] = {}
    for row in rows:
        measure = row[0]
        what = _next(row, kinds.get(measure.id, ""))
        if what and measure.id not in found and len(found) < limit:
            numbers = (measure.year, measure.number)
            found[measure.id] = WaitingMeasure(what, measure.id, measure.form, *numbers, measure.changed_at)
    return list(found.values())


async def due(
    work: Work, *, kinds: Sequence[str] | None = None, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> Sequence[deadlines.Due]:
    """Return what is due of items, cases and measures that the person may know of, the earliest first, after ``after``.

    The clocks of measures are those of the bodies in which they may list, and of the cases in which they have a part.
    """
    parts = list(proceedings.clocks(work))
    if access.may(work.actor, "measure.list"):
        clock, me = deadlines.Deadline, access.signed_in(work).person_id
        theirs = exists().where(Measure.id == clock.subject_id, proceedings.part_in(Measure.case_id, me))
        parts.append(and_(deadlines.OF_MEASURES, theirs))
    return await deadlines.running(work, *parts, kinds=kinds, after=after, limit=limit)


async def _awaiting(work: Work, me: UUID) -> Sequence[Measure]:
    """Return the measures that await a step or a ruling where somebody has a part, the longest untouched first."""
    remedy = tables.Remedy
    unruled = select(remedy.measure_id).where(remedy.ruling.is_(None), remedy.admitted.is_not(False))
    found: dict[UUID, Measure] = {}
    for where in (tables.WAITING, Measure.id.in_(unruled)):
        query = select(Measure).where(where, proceedings.part_in(Measure.case_id, me))
        found |= {row.id: row for row in await work.session.scalars(query)}
    return sorted(found.values(), key=lambda row: (row.changed_at, row.id.hex))


def _next(row: tuple[Measure, str], remedy: str) -> str:
    """Return what is next for somebody with this part, or nothing. Pure."""
    measure, part = row
    if remedy and part == _HEARING[remedy]:
        return "decide_remedy"
    if measure.state in _ASSESSING:
        assessor = Part.ASSESSOR if measure.form == "suspension" else Part.OFFICER_ORG
        return "assess" if part == assessor and measure.assessment_opened_on is not None else ""
    if measure.state == "served" and measure.form not in TALKS:
        return "read_letter" if measure.form == "letter" and part in OFFICERS else ""
    what, parts = _BY_STATE.get(measure.state, ("", frozenset()))
    return what if part in parts else ""


async def _open_remedies(work: Work, measures: Sequence[UUID]) -> Mapping[UUID, str]:
    if not measures:
        return {}
    query = select(tables.Remedy.measure_id, tables.Remedy.kind).where(tables.Remedy.measure_id.in_(measures))
    query = query.where(tables.Remedy.ruling.is_(None), tables.Remedy.admitted.is_not(False))
    return dict((await work.session.execute(query)).all())


@dataclass(frozen=True, slots=True)
class WaitingWord:
    """A message of a person concerned that waits to be taken into the file of a case."""

    id: UUID
    kind: str
    case_id: UUID
    year: int
    number: int
    measure_id: UUID | None
    since: datetime


def taken_by(kind: str) -> tuple[Part, ...]:
    """Return the parts of those who take a message of a kind into the file. Pure."""
    return (Part.SUPERVISOR,) if kind in _SUPERVISOR_TAKES else (Part.SUPERVISOR, *OFFICERS)


async def waiting_words(work: Work, *, limit: int = 50) -> Sequence[WaitingWord]:
    """Return the messages that the person at work may take into a file, the first one first, each once."""
    staff = access.permit(work, "subject.hear")
    message, code = tables.SubjectMessage, tables.ServedCode
    query = select(message.id, message.kind, message.case_id, code.measure_id, message.received_at)
    query = query.join(code, code.id == message.code_id).where(message.taken_at.is_(None))
    query = query.where(proceedings.part_in(message.case_id, staff.person_id))
    rows = (await work.session.execute(query.order_by(message.received_at, message.id).limit(limit))).all()
    cases = {row.case_id for row in rows}
    parts = await proceedings.parts_of(work, cases, staff.person_id)
    numbers = {case.id: (case.year, case.number) for case in await proceedings.summaries_of(work, list(cases))}
    return [
        WaitingWord(row.id, row.kind, row.case_id, *numbers[row.case_id], row.measure_id, row.received_at)
        for row in rows
        if set(taken_by(row.kind)) & set(parts[row.case_id]) and row.case_id in numbers
    ]
