"""The assessment at the end of a term: what the person handed in, who assesses, what came of it (S120 to S130; R11)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from core import deadlines, registry
from core.cases.cards import fit, fit_text
from core.cases.proceedings import Part, members
from core.cases.proceedings.members import OFFICERS
from core.errors import Conflict, Denied, Invalid
from core.registry import Appointment
from core.sealing import KeyPair
from core.warnings.approving import issue_paper
from core.warnings.authority import join_issuers, kept_out
from core.warnings.codes import tell
from core.warnings.drafting import REASON, TEXT, verifiers
from core.warnings.ending import end
from core.warnings.papers import ClosingPaper
from core.warnings.rules.forms import Paper
from core.warnings.rules.lifecycle import transition
from core.warnings.rules.outcomes import Outcome, decisions, outcomes
from core.warnings.steps import (
    MeasureAssessed,
    OutcomeDecided,
    PanelNamed,
    PanelSigned,
    ReportTaken,
)
from core.warnings.tables import Measure
from core.warnings.thread import case_key, draft_of, lock_measure, policy_of, take, those
from core.work import Work


class Handed(StrEnum):
    """What the person hands in; `NOTHING` notes that they did not, which is no ground for anything."""

    SELF_CRITICISM = "self_criticism"
    CORRECTION_REPORT = "correction_report"
    SELF_REPORT = "self_report"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessment found. Of an admonition only ``corrected`` is asked, of a suspension all four (S121, S128)."""

    record: str = field(repr=False)
    grounds: frozenset[str]
    corrected: bool
    excellent: bool | None = None
    results: bool | None = None
    recognised: bool | None = None


async def take_report(work: Work, measure_id: UUID, *, what: str, text: str, received_on: date) -> Measure:
    """Take what the person handed in into the file: self-criticism, report on correction, self-report (S120).

    Raises `Denied`, `Invalid` (``unknown_choice``, ``text_missing``, ``date_in_the_future``), `Conflict`
    (``measure_not_running``).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.follow", *OFFICERS, Part.SUPERVISOR)
    if row.state not in {"active", "term_ended"}:
        raise Conflict("measure_not_running", state=row.state)
    if received_on > work.clock.today():
        raise Invalid("date_in_the_future", field="received_on")
    handed = fit(Handed, what, "what")
    take(work, case, row, ReportTaken(str(row.id), handed, fit_text(text, "text", TEXT), received_on.isoformat()))
    clock = {Handed.SELF_CRITICISM: "written_self_criticism", Handed.CORRECTION_REPORT: "correction_report"}
    if handed in clock:
        await deadlines.meet(work, row.id, clock[Handed(handed)])
    return row


async def name_panel(work: Work, measure_id: UUID, people: Sequence[UUID]) -> Measure:
    """Name the group that assesses a suspension (S127): enough bodies and persons, none of them involved before.

    Raises `Denied`, `KeyLocked`, `Conflict` (``no_panel_needed``, ``panel_named``, ``panel_involved``,
    ``panel_too_small``).
    """
    case, row = await lock_measure(work, measure_id)
    await members.permit_in(work, case, "measure.name_panel", Part.SUPERVISOR)
    if row.form != "suspension" or row.state not in {"active", "term_ended"}:
        raise Conflict("no_panel_needed", state=row.state)
    key = await case_key(work, case)
    if await those(work, row, PanelNamed, key):
        raise Conflict("panel_named")
    chosen = list(dict.fromkeys(people))
    involved = {one.person_id for one in await members.everybody(work, case.id)}
    if (involved | await kept_out(work, case, await draft_of(work, row, key), Part.ASSESSOR)) & set(chosen):
        raise Conflict("panel_involved")
    await _require_bodies(work, row, chosen)
    for person_id in chosen:
        await members.join(work, case, person_id, Part.ASSESSOR, key)
    take(work, case, row, PanelNamed(str(row.id), tuple(map(str, chosen))))
    return row


async def assess(work: Work, measure_id: UUID, given: Assessment) -> Measure:
    """Record the assessment, from the last day of the term on (S120, S127; R11).

    Of an admonition an officer of the organisation department records it. Of a suspension a member of the panel does,
    and it counts once every other member has signed the same (`sign_assessment`). Issuers who were appointed since the
    draft are given the case's key with it, for a term is longer than many an appointment.

    Raises `Denied`, `KeyLocked`, `Invalid` (``rejected_ground`` where it rests on what may never be a ground,
    ``answer_missing``, ``text_missing``), `Conflict` (``assessment_not_open``, ``report_missing``, ``no_panel``,
    ``transition_not_allowed``, ``signature_pending``, ``nobody_decides``).
    """
    case, row = await lock_measure(work, measure_id)
    is_panel = row.form == "suspension"
    await members.permit_in(work, case, "measure.assess", Part.ASSESSOR if is_panel else Part.OFFICER_ORG)
    transition(row.state, "W6")
    if row.last_day is None or work.clock.today() < row.last_day:
        raise Conflict("assessment_not_open")
    key = await case_key(work, case)
    if not await those(work, row, ReportTaken, key):
        raise Conflict("report_missing")
    if is_panel and await those(work, row, MeasureAssessed, key):
        raise Conflict("signature_pending")
    step = await _assessed(work, row, given, key)
    if not is_panel:
        await join_issuers(work, case, row, await draft_of(work, row, key), key)
    take(work, case, row, step, event="" if is_panel else "W6", case_event="" if is_panel else "T19")
    if not is_panel:
        await deadlines.meet(work, row.id, "assessment")
    return row


async def sign_assessment(work: Work, measure_id: UUID) -> Measure:
    """Sign the panel's assessment as one of its members; with the last of them it counts (S127).

    The place of one who left without signing is taken by another first, where too few would be left.

    Raises `Denied` (``own_work``), `KeyLocked`, `Conflict` (``nothing_to_sign``, ``transition_not_allowed``,
    ``nobody_decides``).
    """
    case, row = await lock_measure(work, measure_id)
    staff = await members.permit_in(work, case, "measure.assess", Part.ASSESSOR)
    transition(row.state, "W6")
    key = await case_key(work, case)
    recorded = await those(work, row, MeasureAssessed, key)
    if not recorded:
        raise Conflict("nothing_to_sign")
    author = recorded[-1][0].author_id
    if staff.person_id == author:
        raise Denied("own_work")
    signed = {view.author_id for view, _ in await those(work, row, PanelSigned, key)}
    if staff.person_id in signed:
        raise Conflict("nothing_to_sign")
    panel = {UUID(one) for one in (await those(work, row, PanelNamed, key))[-1][1].people}
    still = {one.person_id for one in await members.present(work, case.id, Part.ASSESSOR)}
    hands = signed | {staff.person_id, author}
    is_last = (panel & still) <= hands and len(hands) >= policy_of(row).count("suspension_assessment_persons")
    if is_last:
        await join_issuers(work, case, row, await draft_of(work, row, key), key)
    take(work, case, row, PanelSigned(str(row.id)), event="W6" if is_last else "", case_event="T19" if is_last else "")
    if is_last:
        await deadlines.meet(work, row.id, "assessment")
    return row


async def decide_outcome(work: Work, measure_id: UUID, *, outcome: str, reasons: str, pay: str = "") -> Measure:
    """Decide what comes of an assessment, among what it allows (W7; S121 to S130).

    An admonition that is lifted is over, and the person is told under their code. Anything else is a new decision: it
    is drafted, heard, served and open to review of its own, and this one closes once that is served. ``pay`` records
    what becomes of rank and pay (S130).

    Raises `Denied` (``own_work`` for whoever drafted, verified or assessed), `KeyLocked`, `Invalid`
    (``text_missing``, ``unknown_choice``), `Conflict` (``outcome_not_allowed``, ``transition_not_allowed``).
    """
    case, row = await lock_measure(work, measure_id)
    staff = await members.permit_in(work, case, "measure.decide", Part.ISSUER)
    transition(row.state, "W7")
    key = await case_key(work, case)
    recorded = await those(work, row, MeasureAssessed, key)
    hands = {view.author_id for view, _ in [*recorded, *await those(work, row, PanelSigned, key)]}
    if staff.person_id in hands | {row.drafted_by} | await verifiers(work, case):
        raise Denied("own_work")
    allowed = tuple(Outcome(each) for each in recorded[-1][1].allowed)
    choices = {str(Outcome.LIFTED)} if Outcome.LIFTED in allowed else {str(form) for form in decisions(allowed)}
    if outcome not in choices:
        raise Conflict("outcome_not_allowed", outcome=outcome[:40])
    reasons = fit_text(reasons, "reasons", TEXT)
    take(work, case, row, OutcomeDecided(str(row.id), outcome, reasons, pay.strip()[:REASON]), event="W7")
    row.outcome = outcome
    if outcome == Outcome.LIFTED:
        paper = ClosingPaper.of(await issue_paper(work, case, row, Paper.LIFTED), reasons)
        await end(work, case, row, "lifted", case_event="T19c")
        await tell(work, row.id, Paper.LIFTED, reasons, on=work.clock.today(), paper=paper)
    return row


async def _assessed(work: Work, row: Measure, given: Assessment, key: KeyPair) -> MeasureAssessed:
    drafted = await draft_of(work, row, key)
    allowed = outcomes(
        row.form,
        rank=drafted.rank,
        corrected=given.corrected,
        excellent=given.excellent,
        results=given.results,
        recognised=given.recognised,
        grounds=given.grounds,
    )
    if Outcome.REJECTED_GROUND in allowed:
        raise Invalid("rejected_ground", field="grounds")
    return MeasureAssessed(
        measure_id=str(row.id),
        record=fit_text(given.record, "record", TEXT),
        grounds=tuple(sorted(given.grounds)),
        corrected=given.corrected,
        excellent=given.excellent,
        results=given.results,
        recognised=given.recognised,
        allowed=tuple(allowed),
    )


async def _require_bodies(work: Work, row: Measure, people: Sequence[UUID]) -> None:
    policy = policy_of(row)
    held = await registry.appointments(work, on=work.clock.today(), roles=["assessor"])
    of_panel: list[Appointment] = [each for each in held if each.person_id in people]
    bodies = len({each.unit_id for each in of_panel})
    persons = len({each.person_id for each in of_panel})
    enough = persons >= policy.count("suspension_assessment_persons")
    if persons < len(people) or not enough or bodies < policy.count("suspension_assessment_bodies"):
        raise Conflict("panel_too_small", persons=persons, bodies=bodies)
