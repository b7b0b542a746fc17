"""What is due, for the day of whoever asks."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request

from admin_api.api.case_shapes import Deadline, Deadlines
from admin_api.api.gate import needs
from admin_api.gate import GuardedRoute
from admin_api.paging import day_word, next_link, read_day
from core.app import warnings
from core.deadlines import Due
from core.work import Work

router = APIRouter(prefix="/deadlines", tags=["deadlines"], route_class=GuardedRoute)


@router.get("")
async def list_deadlines(
    request: Request,
    work: Annotated[Work, needs("case.read", write=False)],
    kind: Annotated[list[str] | None, Query(max_length=20, description="Only these kinds.")] = None,
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Deadlines:
    """Return what runs of the items, cases and measures that the caller may know of, the earliest last day first."""
    today = work.clock.today()
    found = await warnings.due(work, kinds=kind, after=read_day(after), limit=limit + 1)
    shown = found[:limit]
    word = _word(shown[-1]) if len(found) > limit else None
    return Deadlines(deadlines=[deadline_of(each, today) for each in shown], next=next_link(request, word))


def deadline_of(due: Due, today: date) -> Deadline:
    """Return the shape of a clock as it stands today."""
    return Deadline.model_validate({**asdict(due), "is_overdue": due.is_overdue(today)})


def _word(due: Due) -> str | None:
    """Return the word for the place of a clock; what is listed has a last day."""
    return day_word(due.due_on, due.id) if due.due_on else None
