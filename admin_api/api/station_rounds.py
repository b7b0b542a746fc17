"""The rounds of the stations: opened, excused from, read as a tree, in lists and in figures, and taken out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response, status

from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.replies import do_once
from admin_api.api.shapes import Unit
from admin_api.api.station_shapes import (
    ExportedRound,
    ExportedRow,
    ListedStation,
    MovedObligation,
    NewExcuse,
    NewExport,
    NewRound,
    RoundCounts,
    StationBranch,
    StationFigures,
    StationList,
    StationRound,
    StationShape,
    StationTree,
)
from admin_api.gate import GuardedRoute
from admin_api.paging import next_link, read_station_place, station_word
from admin_api.revisions import case_revision, require_obligation_seen
from core.app import access, stations
from core.stations import Bough, Row
from core.work import Work

router = APIRouter(prefix="/stations", tags=["stations"], route_class=GuardedRoute)

Reads = Annotated[Work, needs("station.list", write=False)]
Under = Annotated[UUID | None, Query(description="Only what is at or below this unit.")]


@router.get("/rounds")
async def list_rounds(work: Reads, limit: Annotated[int, Query(ge=1, le=200)] = 8) -> list[StationRound]:
    """Return the newest rounds, the newest first."""
    return [StationRound.model_validate(each) for each in await stations.rounds(work, limit=limit)]


@router.post("/rounds", status_code=status.HTTP_201_CREATED)
async def open_round(
    given: NewRound, request: Request, key: IdempotencyKey, work: Annotated[Work, needs("station.round")]
) -> StationRound:
    """Open the round of a quarter: every station owes its record from then on. It cannot be taken back."""

    async def act() -> access.Result:
        return {"quarter": (await stations.open_round(work, given.quarter)).quarter}

    done = await do_once(request, work, key, act)
    return StationRound.model_validate(await stations.round_of(work, str(done["quarter"])))


@router.post("/obligations/{obligation_id}/excuse")
async def excuse(
    obligation_id: UUID,
    given: NewExcuse,
    request: Request,
    response: Response,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.round")],
    seen: Annotated[
        str | None,
        Header(alias="If-Match", description="The ETag of the obligation as the caller saw it."),
    ] = None,
) -> MovedObligation:
    """Excuse a station from a round, for a reason; it is not reminded any more and cannot file."""

    async def act() -> access.Result:
        require_obligation_seen(await stations.held_still(work, obligation_id), seen)
        await stations.excuse(work, obligation_id, reason=given.reason)
        course = await stations.course(work, obligation_id)
        return {"obligation_id": str(obligation_id), "state": course.state, "version": course.version}

    moved = MovedObligation.model_validate(await do_once(request, work, key, act))
    response.headers["etag"] = case_revision(moved.version)
    return moved


@router.post("/obligations/{obligation_id}/calls", status_code=status.HTTP_201_CREATED)
async def note_call(
    obligation_id: UUID,
    request: Request,
    response: Response,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.round")],
) -> MovedObligation:
    """Write down that somebody called a station about the record that it owes; what was said is not kept."""

    async def act() -> access.Result:
        await stations.note_call(work, obligation_id)
        course = await stations.course(work, obligation_id)
        return {"obligation_id": str(obligation_id), "state": course.state, "version": course.version}

    noted = MovedObligation.model_validate(await do_once(request, work, key, act))
    response.headers["etag"] = case_revision(noted.version)
    return noted


@router.get("/rounds/{quarter}/tree")
async def read_tree(
    quarter: str, work: Reads, under: Under = None, most: Annotated[int, Query(ge=1, le=5_000)] = 250
) -> StationTree:
    """Return a round as the tree of units: level by level, as long as no more than ``most`` branches are shown."""
    found = await stations.tree(work, quarter, under=under, most=most)
    round_ = StationRound.model_validate(found.round)
    return StationTree(round=round_, counts=dict(found.counts), branches=[_branch(each) for each in found.boughs])


@router.get("/rounds/{quarter}/list")
async def read_list(
    quarter: str,
    request: Request,
    work: Reads,
    what: Annotated[str, Query(max_length=20, examples=["returned"], description="An answer, or ``unreachable``.")],
    under: Under = None,
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StationList:
    """Return the stations that answered in one way, and for whom each record waits."""
    page = await stations.listed(work, quarter, what, under=under, after=read_station_place(after), limit=limit)
    word = station_word(page.next) if page.next else None
    shown = [ListedStation.model_validate(each) for each in page.listed]
    return StationList(counts=dict(page.counts), stations=shown, next=next_link(request, word))


@router.get("/rounds/{quarter}/figures")
async def read_figures(quarter: str, work: Reads) -> StationFigures:
    """Return how a round came in, how in time the newest eight were, and who is out of reach now, by why."""
    found = await stations.figures(work, quarter)
    by_quarter = [RoundCounts(quarter=each.round.quarter, counts=dict(each.counts)) for each in found.by_quarter]
    return StationFigures.model_validate(
        {
            "quarter": quarter,
            "obliged": found.over_time.obliged,
            "days": list(found.over_time.days),
            "stages": list(found.over_time.stages),
            "by_quarter": by_quarter,
            "unreachable": dict(found.unreachable),
        }
    )


@router.post("/rounds/{quarter}/export")
async def take_out(quarter: str, given: NewExport, work: Annotated[Work, needs("station.list")]) -> ExportedRound:
    """Return one row for each obligation of a round; that it was taken out, and why, is recorded."""
    found = await stations.export_round(work, quarter, reason=given.reason)
    return ExportedRound(round=StationRound.model_validate(found.round), rows=[_row(each) for each in found.rows])


def _branch(bough: Bough) -> StationBranch:
    return StationBranch(
        unit=Unit.model_validate(bough.unit),
        counts=dict(bough.counts),
        obligation_id=bough.stand.obligation_id if bough.stand else None,
        answer=bough.stand.answer if bough.stand else None,  # type: ignore[arg-type]  # checked by the shape
        is_unreachable=bool(bough.stand and bough.stand.is_unreachable),
        has_more=bough.has_more,
        children=[_branch(each) for each in bough.children],
    )


def _row(row: Row) -> ExportedRow:
    return ExportedRow.model_validate(
        {
            **{name: getattr(row, name) for name in ExportedRow.model_fields if name not in {"station", "under"}},
            "station": StationShape.model_validate(row.station),
            "under": row.under.code if row.under else None,
        }
    )
