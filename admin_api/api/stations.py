"""Stations: how an obligation went on, whom the plan writes to, and whom the department calls."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from admin_api.api.gate import needs
from admin_api.api.station_shapes import ObligationCourse, PlannedReminder, StationCall, StationShape
from admin_api.gate import GuardedRoute
from admin_api.revisions import case_revision
from core.app import stations
from core.work import Work

router = APIRouter(prefix="/stations", tags=["stations"], route_class=GuardedRoute)


@router.get("")
async def list_stations(work: Annotated[Work, needs("station.list", write=False)]) -> list[StationShape]:
    """Return the stations, neighbours in their order."""
    return [StationShape.model_validate(each) for each in await stations.stations(work)]


@router.get("/calls")
async def list_calls(work: Annotated[Work, needs("station.list", write=False)]) -> list[StationCall]:
    """Return whom the department calls about the open rounds, and why."""
    return [StationCall.model_validate(each) for each in await stations.call_list(work)]


@router.get("/plan")
async def read_plan(
    work: Annotated[Work, needs("station.list", write=False)],
    quarter: Annotated[str, Query(max_length=10, examples=["2026Q3"])],
) -> list[PlannedReminder]:
    """Return whom the plan of a quarter would write to and when, if no station answered; nothing is sent."""
    return [PlannedReminder.model_validate(each) for each in await stations.dry_run(work, quarter)]


@router.get("/obligations/{obligation_id}")
async def read_obligation(
    obligation_id: UUID, response: Response, work: Annotated[Work, needs("station.list", write=False)]
) -> ObligationCourse:
    """Return what happened to an obligation when, and who was reminded of it; the ETag is its version."""
    found = ObligationCourse.model_validate(await stations.course(work, obligation_id))
    response.headers["etag"] = case_revision(found.version)
    return found
