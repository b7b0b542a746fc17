"""Record books: read with a reason, judged by two readers in the half-year review, released, taken out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from admin_api.api.documents import sends
from admin_api.api.gate import IdempotencyKey, calls, needs
from admin_api.api.items import OpeningId
from admin_api.api.replies import do_once
from admin_api.api.shapes import NewOpening, Opening
from admin_api.api.station_book_shapes import (
    BookEntry,
    BookLine,
    HalfYearReview,
    HeldBook,
    Judged,
    NewResults,
    RecordBook,
    Released,
    SetDown,
)
from admin_api.api.station_shapes import StationShape
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import send_record_book
from core import documents
from core.app import access, stations
from core.work import Work

router = APIRouter(prefix="/stations", tags=["stations"], route_class=GuardedRoute)

Half = Annotated[str, Query(max_length=10, examples=["2026H1"])]


@router.get("/review")
async def read_review(work: Annotated[Work, needs("station.review", write=False)], half: Half) -> HalfYearReview:
    """Return the books of a half-year, and what is left in each for the caller."""
    return HalfYearReview.model_validate(await stations.review(work, half))


@router.post("/review/nothing")
async def set_down_reviewed(
    request: Request, key: IdempotencyKey, work: Annotated[Work, needs("station.review")], half: Half
) -> SetDown:
    """Set down as reviewed the records of a half-year in which nothing is left to decide."""

    async def act() -> access.Result:
        return {"count": await stations.set_down_reviewed(work, half)}

    return SetDown.model_validate(await do_once(request, work, key, act))


@router.get("/held")
async def list_held(work: Annotated[Work, needs("station.release_entries", write=False)]) -> list[HeldBook]:
    """Return the books with entries that wait for the privacy officer, the oldest quarter first."""
    return [HeldBook.model_validate(each) for each in await stations.held_books(work)]


@router.post("/obligations/{obligation_id}/book/openings", status_code=status.HTTP_201_CREATED)
async def begin_opening(
    obligation_id: UUID, given: NewOpening, request: Request, work: Annotated[Work, needs("station.read_records")]
) -> Opening:
    """Give the reason for which a record book is read; it is kept, sealed to the auditors."""
    await stations.book_head(work, obligation_id)
    made = await stations.begin_reading(work, obligation_id, given.reason)
    content = f"{request.url.path.removesuffix('/openings')}?opening={made.id}"
    return Opening(id=made.id, expires_at=made.expires_at, content=content)


@router.get("/obligations/{obligation_id}/book")
async def read_book(
    obligation_id: UUID, opening_id: OpeningId, work: Annotated[Work, needs("station.read_records")]
) -> RecordBook:
    """Return the record book of a station and quarter; the read is recorded."""
    head = await stations.book_head(work, obligation_id)
    entries = await stations.read_book(work, obligation_id, opening_id=opening_id)
    return RecordBook(
        obligation_id=head.obligation_id,
        station=StationShape.model_validate(head.station),
        quarter=head.quarter,
        state=head.state,
        is_nil=head.is_nil,
        is_late=head.is_late,
        submitted_by=head.submitted_by,
        submitted_at=head.submitted_at,
        signed_by=head.signed_by,
        signed_at=head.signed_at,
        entered_by=head.entered_by,
        entries=[_entry(each) for each in entries],
    )


@router.get(
    "/obligations/{obligation_id}/book/document",
    responses=sends(documents.MEDIA_TYPE, "The record book, in its uniform layout."),
    response_class=Response,
)
async def take_out(
    obligation_id: UUID, opening_id: OpeningId, caller: Annotated[Caller, calls("station.read_records")]
) -> Response:
    """Send the record book as a document; that it was taken out is recorded."""
    return await send_record_book(caller, obligation_id, opening_id)


@router.post("/obligations/{obligation_id}/book/results")
async def judge(
    obligation_id: UUID,
    given: NewResults,
    opening_id: OpeningId,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("station.review")],
) -> Judged:
    """Say what becomes of entries; what another reader said just so is decided by it. All are taken, or none."""

    async def act() -> access.Result:
        proposed, confirmed = await stations.judge_book(work, obligation_id, given.results, opening_id=opening_id)
        return {"proposed": proposed, "confirmed": confirmed}

    return Judged.model_validate(await do_once(request, work, key, act))


@router.post("/entries/{entry_id}/release")
async def release(
    entry_id: UUID, request: Request, key: IdempotencyKey, work: Annotated[Work, needs("station.release_entries")]
) -> Released:
    """Let the readers see an entry that was held, as one of many about one official."""

    async def act() -> access.Result:
        await stations.release_entry(work, entry_id)
        return {"id": str(entry_id)}

    return Released.model_validate(await do_once(request, work, key, act))


def _entry(found: stations.BookEntry) -> BookEntry:
    return BookEntry.model_validate(
        {
            "id": found.id,
            "place": found.place,
            "lines": [BookLine(label=label, value=value) for label, value in found.lines],
            "written_by": found.by,
            "written_on": found.on,
            "is_held": found.is_held,
            "is_urgent": found.is_urgent,
            "result": found.result,
            "read_by": found.read_by,
            "is_confirmed": found.is_confirmed,
        }
    )
