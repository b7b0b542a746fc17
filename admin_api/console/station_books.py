"""The record book of a station and quarter: opened with a reason, read, judged by two readers, released, taken out."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, acts, calls, go, names_of, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from admin_api.papers import send_record_book
from admin_api.texts import speak
from core.app import stations
from core.errors import Denied
from core.stations import BookEntry, Result
from core.work import Work

router = APIRouter(prefix="/console/stations", route_class=GuardedRoute)

REASONS: Final = ("look_up", "check", "privacy", "other")
_RESULT: Final = "result-"

Opening = Annotated[UUID | None, Query()]


@router.get("/held")
async def show_held(visit: Annotated[Visit, sees("station.release_entries")]) -> Response:
    """Show the privacy officer in which books entries wait for them."""
    books = await stations.held_books(visit.work)
    return visit.page("station_held.html", here="held", books=books)


@router.get("/obligations/{obligation_id}/book")
async def show_book(
    obligation_id: UUID, visit: Annotated[Visit, sees("station.read_records", write=True)], opening: Opening = None
) -> Response:
    """Show the record book where a reason was given and the key is unlocked, and otherwise ask for them."""
    return await _page(visit, obligation_id, opening)


@router.post("/obligations/{obligation_id}/book/open")
async def give_reason(
    obligation_id: UUID,
    visit: Annotated[Visit, acts("station.read_records")],
    why: Annotated[str, Form(max_length=40)],
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Take the reason and show the book."""
    parts = [speak(visit.language)(f"station.book.reason.{why}")] if why in REASONS[:-1] else []
    reason = " · ".join([*parts, note.strip()] if note.strip() else parts)
    opening = await stations.begin_reading(visit.work, obligation_id, reason)
    return visit.go(f"{_address(obligation_id)}?opening={opening.id}")


@router.post("/obligations/{obligation_id}/book/review")
async def begin_review(obligation_id: UUID, visit: Annotated[Visit, acts("station.review")]) -> Response:
    """Open the book for the half-year review, which is itself the reason."""
    head = await stations.book_head(visit.work, obligation_id)
    half = stations.half_of(head.quarter)
    reason = speak(visit.language)("station.review.reason", year=half[:4], half=half[5:])
    opening = await stations.begin_reading(visit.work, obligation_id, reason)
    return visit.go(f"{_address(obligation_id)}?opening={opening.id}")


@router.post("/obligations/{obligation_id}/book/results")
async def judge(
    request: Request, obligation_id: UUID, caller: Annotated[Caller, posts("station.review")], opening: Opening = None
) -> Response:
    """Take what the reader says of each entry; all of it, or nothing."""
    fields = await typed(request)
    made: list[tuple[int, int]] = []

    async def act(work: Work) -> None:
        chosen = {name.removeprefix(_RESULT): value for name, value in fields.items() if name.startswith(_RESULT)}
        results = {Given({"entry": name}).id("entry"): value for name, value in chosen.items()}
        if opening is None:
            raise Denied("reason_needed")
        made.append(await stations.judge_book(work, obligation_id, results, opening_id=opening))

    kept = await attempt(request, caller, "results", fields, act)
    if kept is None:
        proposed, confirmed = made[0]
        address = f"{_address(obligation_id)}?opening={opening}"
        return go(caller.app, address, "said.book_judged", proposed=proposed, confirmed=confirmed)
    async with caller.begin() as work:
        return await _page(await visit_of(request, caller, work), obligation_id, opening, kept)


@router.post("/obligations/{obligation_id}/book/releases")
async def release(
    request: Request,
    obligation_id: UUID,
    caller: Annotated[Caller, posts("station.release_entries")],
    opening: Opening = None,
) -> Response:
    """Let the readers see an entry that was held."""
    fields = await typed(request)

    async def act(work: Work) -> None:
        await stations.release_entry(work, Given(fields).id("entry"))

    kept = await attempt(request, caller, "release", fields, act)
    if kept is None:
        return go(caller.app, f"{_address(obligation_id)}?opening={opening}", "said.entry_released")
    async with caller.begin() as work:
        return await _page(await visit_of(request, caller, work), obligation_id, opening, kept)


@router.get("/obligations/{obligation_id}/book.docx")
async def take_out(
    obligation_id: UUID, caller: Annotated[Caller, calls("station.read_records")], opening: Annotated[UUID, Query()]
) -> Response:
    """Send the book under the reason that was given for it."""
    return await send_record_book(caller, obligation_id, opening)


async def _page(visit: Visit, obligation_id: UUID, opening: UUID | None, kept: Kept | None = None) -> Response:
    head = await stations.book_head(visit.work, obligation_id)
    entries = await _opened(visit, obligation_id, opening) if opening and visit.staff.key else None
    may_judge = visit.may("station.review")
    people = {each for entry in entries or () for each in (entry.by, entry.read_by) if each is not None}
    return visit.page(
        "station_book.html",
        here="stations" if visit.may("station.list") else "held",
        status=kept.problem.status if kept else HTTPStatus.OK,
        head=head,
        address=_address(obligation_id),
        half=stations.half_of(head.quarter),
        entries=entries,
        names=await names_of(visit, people),
        me_id=visit.staff.person_id,
        results=[each.value for each in Result],
        is_under_review=may_judge and head.state in {"locked", "heard"},
        opening=opening,
        expired=bool(opening) and entries is None and visit.staff.key is not None,
        reasons=REASONS,
        kept=kept,
        **await _beside(visit, obligation_id, head.quarter, entries, may_judge=may_judge),
    )


async def _beside(
    visit: Visit, obligation_id: UUID, quarter: str, entries: Sequence[BookEntry] | None, *, may_judge: bool
) -> Mapping[str, Any]:
    """Return which book a reader goes on with, and whether this one has something for them to decide."""
    if not may_judge or entries is None:
        return {"next_book": None, "to_judge": False}
    review = await stations.review(visit.work, stations.half_of(quarter))
    following = review.next_after(obligation_id)
    to_judge = any(not each.is_held and not each.is_confirmed for each in entries)
    is_other = following is not None and following.obligation_id != obligation_id
    return {"next_book": following if is_other else None, "to_judge": to_judge}


async def _opened(visit: Visit, obligation_id: UUID, opening: UUID) -> Sequence[BookEntry] | None:
    """Open the book; nothing when the reason given has expired, which only asks for another one."""
    try:
        return await stations.read_book(visit.work, obligation_id, opening_id=opening)
    except Denied as error:
        if error.code != "reason_needed":
            raise
        return None


def _address(obligation_id: UUID) -> str:
    return f"/console/stations/obligations/{obligation_id}/book"
