"""My day: what is due, and what waits for me."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from admin_api.console.gate import Visit, sees
from admin_api.gate import GuardedRoute
from core.app import access, cases, warnings
from core.cases import proceedings

router = APIRouter(prefix="/console", route_class=GuardedRoute)

_SHOWN: Final = 20  # of what waits; the inbox has the rest
_DUE: Final = 12


@router.get("")
async def show_day(visit: Annotated[Visit, sees("session.read")]) -> Response:
    """Show what is due, the next steps that are the person's own, and the items that wait for a word from us."""
    waiting, counts, states = [], 0, {}
    if visit.may("item.ask"):
        waiting = list((await cases.inbox(visit.work, waiting=True, limit=_SHOWN)).items)
        found = await cases.counts(visit.work, states=["acknowledged"])
        counts, states = found.waiting, dict(found.states)
    held = await access.held_keys(visit.work) if visit.may("shared_key.grant") else ()
    return visit.page(
        "day.html",
        here="day",
        new=[item for item in waiting if not item.facts],
        supplemented=[item for item in waiting if item.facts],
        more=counts - len(waiting),
        to_card=states.get("acknowledged", 0) if visit.may("item.card") else 0,
        keys=sum(len(key.waiting) for key in held),
        due_keys=sum(key.is_due for key in held),
        tasks=visit.tasks,
        today=visit.work.clock.today(),
        **await _due(visit),
    )


async def _due(visit: Visit) -> Mapping[str, Any]:
    """Return the clocks that the person may know of, the earliest first, with the numbers of their cases."""
    if not visit.may("case.read"):
        return {"clocks": (), "case_numbers": {}}
    clocks = await warnings.due(visit.work, limit=_DUE)
    return {"clocks": clocks, "case_numbers": await _numbers(visit, [one.subject_id for one in clocks])}


async def _numbers(visit: Visit, subjects: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return the numbers of those that are cases; an item has no number but its own."""
    cases_among = await proceedings.summaries_of(visit.work, subjects) if subjects else ()
    return {case.id: f"{case.year}-{case.number}" for case in cases_among}
