"""What is due, and until when: every clock of an item, a case or a measure is one row here.

The figures are the policy's (R6, R7). A day that needs a year of the work calendar which is not loaded stays open, and
is found once the year is there: nothing is refused for it, and nothing is guessed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from dateutil.relativedelta import relativedelta
from sqlalchemy import CheckConstraint, ColumnElement, Index, String, delete, select, text, tuple_, union_all
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base
from core.errors import Conflict, NotFound
from core.policy.calendar import CalendarDataMissing, deadline, reply_due
from core.policy.profile import Profile
from core.work import Work

_OPEN: Final = text("done_on IS NULL")
OF_MEASURES: Final = text("subject_kind = 'measure'")
"""The clocks of measures, of which there are few beside those of items and cases; they have an index of their own."""
_OPEN_OF_MEASURES: Final = text("done_on IS NULL AND subject_kind = 'measure'")


class Deadline(Base):
    """One clock of an item, a case or a measure. Without ``due_on`` it waits for a year of the work calendar."""

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("subject_kind IN ('item', 'case', 'measure')", name="subject"),
        Index("ix_deadline_subject", "subject_id", "kind"),
        Index("ix_deadline_running", "kind", "body", "subject_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_deadline_due", "body", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_deadline_measure",
            "due_on",
            "id",
            sqlite_where=_OPEN_OF_MEASURES,
            postgresql_where=_OPEN_OF_MEASURES,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID]
    body: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    begun_on: Mapped[date]
    due_on: Mapped[date | None]
    extended: Mapped[bool] = mapped_column(default=False)
    paused_on: Mapped[date | None]
    done_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A clock as it is shown; a paused one is never overdue."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    body: str
    kind: str
    begun_on: date
    due_on: date | None
    extended: bool
    paused_on: date | None
    done_on: date | None

    def is_overdue(self, today: date) -> bool:
        """Tell whether its last day is over and nothing was done."""
        return self.done_on is None and self.paused_on is None and self.due_on is not None and self.due_on < today


_SHOWN: Final = tuple(getattr(Deadline, each.name) for each in fields(Due))
Reckon = Callable[[date, Profile], date]


def _working_days(figure: str) -> Reckon:
    return lambda begun, policy: reply_due(begun, policy.working_days(figure), policy.calendar)


def _days(figure: str, *, rolls: bool = True) -> Reckon:
    return lambda begun, policy: deadline(begun, policy.days(figure), rolls, policy.calendar)


def _months(figure: str) -> Reckon:
    return lambda begun, policy: begun + relativedelta(months=policy.months(figure))


def _hours(figure: str) -> Reckon:
    return lambda begun, policy: begun + timedelta(days=-(-policy.hours(figure) // 24))


KINDS: Final[Mapping[str, Reckon]] = {
    "carding": _working_days("carding"),
    "acceptance": _days("acceptance"),
    "acceptance_named": _working_days("acceptance_named"),
    "transfer_higher_level": _working_days("transfer_higher_level"),
    "transfer": _days("transfer"),
    "feedback": _months("feedback"),
    "result_named": _working_days("result_named"),
    "assignment": _working_days("assignment"),
    "verification": _days("verification"),
    "letter_reply": _working_days("letter_reply"),
    "classification": _working_days("classification"),
    "hold_review": _months("hold_review"),
    "escalation": _hours("escalation"),
    "written_self_criticism": _working_days("written_self_criticism"),
    "correction_report": _months("correction_report"),
    "talk_follow_up": _months("talk_follow_up"),
    "assessment": _days("assessment", rolls=False),
    "review_window": _days("review_application"),
    "internal_review_window": _days("internal_review"),
    "appeal_window": _days("appeal_after_review"),
    "appeal_direct_window": _days("appeal_direct"),
    "review_decision": _days("review_decision", rolls=False),
    "appeal_decision": _days("appeal_decision", rolls=False),
}
"""How long each kind runs, from the day on which it began."""

_EXTENSIONS: Final[Mapping[str, str]] = {
    "verification": "verification_extension",
    "appeal_decision": "appeal_extension",
}


def due_on(kind: str, begun_on: date, policy: Profile) -> date | None:
    """Return the last day of a clock; nothing where the work calendar lacks a year that it needs."""
    try:
        return KINDS[kind](begun_on, policy)
    except CalendarDataMissing:
        return None


def begin(work: Work, subject_kind: str, subject_id: UUID, body: str, kind: str, *, on: date | None = None) -> Due:
    """Begin a clock, today unless it counts from another day."""
    begun_on = on or work.clock.today()
    row = Deadline(
        id=uuid4(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        body=body,
        kind=kind,
        begun_on=begun_on,
        due_on=due_on(kind, begun_on, work.policy),
        extended=False,
    )
    work.session.add(row)
    return _view(row)


async def meet(work: Work, subject_id: UUID, *kinds: str) -> None:
    """Note that what was due is done; what does not run is passed over. Without kinds, all that runs."""
    for row in await _running(work, subject_id, kinds):
        row.done_on, row.paused_on = work.clock.today(), None


async def pause(work: Work, subject_id: UUID, kind: str) -> Due:
    """Stop a clock for a while; raises `NotFound` (``deadline_unknown``) and `Conflict` (``deadline_paused``)."""
    row = await _one(work, subject_id, kind)
    if row.paused_on is not None:
        raise Conflict("deadline_paused")
    row.paused_on = work.clock.today()
    return _view(row)


async def resume(work: Work, subject_id: UUID, kind: str) -> Due:
    """Let a clock run on; its last day moves by the days for which it stood still.

    Raises `NotFound` (``deadline_unknown``) and `Conflict` (``deadline_not_paused``).
    """
    row = await _one(work, subject_id, kind)
    if row.paused_on is None:
        raise Conflict("deadline_not_paused")
    stood = work.clock.today() - row.paused_on
    row.paused_on, row.begun_on = None, row.begun_on + stood
    row.due_on = None if row.due_on is None else row.due_on + stood
    return _view(row)


async def extend(work: Work, subject_id: UUID, kind: str) -> Due:
    """Lengthen a clock by the time that the policy gives, once.

    Raises `NotFound` (``deadline_unknown``) and `Conflict` (``no_extension``, ``extended_already``,
    ``calendar_data_missing``).
    """
    row = await _one(work, subject_id, kind)
    if kind not in _EXTENSIONS:
        raise Conflict("no_extension")
    if row.extended:
        raise Conflict("extended_already")
    if row.due_on is None:
        raise CalendarDataMissing(row.begun_on.year + 1)
    row.due_on, row.extended = row.due_on + timedelta(days=work.policy.days(_EXTENSIONS[kind])), True
    return _view(row)


async def of_subject(work: Work, subject_id: UUID) -> Sequence[Due]:
    """Return every clock of an item or a case, the earliest first; the caller has checked who may know of it."""
    query = select(Deadline).where(Deadline.subject_id == subject_id).order_by(Deadline.begun_on, Deadline.kind)
    return [_view(row) for row in await work.session.scalars(query)]


async def running(
    work: Work,
    *parts: ColumnElement[bool],
    kinds: Collection[str] | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Due]:
    """Return what runs, is not paused and has a last day, of what any of the ``parts`` lets the caller see.

    The earliest comes first, from the key ``after`` on: last day and id. Each part is read in order from an index, and
    then they are merged: to ask for all at once would sort them all.
    """
    first = select(*_SHOWN).where(Deadline.done_on.is_(None), Deadline.due_on.is_not(None))
    first = first.where(Deadline.paused_on.is_(None)).order_by(Deadline.due_on, Deadline.id).limit(limit)
    if kinds is not None:
        first = first.where(Deadline.kind.in_(kinds))
    if after is not None:
        first = first.where(tuple_(Deadline.due_on, Deadline.id) > after)
    found = union_all(*(select(first.where(part).subquery()) for part in parts))
    known = {row.id: Due(*row) for row in await work.session.execute(found)} if parts else {}
    return sorted(known.values(), key=lambda each: (each.due_on or date.max, each.id.hex))[:limit]


async def overdue(work: Work, subject_kind: str, kind: str, *, limit: int = 50) -> Sequence[Due]:
    """Return what of a kind runs for items, cases or measures, is not paused and is overdue today. The worker's."""
    query = select(Deadline).where(Deadline.subject_kind == subject_kind, Deadline.kind == kind)
    query = query.where(Deadline.due_on < work.clock.today())
    query = query.where(Deadline.done_on.is_(None), Deadline.paused_on.is_(None)).order_by(Deadline.due_on)
    return [_view(row) for row in await work.session.scalars(query.limit(limit))]


async def find_missing_days(work: Work) -> int:
    """Find the last days for which a year of the work calendar was missing; return how many. The worker's verb."""
    found = 0
    for row in await work.session.scalars(
        select(Deadline).where(Deadline.due_on.is_(None), Deadline.done_on.is_(None))
    ):
        row.due_on = due_on(row.kind, row.begun_on, work.policy)
        found += row.due_on is not None
    return found


async def destroy_of(work: Work, subject_id: UUID) -> None:
    """Delete the clocks of what is destroyed."""
    await work.session.execute(delete(Deadline).where(Deadline.subject_id == subject_id))


async def _running(work: Work, subject_id: UUID, kinds: Collection[str]) -> Sequence[Deadline]:
    query = select(Deadline).where(Deadline.subject_id == subject_id, Deadline.done_on.is_(None))
    if kinds:
        query = query.where(Deadline.kind.in_(kinds))
    return (await work.session.scalars(query)).all()


async def _one(work: Work, subject_id: UUID, kind: str) -> Deadline:
    rows = await _running(work, subject_id, [kind])
    if not rows:
        raise NotFound("deadline_unknown", kind=kind)
    return rows[0]


def _view(row: Deadline) -> Due:
    return Due(*(getattr(row, each.name) for each in fields(Due)))
