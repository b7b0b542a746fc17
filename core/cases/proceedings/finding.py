"""The finding, signed by both officers (T11), and the ends of a case at which nothing is held against the person."""

from typing import Final
from uuid import UUID

from core import deadlines
from core.cases.cards import fit, fit_text
from core.cases.proceedings import members
from core.cases.proceedings.members import OFFICERS
from core.cases.proceedings.signing import countersign, open_proposal
from core.cases.proceedings.steps import Closed, Evidence, EvidenceFile, Finding, Malicious
from core.cases.proceedings.tables import CaseEntry, CaseFile
from core.cases.proceedings.telling import show_stage
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.cases.proceedings.verifying import TEXT, Source
from core.cases.rules import forms
from core.errors import Conflict, Invalid
from core.sealing import KeyPair
from core.work import Work

_CLOSING: Final = {"not_established": "T20n", "unfounded": "T20u"}
_AGAINST: Final = frozenset({"partly", "substantiated"})


async def draft_finding(
    work: Work, case_id: UUID, *, finding: str, facts: str, explanation: str, exculpatory: str
) -> CaseEntry:
    """Draft the finding: the facts, how each point of the explanation was answered, what speaks for the person.

    Raises `Denied`, `Invalid` (``text_missing`` for any of them: what speaks for the person may not be blank;
    ``unknown_choice``; ``hearsay_alone`` where only hearsay speaks against the person), `Conflict`
    (``not_being_verified``, ``signature_pending``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    await members.officers(work, case.id)
    if case.state != "verifying":
        raise Conflict("not_being_verified", state=case.state)
    chosen = fit(forms.Finding, finding, "finding")
    if chosen in {"lead_only", "malicious"}:
        raise Invalid("unknown_choice", field="finding")
    step = Finding(
        chosen,
        fit_text(facts, "facts", TEXT),
        fit_text(explanation, "explanation", TEXT),
        fit_text(exculpatory, "exculpatory", TEXT),
    )
    key = await members.case_key(work, case)
    if await open_proposal(work, case, Finding, key) is not None:
        raise Conflict("signature_pending")
    if chosen in _AGAINST and await _hearsay_alone(work, case, key):
        raise Invalid("hearsay_alone", field="finding")
    return record(work, case, step)


async def _hearsay_alone(work: Work, case: CaseFile, key: KeyPair) -> bool:
    """Tell whether nothing speaks against the person but hearsay, if anything (safeguards 5.4)."""
    against = [one.source for one in await entries_of(work, case.id, Evidence, key) if not one.exculpatory]
    files = [one for one in await entries_of(work, case.id, EvidenceFile, key) if not one.exculpatory]
    return not files and all(source == Source.HEARSAY for source in against)


async def sign_finding(work: Work, case_id: UUID, entry_id: UUID) -> CaseFile:
    """Sign the finding that the other officer drafted: the case is verified (T11).

    Raises `Denied` (``own_work``), `Conflict` (``nothing_to_sign``, ``transition_not_allowed``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *OFFICERS)
    step = await countersign(work, case, Finding, entry_id, event="T11")
    case.finding = step.finding
    await deadlines.meet(work, case.id, "verification", "letter_reply")
    deadlines.begin(work, "case", case.id, case.body, "classification")
    return case


async def close_unproven(work: Work, case_id: UUID, *, reason: str, clarification: bool) -> CaseFile:
    """Close a case whose signed finding is that nothing was established, or that the report was unfounded (T20).

    Raises `Denied`, `Conflict` (``finding_is_against``, ``transition_not_allowed``), `Invalid` (``text_missing``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.close", *OFFICERS)
    if case.finding not in _CLOSING:
        raise Conflict("finding_is_against")
    step = Closed(case.finding, fit_text(reason, "reason", TEXT), clarification)
    record(work, case, step, event=_CLOSING[case.finding])
    await deadlines.meet(work, case.id)
    await show_stage(work, case)
    return case


async def propose_malicious(work: Work, case_id: UUID, *, reason: str, approval_document: str) -> CaseEntry:
    """Propose to find a report malicious; it takes the number of an approval of prefecture level or above (4.1).

    Raises `Denied`, `Conflict` (``finding_needed`` unless it was found unfounded, ``signature_pending``),
    `Invalid` (``text_missing``: without the document it cannot even be proposed).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.close", *OFFICERS)
    if case.state != "verified" or case.finding != "unfounded":
        raise Conflict("finding_needed", finding="unfounded")
    if await open_proposal(work, case, Malicious, await members.case_key(work, case)) is not None:
        raise Conflict("signature_pending")
    document = fit_text(approval_document, "approval_document", 100)
    return record(work, case, Malicious(fit_text(reason, "reason", TEXT), document))


async def sign_malicious(work: Work, case_id: UUID, entry_id: UUID) -> CaseFile:
    """Sign it as the second officer (T25). Raises `Denied` (``own_work``), `Conflict` (``nothing_to_sign``)."""
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.close", *OFFICERS)
    await countersign(work, case, Malicious, entry_id, event="T25")
    case.finding = "malicious"
    await deadlines.meet(work, case.id)
    await show_stage(work, case)
    return case
