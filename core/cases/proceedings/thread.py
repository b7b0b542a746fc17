"""A case is one thread in time: every step adds an entry, which is sealed to the case and never changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select

from core import audit
from core.cases.proceedings.members import in_scope
from core.cases.proceedings.signatures import check_case, check_entry, entry_facts
from core.cases.proceedings.steps import Step, decode, encode
from core.cases.proceedings.tables import CaseEntry, CaseFile
from core.cases.rules.lifecycle import transition
from core.errors import NotFound
from core.sealing import Context, KeyPair, open_envelope, seal_envelope, sign
from core.work import Staff, Work

AnyStep = TypeVar("AnyStep", bound=Step)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the thread, opened."""

    id: UUID
    place: int
    at: datetime
    author_id: UUID | None
    step: Step = field(repr=False)


async def lock_case(work: Work, case_id: UUID) -> CaseFile:
    """Return the row of a case as `load_case` does, held until the work is done."""
    return await load_case(work, case_id, held=True)


async def load_case(work: Work, case_id: UUID, *, held: bool = False) -> CaseFile:
    """Return the row of a case, checked.

    Raises `NotFound` (``case_not_found``) also for staff of another body who have no part in it.
    """
    row = await work.session.get(CaseFile, case_id, with_for_update=held or None, populate_existing=held)
    if row is None or not await in_scope(work, row):
        raise NotFound("case_not_found")
    check_case(work, row)
    return row


def record(work: Work, case: CaseFile, step: Step, *, event: str = "") -> CaseEntry:
    """Add a step to a case's thread and to the trail; with an ``event``, the case goes where that leads (T-number).

    Raises `Conflict` (``transition_not_allowed``).
    """
    if event:
        case.state = transition(case.state, event)
    case.version += 1
    case.changed_at = work.now()
    entry = CaseEntry(
        id=uuid4(),
        case_id=case.id,
        place=case.version,
        kind=step.kind,
        at=work.now(),
        author_id=work.actor.person_id if isinstance(work.actor, Staff) else None,
    )
    context = Context("case_entry", "envelope", entry.id)
    entry.envelope = seal_envelope(encode(step), to=[case.public_key], context=context)
    entry.signature = sign(work.keys.signing_key, "case_entry", entry_facts(entry))
    work.session.add(entry)
    audit.record(work, "case", step.kind, case.id, change=entry.signature)
    return entry


async def read(work: Work, case_id: UUID, key: KeyPair) -> Sequence[EntryView]:
    """Return the thread of a case in its order, with the case's key; the caller records the read."""
    rows = await work.session.scalars(select(CaseEntry).where(CaseEntry.case_id == case_id).order_by(CaseEntry.place))
    return [_opened(work, row, key) for row in rows]


async def last(work: Work, case_id: UUID, kind: type[AnyStep], key: KeyPair) -> tuple[EntryView, AnyStep] | None:
    """Return the last entry of a kind and what it says, if there is one."""
    query = select(CaseEntry).where(CaseEntry.case_id == case_id, CaseEntry.kind == kind.kind)
    row = await work.session.scalar(query.order_by(CaseEntry.place.desc()).limit(1))
    if row is None:
        return None
    view = _opened(work, row, key)
    return (view, view.step) if isinstance(view.step, kind) else None


async def entries_of(work: Work, case_id: UUID, kind: type[AnyStep], key: KeyPair) -> Sequence[AnyStep]:
    """Return what all entries of a kind say, in their order."""
    return [each.step for each in await read(work, case_id, key) if isinstance(each.step, kind)]


def _opened(work: Work, row: CaseEntry, key: KeyPair) -> EntryView:
    check_entry(work, row)
    context = Context("case_entry", "envelope", row.id)
    step = decode(row.kind, open_envelope(row.envelope, key=key, context=context))
    return EntryView(row.id, row.place, row.at, row.author_id, step)
