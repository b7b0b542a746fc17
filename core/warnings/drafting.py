"""A measure is drafted beside the finding, and an officer signs that it does not tell who reported (S108; R10)."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import registry
from core.cases.cards import OFFICIAL, fit, fit_text
from core.cases.proceedings import CaseFile, Part, members
from core.cases.proceedings.members import OFFICERS
from core.cases.proceedings.steps import Classified, Heard, Opened
from core.cases.proceedings.thread import entries_of, last, lock_case
from core.cases.rules.lifecycle import NOTHING
from core.errors import Conflict, Denied
from core.sealing import KeyPair, sign
from core.warnings.authority import join_issuers
from core.warnings.rules.forms import FOLLOWING, WITH_TERM, Ancillary, form_of, months_of
from core.warnings.rules.lifecycle import transition
from core.warnings.rules.outcomes import Outcome, decisions
from core.warnings.signatures import measure_facts, sign_state
from core.warnings.steps import MeasureAssessed, MeasureChecked, MeasureDrafted, MeasureReturned
from core.warnings.tables import Measure
from core.warnings.thread import case_key, lock_measure, person_hash, take, those
from core.work import Work

TEXT: Final = 10_000
REASON: Final = 1000
_OVER: Final = ("returned", "revoked", "closed", "lapsed")


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """What the document will say: the facts in substance, the reasons, and what the person is asked to mend.

    Nothing in it may tell who reported. ``ancillary`` stands beside the form (S137).
    """

    form: str
    facts: str = field(repr=False)
    reasons: str = field(repr=False)
    requirements: str = field(repr=False)
    ancillary: tuple[str, ...] = ()


async def draft(work: Work, case_id: UUID, given: NewMeasure, *, follows: UUID | None = None) -> Measure:
    """Draft a measure on a confirmed case, or the decision that ``follows`` an assessed one (T17; S108, S122, S130).

    Only the form that the leading group recommended, and that R10 allows under the present policy, can be drafted; the
    drafter has verified nothing in the case. Those who may decide it are given the case's key.

    Raises `Denied` (``own_work`` for whoever verified), `KeyLocked`, `Invalid` (``text_missing``, ``unknown_choice``),
    `Conflict` (``case_not_confirmed``, ``form_not_allowed``, ``measure_open``, ``nobody_decides``).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "measure.draft", Part.SUPERVISOR)
    if staff.person_id in await verifiers(work, case):
        raise Denied("own_work")
    key, form = await case_key(work, case), form_of(given.form)
    if follows is None:
        await _require_recommended(work, case, form, key)
    else:
        await _require_following(work, follows, case, form, key)
    opened = (await entries_of(work, case.id, Opened, key))[0]
    row = Measure(
        id=uuid4(),
        case_id=case.id,
        follows_id=follows,
        body=case.body,
        form=form,
        profile=work.policy.name,
        state=transition(NOTHING, "W1"),
        version=0,
        person_hash=b"",
        drafted_by=staff.person_id,
        drafted_at=work.now(),
        changed_at=work.now(),
        reminded=0,
    )
    step = await _drafted(work, row, given, opened)
    row.person_hash = person_hash(work, f"person:{step.person_id}" if step.person_id else f"team:{step.unit_id}")
    row.signature = sign(work.keys.signing_key, "measure", measure_facts(row))
    sign_state(work, row)
    work.session.add(row)
    await work.session.flush()
    take(work, case, row, step)
    await join_issuers(work, case, row, step, key)
    return row


async def check(work: Work, measure_id: UUID) -> Measure:
    """Sign that nothing in the draft tells who reported, as an officer of the case (W2; 2020 Rules, art. 47).

    Raises `Denied` (``own_work``, ``no_part``), `Conflict` (``transition_not_allowed``).
    """
    case, row = await lock_measure(work, measure_id)
    staff = await members.permit_in(work, case, "measure.check", *OFFICERS)
    if staff.person_id == row.drafted_by:
        raise Denied("own_work")
    take(work, case, row, MeasureChecked(str(row.id)), event="W2")
    return row


async def send_back(work: Work, measure_id: UUID, *, reason: str) -> Measure:
    """Send a draft back, or take back one's own, with a reason; another may be written then (W3r).

    One that was approved and not served yet can be taken back as well; its number is not given out again. Raises
    `Denied`, `Invalid` (``text_missing``), `Conflict` (``transition_not_allowed`` once it is served).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.send_back", Part.SUPERVISOR, Part.ISSUER, *OFFICERS)
    take(work, case, row, MeasureReturned(str(row.id), fit_text(reason, "reason", REASON)), event="W3r")
    return row


async def verifiers(work: Work, case: CaseFile) -> frozenset[UUID]:
    """Return who ever was an officer of the case: they decide nothing in it (I3)."""
    return frozenset(one.person_id for one in await members.everybody(work, case.id) if one.part in OFFICERS)


async def _require_recommended(work: Work, case: CaseFile, form: str, key: KeyPair) -> None:
    if case.state != "confirmed" or form in FOLLOWING:
        raise Conflict("case_not_confirmed", state=case.state)
    heard = await last(work, case.id, Heard, key)
    classified = await last(work, case.id, Classified, key)
    allowed = classified[1].allowed if classified else ()
    enabled = form != "suspension" or work.policy.flag("suspension_enabled")
    if heard is None or heard[1].form != form or form not in allowed or not enabled:
        raise Conflict("form_not_allowed", form=form)
    await _require_none_open(work, case.id, None)


async def _require_following(work: Work, follows: UUID, case: CaseFile, form: str, key: KeyPair) -> None:
    before = await work.session.get(Measure, follows, with_for_update=True)
    if before is None or before.case_id != case.id or before.state != "outcome_decided":
        raise Conflict("no_outcome_to_follow")
    assessed = (await those(work, before, MeasureAssessed, key))[-1][1]
    if form not in decisions(tuple(Outcome(each) for each in assessed.allowed)) or form != before.outcome:
        raise Conflict("form_not_allowed", form=form)
    await _require_none_open(work, case.id, follows)


async def _require_none_open(work: Work, case_id: UUID, follows: UUID | None) -> None:
    """A case has one measure at a time, and beside it the one decision that follows it."""
    query = select(Measure.id).where(Measure.case_id == case_id, Measure.state.not_in(_OVER))
    if follows is not None:
        query = query.where(Measure.id != follows)
    if await work.session.scalar(query) is not None:
        raise Conflict("measure_open")


async def _drafted(work: Work, row: Measure, given: NewMeasure, opened: Opened) -> MeasureDrafted:
    person_id, rank = "", ""
    if opened.subject_kind == OFFICIAL:
        official = await registry.official(work, UUID(opened.subject_id))
        person_id, rank = str(official.person.id), str(official.rank)
    elif row.form in WITH_TERM or row.form in FOLLOWING:
        raise Conflict("form_not_allowed", form=row.form)
    return MeasureDrafted(
        measure_id=str(row.id),
        form=row.form,
        official_id=opened.subject_id if person_id else "",
        person_id=person_id,
        name=opened.name,
        post=opened.post,
        rank=rank,
        unit_id=opened.unit_id,
        facts=fit_text(given.facts, "facts", TEXT),
        reasons=fit_text(given.reasons, "reasons", TEXT),
        requirements=fit_text(given.requirements, "requirements", TEXT),
        ancillary=tuple(sorted({fit(Ancillary, each, "ancillary") for each in given.ancillary})),
        months=months_of(row.form, work.policy),
    )
