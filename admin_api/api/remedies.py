"""Review and appeal: taken in, heard by people who have not touched the case; and what a revocation brings with it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.measure_requests import NewAdmission, NewClearing, NewDelivery, NewRemedy, NewRuling
from admin_api.api.measure_shapes import MovedMeasure, MovedRemedy, SettledNotice
from admin_api.api.measure_steps import MeasureStep, measure_step, remedy_step, told_step
from admin_api.gate import GuardedRoute
from core.app import access, warnings
from core.warnings import RemedyLine

router = APIRouter(tags=["remedies"], route_class=GuardedRoute)

Hearing = Annotated[MeasureStep, remedy_step("measure.read")]
"""Reviews and appeals are heard by different people; the verb asks for the part of whoever hears this one."""


@router.post("/measures/{measure_id}/remedies", status_code=status.HTTP_201_CREATED)
async def ask(
    measure_id: UUID, given: NewRemedy, step: Annotated[MeasureStep, measure_step("remedy.take")]
) -> MovedRemedy:
    """Take a wish for review or an appeal into the file; one that comes late is taken too, and a person decides."""

    async def act() -> access.Result:
        return _line(await warnings.ask_remedy(step.work, measure_id, **given.model_dump()))

    return await step.take(MovedRemedy, act)


@router.post("/remedies/{remedy_id}/admission")
async def admit(remedy_id: UUID, given: NewAdmission, step: Hearing) -> MovedRemedy:
    """Decide whether a wish that came late is heard."""

    async def act() -> access.Result:
        return _line(await warnings.admit(step.work, remedy_id, **given.model_dump()))

    return await step.take(MovedRemedy, act)


@router.post("/remedies/{remedy_id}/decision")
async def decide(remedy_id: UUID, given: NewRuling, step: Hearing) -> MovedRemedy:
    """Decide a review or an appeal; upheld, it revokes the measure and undoes every effect from its beginning."""

    async def act() -> access.Result:
        return _line(await warnings.decide_remedy(step.work, remedy_id, **given.model_dump()))

    return await step.take(MovedRemedy, act)


@router.post("/measures/{measure_id}/name-clearing")
async def clear_name(
    measure_id: UUID, given: NewClearing, step: Annotated[MeasureStep, measure_step("measure.clear_name")]
) -> MovedMeasure:
    """Record what the person wished once a measure was revoked: a clarification, or none."""
    return await step.move(lambda: warnings.clear_name(step.work, measure_id, **given.model_dump()))


@router.post("/told/{told_id}/delivery")
async def settle_notice(
    told_id: UUID, given: NewDelivery, step: Annotated[MeasureStep, told_step("measure.settle_notice")]
) -> SettledNotice:
    """Record how the notice of a revocation reached a unit that was told of the measure."""

    async def act() -> access.Result:
        await warnings.settle_notice(step.work, told_id, delivery=given.delivery)
        return {"id": str(told_id), "delivery": given.delivery}

    return await step.take(SettledNotice, act)


def _line(remedy: RemedyLine) -> access.Result:
    """Return a remedy as it is kept for a request that is sent again."""
    return {
        "id": str(remedy.id),
        "kind": remedy.kind,
        "is_late": remedy.is_late,
        "admitted": remedy.admitted,
        "ruling": remedy.ruling,
    }
