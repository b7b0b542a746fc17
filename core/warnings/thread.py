"""A measure is held while somebody works on it, and each of its steps is an entry in the thread of its case."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.cases import cards
from core.cases.proceedings import CaseFile, EntryView, members
from core.cases.proceedings.thread import lock_case, read, record
from core.errors import NotFound
from core.policy.profile import Profile, load
from core.sealing import KeyPair
from core.warnings.rules.lifecycle import transition
from core.warnings.signatures import check_measure, sign_state
from core.warnings.steps import MeasureDrafted, MeasureStep
from core.warnings.tables import Measure
from core.work import Work

AnyStep = TypeVar("AnyStep", bound=MeasureStep)


async def lock_measure(work: Work, measure_id: UUID) -> tuple[CaseFile, Measure]:
    """Return a measure and its case, checked and held until the work is done, the case first.

    Raises `NotFound` (``measure_not_found``) also for staff of another body who have no part in the case.
    """
    case_id = await work.session.scalar(select(Measure.case_id).where(Measure.id == measure_id))
    if case_id is None:
        raise NotFound("measure_not_found")
    try:
        case = await lock_case(work, case_id)
    except NotFound:
        raise NotFound("measure_not_found") from None
    row = await work.session.get(Measure, measure_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("measure_not_found")
    check_measure(work, row)
    return case, row


def take(work: Work, case: CaseFile, row: Measure, step: MeasureStep, *, event: str = "", case_event: str = "") -> None:
    """Add a step to the thread and to the trail; with events, the measure (W) and the case (T) go where they lead.

    Raises `Conflict` (``transition_not_allowed``).
    """
    if event:
        row.state = transition(row.state, event)
    row.version += 1
    row.changed_at = work.now()
    sign_state(work, row)
    entry = record(work, case, step, event=case_event)
    audit.record(work, "measure", step.kind, row.id, change=entry.signature)


async def steps_of(work: Work, row: Measure, key: KeyPair) -> Sequence[EntryView]:
    """Return the entries of one measure, in their order, with the case's key."""
    thread = await read(work, row.case_id, key)
    mine = str(row.id)
    return [each for each in thread if isinstance(each.step, MeasureStep) and each.step.measure_id == mine]


async def those(work: Work, row: Measure, kind: type[AnyStep], key: KeyPair) -> Sequence[tuple[EntryView, AnyStep]]:
    """Return the entries of one kind of one measure, and what they say."""
    return [(each, each.step) for each in await steps_of(work, row, key) if isinstance(each.step, kind)]


async def draft_of(work: Work, row: Measure, key: KeyPair) -> MeasureDrafted:
    """Return what the measure says."""
    return (await those(work, row, MeasureDrafted, key))[0][1]


async def case_key(work: Work, case: CaseFile) -> KeyPair:
    """Return the case's key for the member of staff at work; raises `KeyLocked`, `Denied` (``no_grant``)."""
    return await members.case_key(work, case)


def policy_of(row: Measure) -> Profile:
    """Return the profile under which the measure was drafted: a later one does not change what was decided."""
    return load(row.profile)


def person_hash(work: Work, reference: str) -> bytes:
    """Return what the measures of one person, or one team, are found by; the key lies with the desk alone."""
    return cards.subject_hash(work, reference)
