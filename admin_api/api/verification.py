"""Verification: what the officers plan, note, gather, ask and find, and how a case without a finding ends."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.case_shapes import (
    Added,
    Moved,
    NewClosing,
    NewEvidence,
    NewExplanation,
    NewFeedback,
    NewFinding,
    NewInquiry,
    NewInterview,
    NewMalicious,
    NewReason,
    NewText,
)
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from core.cases import proceedings

router = APIRouter(prefix="/cases/{case_id}", tags=["verification"], route_class=GuardedRoute)

_CREATED: Final = status.HTTP_201_CREATED
Verifying = Annotated[CaseStep, case_step("case.verify")]
Closing = Annotated[CaseStep, case_step("case.close")]


@router.post("/plans", status_code=_CREATED)
async def plan(case_id: UUID, given: NewText, step: Verifying) -> Added:
    """Write down how it is to be verified."""
    return await step.add(lambda: proceedings.plan(step.work, case_id, given.text))


@router.post("/notes", status_code=_CREATED)
async def note(case_id: UUID, given: NewText, step: Verifying) -> Added:
    """Add a note to the file."""
    return await step.add(lambda: proceedings.note(step.work, case_id, given.text))


@router.post("/evidence", status_code=_CREATED)
async def add_evidence(case_id: UUID, given: NewEvidence, step: Verifying) -> Added:
    """Add a piece of evidence, for or against the person."""
    return await step.add(lambda: proceedings.add_evidence(step.work, case_id, **given.model_dump()))


@router.post("/interviews", status_code=_CREATED)
async def add_interview(case_id: UUID, given: NewInterview, step: Verifying) -> Added:
    """Record a talk."""
    return await step.add(lambda: proceedings.add_interview(step.work, case_id, **given.model_dump()))


@router.post("/inquiries", status_code=_CREATED)
async def draft_inquiry(case_id: UUID, given: NewInquiry, step: Verifying) -> Added:
    """Draft the letter of inquiry; it goes out once the other officer has signed it."""
    return await step.add(lambda: proceedings.draft_inquiry(step.work, case_id, substance=given.substance))


@router.post("/inquiries/{entry_id}/signature")
async def sign_inquiry(case_id: UUID, entry_id: UUID, step: Verifying) -> Moved:
    """Sign that nothing in the letter points to a reporter, and send it: the reply period begins (T9)."""
    return await step.move(lambda: proceedings.sign_inquiry(step.work, case_id, entry_id))


@router.post("/replies")
async def take_reply(case_id: UUID, given: NewExplanation, step: Verifying) -> Moved:
    """Take the person's explanation into the file (T10); one that comes late is taken as well."""
    return await step.move(lambda: proceedings.take_reply(step.work, case_id, **given.model_dump()))


@router.post("/findings", status_code=_CREATED)
async def draft_finding(case_id: UUID, given: NewFinding, step: Verifying) -> Added:
    """Draft the finding; it counts once the other officer has signed it."""
    return await step.add(lambda: proceedings.draft_finding(step.work, case_id, **given.model_dump()))


@router.post("/findings/{entry_id}/signature")
async def sign_finding(case_id: UUID, entry_id: UUID, step: Verifying) -> Moved:
    """Sign the finding that the other officer drafted: the case is verified (T11)."""
    return await step.move(lambda: proceedings.sign_finding(step.work, case_id, entry_id))


@router.post("/drafts/{entry_id}/refusal")
async def refuse_draft(case_id: UUID, entry_id: UUID, given: NewReason, step: Verifying) -> Moved:
    """Refuse to sign what the other officer drafted, or take back what one drafted oneself; it stays in the thread."""
    return await step.move(lambda: proceedings.decline(step.work, case_id, entry_id, reason=given.reason))


@router.post("/closing")
async def close(case_id: UUID, given: NewClosing, step: Closing) -> Moved:
    """Close a case in which nothing was established, or whose report was unfounded (T20)."""
    return await step.move(lambda: proceedings.close_unproven(step.work, case_id, **given.model_dump()))


@router.post("/malicious", status_code=_CREATED)
async def propose_malicious(case_id: UUID, given: NewMalicious, step: Closing) -> Added:
    """Propose to find a report malicious; it takes an approval of prefecture level or above."""
    return await step.add(lambda: proceedings.propose_malicious(step.work, case_id, **given.model_dump()))


@router.post("/malicious/{entry_id}/signature")
async def sign_malicious(case_id: UUID, entry_id: UUID, step: Closing) -> Moved:
    """Sign it as the second officer (T25)."""
    return await step.move(lambda: proceedings.sign_malicious(step.work, case_id, entry_id))


@router.post("/feedback", status_code=_CREATED)
async def give_feedback(
    case_id: UUID, given: NewFeedback, step: Annotated[CaseStep, case_step("case.feedback")]
) -> Added:
    """Tell every reporter of the case, by their receipt, what became of what they reported."""
    return await step.add(lambda: proceedings.give_feedback(step.work, case_id, given.text))
