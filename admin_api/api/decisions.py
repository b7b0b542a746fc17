"""Decisions: classification and analysis, what the leading group confirms or concludes, and what is handed over."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.case_shapes import (
    Added,
    Moved,
    NewClassification,
    NewConclusion,
    NewReason,
    NewReopening,
    NewText,
)
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from core.cases import proceedings

router = APIRouter(prefix="/cases/{case_id}", tags=["decisions"], route_class=GuardedRoute)

_CREATED: Final = status.HTTP_201_CREATED
Classifying = Annotated[CaseStep, case_step("case.classify")]


@router.post("/classifications", status_code=_CREATED)
async def classify(case_id: UUID, given: NewClassification, step: Classifying) -> Added:
    """Classify what was found (T13); the catch-all M8 takes the signature of the other officer before it counts."""
    classification = proceedings.Classification(**given.model_dump())
    return await step.add(lambda: proceedings.classify(step.work, case_id, classification))


@router.post("/classifications/{entry_id}/signature")
async def sign_classification(case_id: UUID, entry_id: UUID, step: Classifying) -> Moved:
    """Sign a classification as M8."""
    return await step.move(lambda: proceedings.sign_classification(step.work, case_id, entry_id))


@router.post("/analysis")
async def analyse(case_id: UUID, given: NewText, step: Annotated[CaseStep, case_step("case.analyse")]) -> Moved:
    """Write the office's analysis (T14)."""
    return await step.move(lambda: proceedings.analyse(step.work, case_id, given.text))


@router.post("/referrals", status_code=_CREATED)
async def refer(case_id: UUID, given: NewReason, step: Annotated[CaseStep, case_step("case.refer")]) -> Added:
    """Propose to hand the case to the discipline commission, since it amounts to a sanction."""
    return await step.add(lambda: proceedings.refer(step.work, case_id, reason=given.reason))


@router.post("/referrals/{entry_id}/signature")
async def accept_referral(
    case_id: UUID, entry_id: UUID, step: Annotated[CaseStep, case_step("case.accept_referral")]
) -> Moved:
    """Take the case over for the discipline commission (T12, T28): no warning may follow here any more."""
    return await step.move(lambda: proceedings.accept_referral(step.work, case_id, entry_id))


@router.post("/referrals/{entry_id}/refusal")
async def decline_referral(
    case_id: UUID, entry_id: UUID, given: NewReason, step: Annotated[CaseStep, case_step("case.accept_referral")]
) -> Moved:
    """Refuse to take the case over, or take the proposal back: it goes on where it stands."""
    return await step.move(lambda: proceedings.decline_referral(step.work, case_id, entry_id, reason=given.reason))


@router.post("/confirmation")
async def confirm(case_id: UUID, given: NewText, step: Annotated[CaseStep, case_step("case.confirm")]) -> Moved:
    """Confirm the finding after the leading group's meeting (T16)."""
    return await step.move(lambda: proceedings.confirm(step.work, case_id, text=given.text))


@router.post("/submission")
async def submit(case_id: UUID, given: NewReason, step: Annotated[CaseStep, case_step("meeting.call")]) -> Moved:
    """Bring a case before the leading group outside of its meetings, to be ended or taken up again."""
    return await step.move(lambda: proceedings.submit(step.work, case_id, reason=given.reason))


@router.post("/conclusion")
async def conclude(case_id: UUID, given: NewConclusion, step: Annotated[CaseStep, case_step("case.conclude")]) -> Moved:
    """End a case without a form of warning (T22)."""
    return await step.move(lambda: proceedings.conclude(step.work, case_id, how=given.how, reasons=given.reasons))


@router.post("/reopening")
async def reopen(case_id: UUID, given: NewReopening, step: Annotated[CaseStep, case_step("case.reopen")]) -> Moved:
    """Take a closed case up again on new evidence (T21)."""
    return await step.move(lambda: proceedings.reopen(step.work, case_id, new_evidence=given.new_evidence))
