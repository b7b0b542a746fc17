"""What staff may know of cases: the queue in clear, the thread with a key and a reason."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, func, or_, select, tuple_

from core import access, deadlines, registry
from core.cases.proceedings import members
from core.cases.proceedings.members import RECUSED
from core.cases.proceedings.tables import CaseFile, CaseItem, CaseMember
from core.cases.rules.lifecycle import CASE_STATES, is_open
from core.errors import Denied, NotFound
from core.work import Staff, Work

PAGE = 50
PUT_AWAY = "sealed"
"""The state of which the archivist of a body knows."""

_BODIES = tuple(map(str, registry.BODIES))
_OPEN = tuple(state for state in CASE_STATES if is_open(state))
Summaries = Select[UUID, int, int, str, str, int, datetime, datetime, bool, str | None, str | None, int]


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case as it stands in a list: nothing of whom or what it is about. ``version`` is its ETag."""

    id: UUID
    year: int
    number: int
    body: str
    state: str
    version: int
    opened_at: datetime
    changed_at: datetime
    is_important: bool
    finding: str | None
    manifestation: str | None
    origins: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the queue; ``next`` is the key to go on from, or nothing at the end."""

    cases: Sequence[CaseSummary]
    next: tuple[datetime, UUID] | None


async def queue(
    work: Work,
    *,
    state: str | None = None,
    mine: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = PAGE,
) -> CasePage:
    """Return a page of the cases that the person may know of, newest first; ``mine`` are those they have a part in.

    The cases of one body, all of them or one's own, are read in order from an index, and then merged: to ask for the
    whole in one statement would sort them all.
    """
    listed = frozenset() if mine else access.bodies(work, "case.list")
    archives = frozenset() if mine else access.bodies(work, "case.destroy").difference(listed)
    parts = [_of_body(body, after) if body in listed else _of_mine(work, body, after) for body in _BODIES]
    parts += [_of_body(body, after).where(CaseFile.state == PUT_AWAY) for body in sorted(archives)]
    known: dict[UUID, CaseSummary] = {}  # two parts in one case are one case
    for part in parts:
        query = part.where(CaseFile.state == state) if state else part
        rows = await work.session.execute(query.where(~_recused(work)).limit(limit + 1))
        known |= {row[0]: CaseSummary(*row) for row in rows}
    found = sorted(known.values(), key=lambda each: (each.opened_at, each.id.hex), reverse=True)
    more = len(found) > limit
    return CasePage(found[:limit], (found[limit - 1].opened_at, found[limit - 1].id) if more else None)


async def counts(work: Work) -> Mapping[str, int]:
    """Return how many cases the person may know of in each open state that occurs; nobody waits for those at rest."""
    listed = access.bodies(work, "case.list")
    by_state = select(CaseFile.state, func.count()).where(CaseFile.state.in_(_OPEN)).group_by(CaseFile.state)
    aside = (await work.session.scalars(_stepped_aside(work))).all()
    found: Counter[str] = Counter()
    for body in _BODIES:
        if body in listed:
            query = by_state.where(CaseFile.body == body)
        else:
            query = by_state.where(CaseFile.id.in_(_own_in(work, body)))
        found.update(dict((await work.session.execute(query)).all()))
        if aside:
            found.subtract(dict((await work.session.execute(query.where(CaseFile.id.in_(aside)))).all()))
    return {state: number for state, number in found.items() if number}


async def summary(work: Work, case_id: UUID) -> CaseSummary:
    """Return one case's clear facts; raise `NotFound` when there is none or the person may not know of it."""
    row = (await work.session.execute(_summaries().where(visible(work), CaseFile.id == case_id))).one_or_none()
    if row is None:
        raise NotFound("case_not_found")
    return CaseSummary(*row)


async def held_still(work: Work, case_id: UUID) -> CaseSummary:
    """Return one case's clear facts as `summary` does; it stays as it is until the work is done.

    What somebody saw of it can be compared before they take a step. Raises `NotFound`, and `Denied` (``recused``) for
    whoever stepped aside: they know that there is a case.
    """
    if await members.stepped_aside(work, case_id, access.signed_in(work).person_id):
        raise Denied("recused")
    query = _summaries().where(visible(work), CaseFile.id == case_id).with_for_update(of=CaseFile)
    row = (await work.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("case_not_found")
    return CaseSummary(*row)


async def summaries_of(work: Work, ids: Sequence[UUID]) -> Sequence[CaseSummary]:
    """Return those of the cases that the person may know of, newest first."""
    query = _summaries().where(CaseFile.id.in_(ids), visible(work)).order_by(CaseFile.opened_at.desc())
    return [CaseSummary(*row) for row in (await work.session.execute(query)).all()]


async def case_of_item(work: Work, item_id: UUID) -> CaseSummary | None:
    """Return the case that an item belongs to, if the person may know of it."""
    query = _summaries().join(CaseItem, CaseItem.case_id == CaseFile.id).where(CaseItem.item_id == item_id)
    row = (await work.session.execute(query.where(visible(work)))).one_or_none()
    return CaseSummary(*row) if row else None


async def same_subject(work: Work, subject_hash: bytes, body: str) -> Sequence[CaseSummary]:
    """Return the cases of a body about one subject that the person may know of; a clerk merges, no machine does."""
    query = _summaries().where(visible(work), CaseFile.subject_hash == subject_hash, CaseFile.body == body)
    rows = await work.session.execute(query.order_by(CaseFile.opened_at.desc()))
    return [CaseSummary(*row) for row in rows.all()]


def clocks(work: Work) -> Sequence[ColumnElement[bool]]:
    """Return the conditions for the clocks of the cases and items that the person may know of, one for each part.

    Officers have a part in some cases: theirs are looked up by these. Whoever hears cases has one in nearly every case:
    theirs are found by going through what is due in each body. Nobody sees what is due where they stepped aside.
    """
    listed, clock = access.bodies(work, "case.list"), deadlines.Deadline
    parts = [clock.body == body for body in _BODIES if body in listed]
    if access.may(work.actor, "case.verify"):
        parts.append(clock.subject_id.in_(select(CaseMember.case_id).where(*_own(work))))
    else:
        parts += [_own_clocks(work, body) for body in _BODIES if body not in listed]
    return [and_(part, clock.subject_id.not_in(_stepped_aside(work))) for part in parts]


async def first_due(work: Work, cases: Collection[UUID]) -> Mapping[UUID, deadlines.Due]:
    """Return what is due first of each case, if anything is; the caller has listed them for the person."""
    most = len(cases) * len(deadlines.KINDS)
    due = await deadlines.running(work, deadlines.Deadline.subject_id.in_(cases), limit=most) if cases else ()
    return {each.subject_id: each for each in reversed(due)}


def visible(work: Work) -> ColumnElement[bool]:
    """The one filter that every read of cases passes: own bodies and own parts, but nothing one stepped aside from.

    The archivist of a body knows of what it has put away, and reads none of it.
    """
    listed, archives = access.bodies(work, "case.list"), access.bodies(work, "case.destroy")
    put_away = and_(CaseFile.body.in_(archives), CaseFile.state == PUT_AWAY)
    return and_(or_(CaseFile.body.in_(listed), put_away, _part_in(work)), ~_recused(work))


def is_visible(work: Work, case_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Return the condition that `visible` lets the person know of the case, for what hangs on it; a value, as above."""
    return select(CaseFile.id).where(CaseFile.id == case_id, visible(work)).limit(1).scalar_subquery().is_not(None)


def part_in(case_id: SQLColumnExpression[UUID], person_id: UUID) -> ColumnElement[bool]:
    """Return the condition that somebody has a part at present in the case, for what hangs on it.

    It is written as a value: of EXISTS PostgreSQL would make a join, and read all parts of a person first.
    """
    mine = select(CaseMember.id).where(CaseMember.case_id == case_id, *_parts_of(person_id))
    return mine.limit(1).scalar_subquery().is_not(None)


async def parts_of(work: Work, cases: Collection[UUID], person_id: UUID) -> Mapping[UUID, Sequence[str]]:
    """Return the parts that somebody has at present in these cases."""
    query = select(CaseMember.case_id, CaseMember.part).where(CaseMember.case_id.in_(cases), *_parts_of(person_id))
    found: dict[UUID, list[str]] = defaultdict(list)
    for case_id, part in await work.session.execute(query) if cases else ():
        found[case_id].append(part)
    return found


def _parts_of(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return CaseMember.person_id == person_id, CaseMember.until.is_(None)


def _recused(work: Work) -> ColumnElement[bool]:
    mine = (CaseMember.case_id == CaseFile.id, CaseMember.person_id == _person(work))
    return exists().where(*mine, CaseMember.declared == RECUSED).correlate(CaseFile)


def _of_body(body: str, after: tuple[datetime, UUID] | None) -> Summaries:
    query = _summaries().where(CaseFile.body == body)
    if after:
        query = query.where(tuple_(CaseFile.opened_at, CaseFile.id) < after)
    return query.order_by(CaseFile.opened_at.desc(), CaseFile.id.desc())


def _of_mine(work: Work, body: str, after: tuple[datetime, UUID] | None) -> Summaries:
    own = (*_own(work), CaseMember.body == body)
    query = _summaries().join(CaseMember, CaseMember.case_id == CaseFile.id).where(*own)
    if after:
        query = query.where(tuple_(CaseMember.case_opened_at, CaseMember.case_id) < after)
    return query.order_by(CaseMember.case_opened_at.desc(), CaseMember.case_id.desc())


def _own_clocks(work: Work, body: str) -> ColumnElement[bool]:
    """Return the condition for the clocks of a body's cases in which the person has a part.

    Most people have none in another body: that is asked first, and once, of the index of their queue, and then there is
    nothing to go through. It is written as a value in an order: of EXISTS PostgreSQL would make a join.
    """
    clock, own = deadlines.Deadline, _own_in(work, body)
    newest = own.order_by(CaseMember.case_opened_at.desc()).limit(1).scalar_subquery()
    return and_(newest.is_not(None), clock.body == body, clock.subject_id.in_(own))


def _own_in(work: Work, body: str) -> Select[UUID]:
    return select(CaseMember.case_id).where(*_own(work), CaseMember.body == body)


def _part_in(work: Work) -> ColumnElement[bool]:
    return exists().where(CaseMember.case_id == CaseFile.id, *_own(work)).correlate(CaseFile)


def _stepped_aside(work: Work) -> Select[UUID]:
    return select(CaseMember.case_id).where(CaseMember.person_id == _person(work), CaseMember.declared == RECUSED)


def _own(work: Work) -> tuple[ColumnElement[bool], ...]:
    return CaseMember.person_id == _person(work), CaseMember.until.is_(None)


def _person(work: Work) -> UUID | None:
    return work.actor.person_id if isinstance(work.actor, Staff) else None


def _summaries() -> Summaries:
    origins = select(func.count(CaseItem.origin.distinct())).where(CaseItem.case_id == CaseFile.id)
    return select(
        CaseFile.id,
        CaseFile.year,
        CaseFile.number,
        CaseFile.body,
        CaseFile.state,
        CaseFile.version,
        CaseFile.opened_at,
        CaseFile.changed_at,
        CaseFile.is_important,
        CaseFile.finding,
        CaseFile.manifestation,
        origins.correlate(CaseFile).scalar_subquery(),
    )
