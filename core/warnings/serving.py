"""Service: a measure takes effect on the day on which it is served, and the person is given a code to answer (W4)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from core import deadlines, registry
from core.cases.cards import fit_text
from core.cases.proceedings import CaseFile, Part, members, show_stage
from core.errors import Conflict, Denied, Invalid
from core.policy.calendar import civil_date
from core.sealing import Receipt, sign
from core.warnings.authority import require_enabled
from core.warnings.codes import give_code
from core.warnings.drafting import TEXT, verifiers
from core.warnings.ending import meet_all_but_remedies
from core.warnings.rules.forms import TALKS, WARNINGS, WITH_TERM
from core.warnings.rules.lifecycle import transition
from core.warnings.rules.remedies import windows_at_service
from core.warnings.rules.terms import term
from core.warnings.signatures import effect_facts, service_facts
from core.warnings.steps import MeasureClosed, MeasureDrafted, MeasureServed, MeasureStep, TalkHeld
from core.warnings.tables import Measure, MeasureEffect, ToldOf
from core.warnings.thread import case_key, draft_of, lock_measure, policy_of, take
from core.work import Work

_PROOF: Final = 500
_CLOCKS: Final = {
    "letter": ("letter_reply",),
    "talk_reminder": ("talk_follow_up",),
    "talk_important": ("talk_follow_up",),
    "admonition": ("written_self_criticism", "correction_report"),
    "suspension": (),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """The record of a talk: it must say what the person answered, and both sign; the person may add a dissent."""

    talked_by: str = field(repr=False)
    reasons: str = field(repr=False)
    view: str = field(repr=False)
    corrections: str = field(repr=False)
    dissent: str = field(default="", repr=False)
    person_signed: bool = True


@dataclass(frozen=True, slots=True)
class Served:
    """A served measure, and the code that goes with its document: shown once, to be handed over with it."""

    measure: Measure
    code: Receipt


async def serve(work: Work, measure_id: UUID, *, served_on: date, proof: str, told: Collection[UUID] = ()) -> Served:
    """Record that a document was served, on which day and by which proof (T17; S109 to S130).

    The term counts from that day, and its last day is told with the code. ``told`` are the units that are told of it.

    Raises `Denied`, `KeyLocked`, `Invalid` (``date_in_the_future``, ``service_before_decision``, ``talk_needs_record``,
    ``text_missing``), `NotFound` (``unit_unknown``), `Conflict` (``transition_not_allowed``, ``suspension_off``).
    """
    case, row = await lock_measure(work, measure_id)
    await permit_serving(work, case, row)
    if row.form in TALKS:
        raise Invalid("talk_needs_record", field="form")
    return await _serve(work, case, row, served_on, fit_text(proof, "proof", _PROOF), told)


async def record_talk(
    work: Work, measure_id: UUID, *, held_on: date, talk: Talk, told: Collection[UUID] = ()
) -> Served:
    """Record a talk, which is how a talk is served (S111 to S115).

    Raises as `serve`, and `Conflict` (``not_a_talk``).
    """
    case, row = await lock_measure(work, measure_id)
    await permit_serving(work, case, row)
    if row.form not in TALKS:
        raise Conflict("not_a_talk", form=row.form)
    held = TalkHeld(
        measure_id=str(row.id),
        held_on=held_on.isoformat(),
        talked_by=fit_text(talk.talked_by, "talked_by", 100),
        reasons=fit_text(talk.reasons, "reasons", TEXT),
        view=fit_text(talk.view, "view", TEXT),
        corrections=fit_text(talk.corrections, "corrections", TEXT),
        dissent=fit_text(talk.dissent, "dissent", TEXT) if talk.dissent.strip() else "",
        person_signed=talk.person_signed,
    )
    return await _serve(work, case, row, held_on, "talk", told, held)


async def permit_serving(work: Work, case: CaseFile, row: Measure) -> None:
    """Raise `Denied` (``own_work``, ``no_part``, ``recused``) unless the person at work may serve the measure."""
    staff = await members.permit_in(work, case, "measure.serve", Part.ISSUER)
    if staff.person_id == row.drafted_by or staff.person_id in await verifiers(work, case):
        raise Denied("own_work")


async def _serve(
    work: Work,
    case: CaseFile,
    row: Measure,
    served_on: date,
    proof: str,
    told: Collection[UUID],
    before: MeasureStep | None = None,
) -> Served:
    event = "W4t" if row.form in WITH_TERM else "W4"
    transition(row.state, event)
    require_enabled(work, row)
    if served_on > work.clock.today():
        raise Invalid("date_in_the_future", field="served_on")
    if row.approved_at is not None and served_on < civil_date(row.approved_at):
        raise Invalid("service_before_decision", field="served_on")
    key = await case_key(work, case)
    drafted = await draft_of(work, row, key)
    _count(work, row, drafted, served_on)
    if before is not None:
        take(work, case, row, before)
    last_day = row.last_day.isoformat() if row.last_day else ""
    step = MeasureServed(str(row.id), served_on.isoformat(), proof, last_day, tuple(sorted(map(str, told))))
    take(work, case, row, step, event=event, case_event="T17" if row.form in WARNINGS else "")
    row.service_signature = sign(work.keys.signing_key, "measure_service", service_facts(row))
    await _note_told(work, row, told, served_on)
    _begin_clocks(work, row, served_on)
    await show_stage(work, case)
    if row.follows_id is not None:
        await _close_followed(work, case, row.follows_id)
    return Served(row, await give_code(work, case, row, key))


def _count(work: Work, row: Measure, drafted: MeasureDrafted, served_on: date) -> None:
    """Count the term from the day of service, and write down what it blocks (R1, R2, R8)."""
    row.served_on = served_on
    if not drafted.months:
        return
    row.last_day = term(served_on, drafted.months, policy_of(row)).last_day
    effect = MeasureEffect(
        measure_id=row.id,
        person_hash=row.person_hash,
        form=row.form,
        profile=row.profile,
        months=drafted.months,
        served_on=served_on,
    )
    effect.signature = sign(work.keys.signing_key, "measure_effect", effect_facts(effect))
    work.session.add(effect)


async def _note_told(work: Work, row: Measure, told: Collection[UUID], served_on: date) -> None:
    for unit_id in set(told):
        await registry.unit(work, unit_id)
        work.session.add(ToldOf(id=uuid4(), measure_id=row.id, unit_id=unit_id, told_on=served_on, delivery="none"))


def _begin_clocks(work: Work, row: Measure, served_on: date) -> None:
    for kind in (*_CLOCKS.get(row.form, ()), *windows_at_service(row.form)):
        deadlines.begin(work, "measure", row.id, row.body, kind, on=served_on)


async def _close_followed(work: Work, case: CaseFile, follows_id: UUID) -> None:
    """The decision that followed was served: the measure before it is over, and so is the case (T19)."""
    _, before = await lock_measure(work, follows_id)
    take(work, case, before, MeasureClosed(str(before.id), "followed"), event="W8", case_event="T19c")
    await meet_all_but_remedies(work, before)
    await show_stage(work, case)
