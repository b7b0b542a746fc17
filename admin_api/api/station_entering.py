"""A record that a station told by telephone, entered by a machine as staff do at the console."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.replies import do_once
from admin_api.api.station_people_shapes import EnteredRecord, ToldRecord
from admin_api.gate import GuardedRoute
from admin_api.revisions import case_revision
from admin_api.told import Looked, look, require_no_entries
from core.app import access, stations
from core.errors import Invalid
from core.work import Work

router = APIRouter(prefix="/stations/obligations", tags=["stations"], route_class=GuardedRoute)


@router.post("/{obligation_id}/entering", status_code=status.HTTP_201_CREATED)
async def enter(
    obligation_id: UUID,
    given: ToldRecord,
    request: Request,
    response: Response,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.enter")],
) -> EnteredRecord:
    """Enter what a station told by telephone: it is a signed record at once, and cannot be changed.

    ``refused`` names the category that the gate refused: then nothing was entered, and nothing of it is kept.
    """

    async def act() -> access.Result:
        refused = await _entered(work, obligation_id, given)
        course = await stations.course(work, obligation_id)
        return {
            "obligation_id": str(obligation_id),
            "state": course.state,
            "version": course.version,
            "refused": refused,
        }

    entered = EnteredRecord.model_validate(await do_once(request, work, key, act))
    response.headers["etag"] = case_revision(entered.version)
    return entered


async def _entered(work: Work, obligation_id: UUID, given: ToldRecord) -> str | None:
    """Enter the record, or return the category that was refused."""
    people = {"told_by": given.told_by, "confirmed_by": given.confirmed_by}
    if given.is_nil:
        require_no_entries(given.entries)
        await stations.enter_nil(work, obligation_id, **people)
        return None
    looked = await look(work, obligation_id, given.entries)
    _require_answers(looked)
    for end in looked.refused.values():
        return end.category
    await stations.enter_record(work, obligation_id, entries=looked.done, **people)
    return None


def _require_answers(looked: Looked) -> None:
    """Raise `Invalid` (``entry_does_not_fit``) for the first answer that is missing or cannot be taken."""
    for place, problems in looked.problems.items():
        for name in problems:
            raise Invalid("entry_does_not_fit", field=name, place=place + 1)
