"""Who works on a case: two officers named, their relations declared, assigned; and who is taken off it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status

from admin_api.api.case_shapes import Declaration, Moved, NewDeclaration, NewOfficers, NewRecusal
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from core.app import access
from core.cases import proceedings

router = APIRouter(prefix="/cases/{case_id}", tags=["assignment"], route_class=GuardedRoute)


@router.post("/officers")
async def nominate(case_id: UUID, given: NewOfficers, step: Annotated[CaseStep, case_step("case.nominate")]) -> Moved:
    """Name the officer of each body; they can read the case from then on, and declare their relations first."""
    org, disc = given.officer_org, given.officer_disc
    return await step.move(lambda: proceedings.nominate(step.work, case_id, officer_org=org, officer_disc=disc))


@router.post("/declarations", status_code=status.HTTP_201_CREATED)
async def declare(
    case_id: UUID, given: NewDeclaration, step: Annotated[CaseStep, case_step("case.declare")]
) -> Declaration:
    """Declare one's relation to the subject; whoever must step aside can do nothing more in the case."""
    months = given.months_since_leaving

    async def act() -> access.Result:
        relation = given.relation
        return {"answer": await proceedings.declare(step.work, case_id, relation=relation, months_since_leaving=months)}

    return Declaration.model_validate(await step.take(act))


@router.post("/assignment")
async def assign(case_id: UUID, step: Annotated[CaseStep, case_step("case.assign")]) -> Moved:
    """Let verification begin, once both officers have declared that they may act (T8)."""
    return await step.move(lambda: proceedings.assign(step.work, case_id))


@router.post("/recusals")
async def recuse(case_id: UUID, given: NewRecusal, step: Annotated[CaseStep, case_step("case.recuse")]) -> Moved:
    """Take somebody off a case after an objection that is upheld."""
    return await step.move(lambda: proceedings.recuse(step.work, case_id, given.person_id, reason=given.reason))
