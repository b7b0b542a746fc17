"""The course of a measure that was served: what is handed in, who assesses, what is decided, how it ends."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from admin_api.api.case_shapes import NewReason
from admin_api.api.measure_requests import (
    NewAssessment,
    NewFollowUp,
    NewLetterReading,
    NewOutcome,
    NewPanel,
    NewReplacement,
    NewReport,
)
from admin_api.api.measure_shapes import MovedMeasure
from admin_api.api.measure_steps import MeasureStep, measure_step
from admin_api.gate import GuardedRoute
from core.app import warnings

router = APIRouter(prefix="/measures/{measure_id}", tags=["measures"], route_class=GuardedRoute)

Following = Annotated[MeasureStep, measure_step("measure.follow")]
Assessing = Annotated[MeasureStep, measure_step("measure.assess")]


@router.post("/reports")
async def take_report(measure_id: UUID, given: NewReport, step: Following) -> MovedMeasure:
    """Take what the person handed in into the file."""
    return await step.move(lambda: warnings.take_report(step.work, measure_id, **given.model_dump()))


@router.post("/panel")
async def name_panel(
    measure_id: UUID, given: NewPanel, step: Annotated[MeasureStep, measure_step("measure.name_panel")]
) -> MovedMeasure:
    """Name the group that assesses a suspension; its members can read the case from then on."""
    return await step.move(lambda: warnings.name_panel(step.work, measure_id, given.people))


@router.post("/replacements")
async def replace_member(
    measure_id: UUID, given: NewReplacement, step: Annotated[MeasureStep, measure_step("measure.replace_member")]
) -> MovedMeasure:
    """Let somebody take the place of one who can no longer hear a review or an appeal, or assess.

    ``vacancies`` of the measure name both. The newcomer can read the case from then on; what was signed stays.
    """
    return await step.move(lambda: warnings.replace_member(step.work, measure_id, **given.model_dump()))


@router.post("/assessments")
async def assess(measure_id: UUID, given: NewAssessment, step: Assessing) -> MovedMeasure:
    """Record the assessment, from the last day of the term on; of a suspension it takes every member's signature."""
    assessment = warnings.Assessment(**given.model_dump(exclude={"grounds"}), grounds=frozenset(given.grounds))
    return await step.move(lambda: warnings.assess(step.work, measure_id, assessment))


@router.post("/assessments/signature")
async def sign_assessment(measure_id: UUID, step: Assessing) -> MovedMeasure:
    """Sign the panel's assessment as one of its members; with the last of them it counts."""
    return await step.move(lambda: warnings.sign_assessment(step.work, measure_id))


@router.post("/outcome")
async def decide_outcome(
    measure_id: UUID, given: NewOutcome, step: Annotated[MeasureStep, measure_step("measure.decide")]
) -> MovedMeasure:
    """Decide what comes of an assessment; whatever is not lifted is a new decision, drafted and served of its own."""
    return await step.move(lambda: warnings.decide_outcome(step.work, measure_id, **given.model_dump()))


@router.post("/letter-readings")
async def read_letter(measure_id: UUID, given: NewLetterReading, step: Following) -> MovedMeasure:
    """Say, as one of two readers, what the reply to a letter comes to; where both say the same it is so."""
    return await step.move(lambda: warnings.read_letter(step.work, measure_id, **given.model_dump()))


@router.post("/follow-up")
async def follow_up(measure_id: UUID, given: NewFollowUp, step: Following) -> MovedMeasure:
    """Write the note that follows a talk; with it the talk is over."""
    return await step.move(lambda: warnings.follow_up(step.work, measure_id, **given.model_dump()))


@router.post("/lapse")
async def lapse(
    measure_id: UUID, given: NewReason, step: Annotated[MeasureStep, measure_step("measure.lapse")]
) -> MovedMeasure:
    """Let a measure lapse that was not assessed in time: nothing can be held against the person from it."""
    return await step.move(lambda: warnings.lapse(step.work, measure_id, reason=given.reason))


@router.post("/closing")
async def close(
    measure_id: UUID, given: NewReason, step: Annotated[MeasureStep, measure_step("measure.close")]
) -> MovedMeasure:
    """Close what needs nothing more: a decision that stands, or an outcome that nothing will follow."""
    return await step.move(lambda: warnings.close(step.work, measure_id, reason=given.reason))
