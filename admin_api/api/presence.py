"""Who else is here: an open page says so every minute, and is told who else has the same before them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from admin_api.api.gate import needs
from admin_api.api.shapes import Shape
from admin_api.gate import GuardedRoute
from core.app import presence
from core.work import Work

router = APIRouter(tags=["presence"], route_class=GuardedRoute)


class Colleague(Shape):
    """Somebody who has the item or case before them, and when they were last seen."""

    person_id: UUID
    name: str
    seen_at: datetime


class Here(Shape):
    """Who was seen within the last two minutes, the caller left out."""

    people: list[Colleague]


@router.post("/items/{item_id}/presence")
async def at_item(item_id: UUID, work: Annotated[Work, needs("item.read_metadata")]) -> Here:
    """Say that the caller has an item before them, and learn who else has; it is kept for minutes, in no trail."""
    return _here(await presence.at_item(work, item_id))


@router.post("/cases/{case_id}/presence")
async def at_case(case_id: UUID, work: Annotated[Work, needs("case.read")]) -> Here:
    """Say that the caller has a case before them, and learn who else has; it is kept for minutes, in no trail."""
    return _here(await presence.at_case(work, case_id))


def _here(found: Sequence[presence.Present]) -> Here:
    return Here(people=[Colleague.model_validate(each) for each in found])
