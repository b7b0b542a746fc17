"""Beside the way of a case: it is held, a clock is lengthened, and at the end it is put away."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.case_shapes import Added, Moved, NewExtension, NewReason
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from core.cases import proceedings

router = APIRouter(prefix="/cases/{case_id}", tags=["holding"], route_class=GuardedRoute)

_CREATED: Final = status.HTTP_201_CREATED
Holding = Annotated[CaseStep, case_step("case.hold")]
Archiving = Annotated[CaseStep, case_step("case.put_away")]


@router.post("/holds")
async def hold(case_id: UUID, given: NewReason, step: Holding) -> Moved:
    """Let verification rest; its clock stands still (T23)."""
    return await step.move(lambda: proceedings.hold(step.work, case_id, reason=given.reason))


@router.post("/resumption")
async def resume(case_id: UUID, given: NewReason, step: Holding) -> Moved:
    """Let verification go on (T23)."""
    return await step.move(lambda: proceedings.resume(step.work, case_id, reason=given.reason))


@router.post("/extensions")
async def extend(case_id: UUID, given: NewExtension, step: Holding) -> Moved:
    """Lengthen a clock, once."""
    return await step.move(lambda: proceedings.extend(step.work, case_id, clock=given.clock, reason=given.reason))


@router.post("/putting-away")
async def put_away(case_id: UUID, given: NewReason, step: Archiving) -> Moved:
    """Seal a case that came to nothing (T24, T27); it opens to nobody here any more."""
    return await step.move(lambda: proceedings.put_away(step.work, case_id, reason=given.reason))


@router.post("/destruction", status_code=_CREATED)
async def propose_destruction(case_id: UUID, given: NewReason, step: Archiving) -> Added:
    """Put a sealed case on the destruction list."""
    return await step.add(lambda: proceedings.propose_destruction(step.work, case_id, reason=given.reason))


@router.post("/destruction/{entry_id}/signature")
async def sign_destruction(
    case_id: UUID, entry_id: UUID, step: Annotated[CaseStep, case_step("case.destroy")]
) -> Moved:
    """Sign the destruction as the archivist, who reads nothing of the case (T24, T27); nobody can bring it back."""
    return await step.move(lambda: proceedings.sign_destruction(step.work, case_id, entry_id))
