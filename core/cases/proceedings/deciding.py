"""Classification, analysis, and what the leading group decides without a meeting of its own (S102–S104, S108)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from core import access, deadlines, registry
from core.cases.cards import fit, fit_text
from core.cases.proceedings import members
from core.cases.proceedings.calling import take_off
from core.cases.proceedings.members import OFFICERS, Part
from core.cases.proceedings.signing import countersign, open_proposal, refuse
from core.cases.proceedings.steps import (
    Analysed,
    Classified,
    Confirmed,
    Opened,
    Referral,
    Reopened,
    Submitted,
    WithoutForm,
)
from core.cases.proceedings.tables import CaseEntry, CaseFile
from core.cases.proceedings.telling import show_stage
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.cases.proceedings.verifying import TEXT
from core.cases.rules.catalogue import chargeable
from core.cases.rules.forms import Pattern, Severity, allowed_forms
from core.cases.rules.lifecycle import may
from core.errors import Conflict, Invalid
from core.work import Work

_CATCH_ALL: Final = "M8"


class Conclusion(StrEnum):
    """How a case ends without a form of warning (S104)."""

    MINOR_ADVICE = "minor_advice"
    POST_ADJUSTMENT = "post_adjustment"
    TENDENCY = "tendency"


@dataclass(frozen=True, slots=True)
class Classification:
    """How the officer classifies what was found.

    ``conduct_on`` is the day of the conduct where the card does not know it, or knew it wrongly.
    """

    manifestation: str
    severity: str
    pattern: str
    discipline: bool
    face_to_face: bool
    reasons: str = field(repr=False)
    conduct_on: date | None = None


async def classify(work: Work, case_id: UUID, given: Classification) -> CaseEntry:
    """Classify what was found (T13); the forms that the rules allow then are written down with it (R10).

    The catch-all M8 takes the signature of the other officer before it counts. Raises `Denied`, `KeyLocked`, `Invalid`
    (``conduct_date_needed`` among others), `Conflict` (``transition_not_allowed``, ``finding_needed``,
    ``signature_pending``, ``conduct_before_publication``).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "case.classify", *OFFICERS)
    if not may(case.state, "T13"):
        raise Conflict("transition_not_allowed", transition="T13", state=case.state)
    if case.finding not in {"partly", "substantiated"}:
        raise Conflict("finding_needed", finding="substantiated")
    key = await members.case_key(work, case)
    if await open_proposal(work, case, Classified, key) is not None:
        raise Conflict("signature_pending")
    opened = await _opened(work, case)
    step = _classified(work, case, given, opened)
    other = next(one for one in await members.officers(work, case.id) if one != staff.person_id)
    day = given.conduct_on or opened.conduct_day
    if day is None:
        raise Invalid("conduct_date_needed", field="conduct_on")
    chargeable(step.manifestation, day, reasons=step.reasons, approvers=(staff.person_id, other))
    if step.manifestation == _CATCH_ALL:
        return record(work, case, step)
    entry = record(work, case, step, event="T13")
    await _note_classified(work, case, step, opened)
    return entry


async def sign_classification(work: Work, case_id: UUID, entry_id: UUID) -> CaseFile:
    """Sign a classification as M8 (S59). Raises `Denied` (``own_work``), `Conflict` (``nothing_to_sign``)."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.classify", *OFFICERS)
    step = await countersign(work, case, Classified, entry_id, event="T13")
    await _note_classified(work, case, step, await _opened(work, case))
    return case


async def analyse(work: Work, case_id: UUID, text: str) -> CaseFile:
    """Write the office's analysis (T14). Raises `Denied`, `Invalid`, `Conflict` (``transition_not_allowed``)."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.analyse", Part.SUPERVISOR)
    record(work, case, Analysed(fit_text(text, "text", TEXT)), event="T14")
    return case


async def confirm(work: Work, case_id: UUID, *, text: str) -> CaseFile:
    """Confirm the finding after the leading group's meeting (T16). Raises `Denied`, `Invalid`, `Conflict`."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.confirm", Part.HEARING)
    record(work, case, Confirmed(fit_text(text, "text", TEXT)), event="T16c")
    await show_stage(work, case)
    return case


async def submit(work: Work, case_id: UUID, *, reason: str) -> CaseFile:
    """Bring a case before the leading group outside of its meetings: its members are given the key (T21, T22).

    Raises `Denied`, `KeyLocked`, `Invalid` (``text_missing``), `Conflict` (``transition_not_allowed`` where the group
    can neither end it nor take it up again).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "meeting.call", Part.SUPERVISOR)
    if not may(case.state, "T21") and not may(case.state, "T22"):
        raise Conflict("transition_not_allowed", transition="T22", state=case.state)
    key = await members.case_key(work, case)
    aside = {row.person_id for row in await members.everybody(work, case.id) if row.part != Part.HEARING}
    for person in await registry.people_with_role(work, "leading_group", on=work.clock.today()):
        if person.id not in aside and await access.present_person_key(work, person.id) is not None:
            await members.join(work, case, person.id, Part.HEARING, key)
    record(work, case, Submitted(fit_text(reason, "reason", TEXT)))
    return case


async def conclude(work: Work, case_id: UUID, *, how: str, reasons: str) -> CaseFile:
    """End a case without a form (T22; S104). Raises `Denied`, `Invalid`, `Conflict` (``transition_not_allowed``)."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.conclude", Part.HEARING)
    step = WithoutForm(fit(Conclusion, how, "how"), fit_text(reasons, "reasons", TEXT))
    record(work, case, step, event="T22")
    await deadlines.meet(work, case.id)
    await show_stage(work, case)
    return case


async def refer(work: Work, case_id: UUID, *, reason: str) -> CaseEntry:
    """Propose to hand the case to the discipline commission, since it amounts to a sanction (T12, T28; S108).

    Its members that supervise cases are given the key, to decide whether to take it. Raises `Denied`, `KeyLocked`,
    `Invalid`, `Conflict` (``transition_not_allowed``, ``signature_pending``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.refer", Part.SUPERVISOR)
    _referring(case)
    key = await members.case_key(work, case)
    if await open_proposal(work, case, Referral, key) is not None:
        raise Conflict("signature_pending")
    entry = record(work, case, Referral(fit_text(reason, "reason", TEXT)))
    for person in await _receivers(work):
        await members.join(work, case, person, Part.RECEIVER, key)
    return entry


async def accept_referral(work: Work, case_id: UUID, entry_id: UUID) -> CaseFile:
    """Take the case over for the discipline commission: no warning may follow here any more (T12, T28).

    Raises `Denied` (``own_work``), `Conflict` (``nothing_to_sign``, ``transition_not_allowed``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.accept_referral", Part.RECEIVER, Part.OFFICER_DISC)
    await countersign(work, case, Referral, entry_id, event=_referring(case))
    await take_off(work, case)
    await deadlines.meet(work, case.id)
    await show_stage(work, case)
    return case


async def decline_referral(work: Work, case_id: UUID, entry_id: UUID, *, reason: str) -> CaseFile:
    """Refuse to take a case over, or take the proposal back: the case goes on where it stands.

    Raises `Denied`, `KeyLocked`, `Invalid` (``text_missing``), `Conflict` (``nothing_to_sign``).
    """
    case = await lock_case(work, case_id)
    parts = (Part.SUPERVISOR, Part.RECEIVER, Part.OFFICER_DISC)
    await members.permit_in(work, case, "case.accept_referral", *parts)
    return await refuse(work, case, frozenset({Referral.kind}), entry_id, reason)


async def reopen(work: Work, case_id: UUID, *, new_evidence: str) -> CaseFile:
    """Take a closed case up again on new evidence; verification begins anew (T21). Raises `Denied`, `Conflict`."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.reopen", Part.HEARING, Part.RECEIVER)
    record(work, case, Reopened(fit_text(new_evidence, "new_evidence", TEXT)), event="T21")
    case.finding = None
    await show_stage(work, case)
    deadlines.begin(work, "case", case.id, case.body, "verification")
    return case


def _classified(work: Work, case: CaseFile, given: Classification, opened: Opened) -> Classified:
    subject = "team" if opened.subject_kind == "leading_team" else "official"
    severity, pattern = fit(Severity, given.severity, "severity"), fit(Pattern, given.pattern, "pattern")
    finding, profile = case.finding or "", work.policy.name
    allowed = allowed_forms(finding, given.discipline, subject, severity, given.face_to_face, profile)
    reasons = fit_text(given.reasons, "reasons", TEXT)
    answers = (given.discipline, given.face_to_face)
    return Classified(given.manifestation, severity, pattern, *answers, reasons, tuple(allowed))


async def _opened(work: Work, case: CaseFile) -> Opened:
    return (await entries_of(work, case.id, Opened, await members.case_key(work, case)))[0]


async def _note_classified(work: Work, case: CaseFile, step: Classified, opened: Opened) -> None:
    case.manifestation, case.unit_id = step.manifestation, UUID(opened.unit_id)
    await deadlines.meet(work, case.id, "classification")


def _referring(case: CaseFile) -> str:
    """Return the transition by which the case is referred from where it stands."""
    name = "T12" if may(case.state, "T12") else "T28"
    if not may(case.state, name):
        raise Conflict("transition_not_allowed", transition=name, state=case.state)
    return name


async def _receivers(work: Work) -> list[UUID]:
    people = await registry.people_with_role(work, "supervisor", on=work.clock.today(), body="discipline_commission")
    return [one.id for one in people if await access.present_person_key(work, one.id) is not None]
