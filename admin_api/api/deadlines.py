"""What is due, for the day of whoever asks."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from admin_api.api.case_shapes import Deadline
from admin_api.api.gate import needs
from admin_api.gate import GuardedRoute
from core.cases import proceedings
from core.deadlines import Due
from core.work import Work

router = APIRouter(prefix="/deadlines", tags=["deadlines"], route_class=GuardedRoute)


@router.get("")
async def list_deadlines(
    work: Annotated[Work, needs("case.read", write=False)],
    kind: Annotated[list[str] | None, Query(max_length=20, description="Only these kinds.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Deadline]:
    """Return what runs of the items and cases that the caller may know of, the earliest last day first."""
    today = work.clock.today()
    return [deadline_of(each, today) for each in await proceedings.due(work, kinds=kind, limit=limit)]


def deadline_of(due: Due, today: date) -> Deadline:
    """Return the shape of a clock as it stands today."""
    return Deadline(
        id=due.id,
        subject_kind="case" if due.subject_kind == "case" else "item",
        subject_id=due.subject_id,
        body=due.body,
        kind=due.kind,
        begun_on=due.begun_on,
        due_on=due.due_on,
        extended=due.extended,
        paused_on=due.paused_on,
        done_on=due.done_on,
        is_overdue=due.is_overdue(today),
    )
