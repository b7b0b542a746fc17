"""Review and appeal: asked for by the person, heard by people who have not touched the case, and never to their harm.

What is upheld is revoked: every effect is undone from its beginning, and all who were told are told again (W10).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit, deadlines, registry
from core.cases.cards import fit, fit_text
from core.cases.proceedings import CaseFile, Part, members, show_stage
from core.cases.proceedings.members import OFFICERS
from core.errors import Conflict, Denied, Invalid, NotFound
from core.sealing import canonical, sign
from core.warnings import tables
from core.warnings.approving import issue_paper
from core.warnings.authority import kept_out
from core.warnings.codes import tell
from core.warnings.drafting import REASON, TEXT
from core.warnings.papers import ClosingPaper
from core.warnings.rules import remedies
from core.warnings.rules.forms import Paper
from core.warnings.rules.lifecycle import IN_FORCE
from core.warnings.rules.remedies import Ruling, decision_clock, window_of
from core.warnings.signatures import check_remedy, effect_facts, sign_remedy, sign_state
from core.warnings.steps import (
    MeasureReturned,
    MeasureRevoked,
    NameCleared,
    PaperIssued,
    RemedyAdmitted,
    RemedyAsked,
    RemedyDecided,
)
from core.warnings.tables import Measure, MeasureEffect, ToldOf
from core.warnings.thread import case_key, draft_of, lock_measure, take
from core.work import Work

_UNDONE: Final = ("returned", "revoked")
_HEARD_BY: Final = {
    remedies.Remedy.REVIEW: ("review_officer", Part.REVIEWER, "remedy.review"),
    remedies.Remedy.APPEAL: ("appeal_body", Part.APPEAL, "remedy.appeal"),
}


@dataclass(frozen=True, slots=True)
class RemedyLine:
    """A review or an appeal as it stands."""

    id: UUID
    measure_id: UUID
    kind: str
    received_on: date
    is_late: bool
    admitted: bool | None
    decided_on: date | None
    ruling: str | None


async def ask_remedy(work: Work, measure_id: UUID, *, kind: str, text: str, received_on: date) -> RemedyLine:
    """Take a wish for review or an appeal into the file, and give the case to those who hear it.

    One that comes late is taken like any other: a person decides whether it is heard (`admit`). A measure goes on
    meanwhile (Civil Servants Law, art. 96).

    Raises `Denied`, `KeyLocked`, `Invalid` (``unknown_choice``, ``text_missing``, ``date_in_the_future``), `Conflict`
    (``measure_not_in_force``, ``remedy_open``, ``appeal_not_open``, ``nobody_hears``).
    """
    case, row = await lock_measure(work, measure_id)
    staff = await members.permit_in(work, case, "remedy.take", Part.SUPERVISOR, *OFFICERS)
    asked = remedies.Remedy(fit(remedies.Remedy, kind, "kind"))
    if row.state not in IN_FORCE:
        raise Conflict("measure_not_in_force", state=row.state)
    if received_on > work.clock.today():
        raise Invalid("date_in_the_future", field="received_on")
    known = await _remedies(work, row.id)
    if any(each.ruling is None and each.admitted is not False for each in known):
        raise Conflict("remedy_open")
    window = window_of(row.form, asked, reviewed=any(each.ruling for each in known if each.kind == "review"))
    is_late = await _is_late(work, row.id, window, received_on)
    remedy = tables.Remedy(
        id=uuid4(),
        measure_id=row.id,
        kind=asked,
        received_on=received_on,
        taken_by=staff.person_id,
        is_late=is_late,
        admitted=None if is_late else True,
    )
    sign_remedy(work, remedy)
    work.session.add(remedy)
    words = fit_text(text, "text", TEXT)
    take(work, case, row, RemedyAsked(str(row.id), str(remedy.id), asked, words, received_on.isoformat(), is_late))
    await _give_to_hearing(work, case, row, asked)
    deadlines.begin(work, "measure", row.id, row.body, decision_clock(asked), on=received_on)
    return _line(remedy)


async def admit(work: Work, remedy_id: UUID, *, admitted: bool, reason: str) -> RemedyLine:
    """Decide whether a wish that came late is heard. Raises as `decide_remedy`, and `Conflict` (``not_late``)."""
    remedy, case, row = await _load(work, remedy_id)
    await _permit_hearing(work, case, remedy)
    if remedy.admitted is not None:
        raise Conflict("not_late")
    remedy.admitted = admitted
    sign_remedy(work, remedy)
    text = fit_text(reason, "reason", REASON)
    take(work, case, row, RemedyAdmitted(str(row.id), str(remedy.id), admitted, text))
    if not admitted:
        await deadlines.meet(work, row.id, decision_clock(remedy.kind))
        await tell(work, row.id, "not_admitted", text, on=work.clock.today())
    return _line(remedy)


async def decide_remedy(work: Work, remedy_id: UUID, *, ruling: str, reasons: str, correction: str = "") -> RemedyLine:
    """Decide a review or an appeal, as somebody who has not touched the case before (Civil Servants Law, art. 96).

    There is no ruling that makes it heavier. One that is upheld revokes the measure, and the decision that rests on
    it; one that is corrected mends what the document says. The person is told under their code.

    Raises `Denied` (``touched_before``, ``no_part``, ``recused``), `KeyLocked`, `Invalid` (``text_missing``,
    ``unknown_choice``), `NotFound` (``remedy_not_found``), `Conflict` (``remedy_decided``, ``remedy_not_admitted``).
    """
    remedy, case, row = await _load(work, remedy_id)
    staff_id = await _permit_hearing(work, case, remedy)
    if remedy.ruling is not None:
        raise Conflict("remedy_decided")
    if not remedy.admitted:
        raise Conflict("remedy_not_admitted")
    chosen = fit(Ruling, ruling, "ruling")
    words = fit_text(reasons, "reasons", TEXT)
    mended = fit_text(correction, "correction", TEXT) if chosen == Ruling.CORRECTED else ""
    remedy.ruling, remedy.decided_by, remedy.decided_on = chosen, staff_id, work.clock.today()
    sign_remedy(work, remedy)
    take(work, case, row, RemedyDecided(str(row.id), str(remedy.id), chosen, words, mended))
    await deadlines.meet(work, row.id, decision_clock(remedy.kind))
    paper = None
    if chosen == Ruling.UPHELD:
        issued = await _revoke(work, case, row, words)
        paper = ClosingPaper.of(issued, words, remedy=remedy.kind, asked_on=remedy.received_on.isoformat())
        await _revoke_what_rests_on(work, case, row, words)
    elif remedy.kind == remedies.Remedy.REVIEW:
        deadlines.begin(work, "measure", row.id, row.body, "appeal_window")
    told = words if not mended else f"{words}\n{mended}"
    await tell(work, row.id, chosen, told, on=work.clock.today(), paper=paper)
    return _line(remedy)


async def clear_name(work: Work, measure_id: UUID, *, consent: bool, scope: str, text: str) -> Measure:
    """Record what the person concerned wished once a measure was revoked: a clarification, in which circle, or none.

    Raises `Denied`, `Invalid` (``text_missing``), `Conflict` (``measure_not_revoked``).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.clear_name", Part.SUPERVISOR)
    if row.state != "revoked":
        raise Conflict("measure_not_revoked", state=row.state)
    circle = fit_text(scope, "scope", REASON) if consent else ""
    words = fit_text(text, "text", TEXT) if consent else ""
    take(work, case, row, NameCleared(str(row.id), consent, circle, words))
    if consent:
        issued = await issue_paper(work, case, row, Paper.CLARIFICATION)
        paper = ClosingPaper.of(issued, words, scope=circle)
        await tell(work, row.id, Paper.CLARIFICATION, "", on=work.clock.today(), paper=paper)
    return row


async def settle_notice(work: Work, told_id: UUID, *, delivery: str) -> ToldOf:
    """Record how the notice of a revocation was delivered to somebody who was told: only a person says so.

    One whose delivery is ``unknown`` waits until a person looks; nothing sends it again. Raises `Denied`, `NotFound`
    (``told_not_found``), `Invalid` (``unknown_choice``), `Conflict` (``notice_not_due``).
    """
    measure_id = await work.session.scalar(select(ToldOf.measure_id).where(ToldOf.id == told_id))
    if measure_id is None:
        raise NotFound("told_not_found")
    try:
        case, row = await lock_measure(work, measure_id)
    except NotFound:  # to strangers neither exists
        raise NotFound("told_not_found") from None
    told = await work.session.get_one(ToldOf, told_id, with_for_update=True, populate_existing=True)
    staff = await members.permit_in(work, case, "measure.settle_notice", Part.SUPERVISOR, Part.ISSUER)
    if delivery not in {"delivered", "unknown"}:
        raise Invalid("unknown_choice", field="delivery")
    if told.delivery not in {"due", "unknown"}:
        raise Conflict("notice_not_due")
    told.delivery, told.settled_by, told.settled_at = delivery, staff.person_id, work.now()
    row.version += 1
    row.changed_at = work.now()
    sign_state(work, row)
    change = canonical("told_of", {"id": str(told.id), "delivery": delivery})
    audit.record(work, "measure", "notice_settled", row.id, change=change)
    return told


async def remedies_of(work: Work, measure_id: UUID) -> list[RemedyLine]:
    """Return the reviews and appeals of a measure by the day on which they came, a review before an appeal.

    The caller has checked who may know.
    """
    return [_line(each) for each in await _remedies(work, measure_id)]


async def _revoke(work: Work, case: CaseFile, row: Measure, reasons: str, *, rests_on: str = "") -> PaperIssued:
    ends_case = case.state in {"measure_in_force", "assessed"} and row.follows_id is None
    step = MeasureRevoked(str(row.id), reasons, rests_on)
    take(work, case, row, step, event="W10", case_event="T19r" if ends_case else "")
    issued = await issue_paper(work, case, row, Paper.REVOCATION)
    row.ended_at = row.ended_at or work.now()
    effect = await work.session.get(MeasureEffect, row.id, with_for_update=True)
    if effect is not None:
        effect.revoked_at = work.now()
        effect.signature = sign(work.keys.signing_key, "measure_effect", effect_facts(effect))
    for told in await work.session.scalars(select(ToldOf).where(ToldOf.measure_id == row.id)):
        told.delivery = "due"
    await deadlines.meet(work, row.id)
    await show_stage(work, case)
    return issued


async def _revoke_what_rests_on(work: Work, case: CaseFile, before: Measure, reasons: str) -> None:
    """Undo the decision that followed a revoked measure, for it has no ground left (rules.md 3.4).

    A draft goes back; what was served is revoked with its own paper and notices, and what was asked against it granted.
    """
    query = select(Measure.id).where(Measure.follows_id == before.id, Measure.state.not_in(_UNDONE))
    for measure_id in (await work.session.scalars(query)).all():
        _, row = await lock_measure(work, measure_id)
        if row.state not in IN_FORCE:
            take(work, case, row, MeasureReturned(str(row.id), reasons[:REASON]), event="W3r")
            continue
        for remedy in await _remedies(work, row.id):
            if remedy.ruling is None and remedy.admitted is not False:
                _grant(work, case, row, remedy, reasons)
        issued = await _revoke(work, case, row, reasons, rests_on=str(before.id))
        paper = ClosingPaper.of(issued, reasons)
        await tell(work, row.id, Ruling.UPHELD, reasons, on=work.clock.today(), paper=paper)


def _grant(work: Work, case: CaseFile, row: Measure, remedy: tables.Remedy, reasons: str) -> None:
    """Uphold what was asked against a decision whose ground is gone."""
    remedy.admitted, remedy.ruling, remedy.decided_on = True, Ruling.UPHELD, work.clock.today()
    remedy.decided_by = access.signed_in(work).person_id
    sign_remedy(work, remedy)
    take(work, case, row, RemedyDecided(str(row.id), str(remedy.id), Ruling.UPHELD, reasons, ""))


async def _load(work: Work, remedy_id: UUID) -> tuple[tables.Remedy, CaseFile, Measure]:
    measure_id = await work.session.scalar(select(tables.Remedy.measure_id).where(tables.Remedy.id == remedy_id))
    if measure_id is None:
        raise NotFound("remedy_not_found")
    try:
        case, row = await lock_measure(work, measure_id)
    except NotFound:  # as above
        raise NotFound("remedy_not_found") from None
    remedy = await work.session.get_one(tables.Remedy, remedy_id, with_for_update=True, populate_existing=True)
    check_remedy(work, remedy)
    return remedy, case, row


async def _permit_hearing(work: Work, case: CaseFile, remedy: tables.Remedy) -> UUID:
    """Return the person who hears it; whoever had another part in the case may not (3.1)."""
    _, part, permission = _HEARD_BY[remedies.Remedy(remedy.kind)]
    staff = await members.permit_in(work, case, permission, part)
    mine = [one for one in await members.everybody(work, case.id) if one.person_id == staff.person_id]
    if any(one.part != part for one in mine):
        raise Denied("touched_before")
    return staff.person_id


async def _give_to_hearing(work: Work, case: CaseFile, row: Measure, kind: remedies.Remedy) -> None:
    role, part, _ = _HEARD_BY[kind]
    key = await case_key(work, case)
    body = case.body if kind == remedies.Remedy.REVIEW else None
    involved = await kept_out(work, case, await draft_of(work, row, key), part)
    hearing = []
    for person in await registry.people_with_role(work, role, on=work.clock.today(), body=body):
        if person.id not in involved and await access.present_person_key(work, person.id) is not None:
            await members.join(work, case, person.id, part, key)
            hearing.append(person.id)
    if not hearing:
        raise Conflict("nobody_hears", role=role)


async def _is_late(work: Work, measure_id: UUID, window: str, received_on: date) -> bool:
    """Tell whether the window was over; one whose last day waits for a work calendar is not."""
    clocks = [each for each in await deadlines.of_subject(work, measure_id) if each.kind == window]
    if not clocks:
        raise Conflict("appeal_not_open")
    last = max(clocks, key=lambda each: each.begun_on)
    return last.due_on is not None and received_on > last.due_on


async def _remedies(work: Work, measure_id: UUID) -> list[tables.Remedy]:
    query = select(tables.Remedy).where(tables.Remedy.measure_id == measure_id)
    order = (tables.Remedy.received_on, tables.Remedy.kind.desc(), tables.Remedy.id)
    rows = list(await work.session.scalars(query.order_by(*order)))
    for row in rows:
        check_remedy(work, row)
    return rows


def _line(row: tables.Remedy) -> RemedyLine:
    return RemedyLine(
        row.id,
        row.measure_id,
        row.kind,
        row.received_on,
        row.is_late,
        row.admitted,
        row.decided_on,
        row.ruling,
    )
