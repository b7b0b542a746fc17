"""My day: what waits for me."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from admin_api.console.gate import Visit, sees
from admin_api.gate import GuardedRoute
from core.app import access, cases

router = APIRouter(prefix="/console", route_class=GuardedRoute)

_SHOWN = 20  # of what waits; the inbox has the rest


@router.get("")
async def show_day(visit: Annotated[Visit, sees("session.read")]) -> Response:
    """Show the items that wait for a word from us, and the colleagues who wait for a key."""
    waiting, total = [], 0
    if visit.may("item.read_metadata"):
        waiting = list((await cases.inbox(visit.work, waiting=True, limit=_SHOWN)).items)
        total = (await cases.counts(visit.work)).waiting
    keys = len(await access.waiting_for_key(visit.work)) if visit.may("shared_key.grant") else 0
    due = list(await access.keys_due(visit.work)) if visit.may("shared_key.rotate") else []
    return visit.page(
        "day.html",
        here="day",
        new=[item for item in waiting if not item.facts],
        supplemented=[item for item in waiting if item.facts],
        more=total - len(waiting),
        keys=keys,
        due=due,
    )
