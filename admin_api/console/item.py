"""One item beside the list: clear facts first, content after a reason, then what can be done."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query
from starlette.responses import Response, StreamingResponse

from admin_api import files
from admin_api.console.attempts import Kept
from admin_api.console.card_view import card_values
from admin_api.console.gate import Visit, acts, calls, names_of, sees
from admin_api.console.here import in_words
from admin_api.console.inbox import Filtered, Filters, list_values
from admin_api.gate import Caller, GuardedRoute
from admin_api.revisions import revision
from admin_api.texts import speak
from core.app import access, cases, presence
from core.cases import OpenedItem
from core.errors import Denied

router = APIRouter(prefix="/console/items/{item_id}", route_class=GuardedRoute)

REASONS: Final = ("first_reading", "supplement", "reply", "attachments", "other")
OpeningId = Annotated[UUID, Query(alias="opening")]


@router.get("")
async def show_item(
    item_id: UUID,
    visit: Annotated[Visit, sees("item.read_metadata", write=True)],
    filters: Filtered,
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show the item, with its content where a reason was given and the key is unlocked."""
    return await item_page(visit, item_id, filters, opening)


async def item_page(
    visit: Visit, item_id: UUID, filters: Filters, opening: UUID | None, kept: Kept | None = None
) -> Response:
    """Return the page of an item; ``kept`` is what was typed into a form of it that did not succeed."""
    item = await cases.summary(visit.work, item_id)
    opened = await opened_item(visit, item_id, opening) if opening and visit.staff.key else None
    read = opening if opened else None
    values = await list_values(visit, filters) | await _content_values(visit, opened)
    values |= await card_values(visit, item, read)
    return visit.page(
        "inbox.html",
        here="inbox",
        status=kept.problem.status if kept else HTTPStatus.OK,
        item=item,
        others=in_words(await presence.at_item(visit.work, item_id), visit.language),
        revision=revision(item),
        opening=read,
        expired=bool(opening) and opened is None and visit.staff.key is not None,
        reasons=REASONS,
        once=uuid4().hex,
        kept=kept,
        **values,
    )


@router.post("/open")
async def give_reason(
    item_id: UUID,
    visit: Annotated[Visit, acts("item.open")],
    filters: Filtered,
    why: Annotated[str, Form(max_length=40)],
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Take the reason and show the content."""
    await cases.summary(visit.work, item_id)
    opening = await access.begin_opening(visit.work, item_id, _reason(visit, why, note))
    return visit.go(filters.address(f"/console/items/{item_id}", opening=str(opening.id)))


@router.get("/files/{attachment_id}/clean", response_class=StreamingResponse)
async def send_clean(
    item_id: UUID, attachment_id: UUID, opening: OpeningId, caller: Annotated[Caller, calls("attachment.read")]
) -> Response:
    """Send the clean copy of an attachment."""
    return await files.send_clean(caller, item_id, attachment_id, opening)


@router.get("/files/{attachment_id}/original", response_class=StreamingResponse)
async def send_original(
    item_id: UUID, attachment_id: UUID, opening: OpeningId, caller: Annotated[Caller, calls("attachment.read")]
) -> Response:
    """Send the original of an attachment."""
    return await files.send_original(caller, item_id, attachment_id, opening)


async def opened_item(visit: Visit, item_id: UUID, opening: UUID) -> OpenedItem | None:
    """Open the item; nothing when the reason given has expired, which only asks for another one."""
    try:
        return await cases.open_item(visit.work, item_id, opening_id=opening)
    except Denied as error:
        if error.code != "reason_needed":
            raise
        return None


async def _content_values(visit: Visit, opened: OpenedItem | None) -> dict[str, Any]:
    if opened is None:
        return {"opened": None, "names": {}}
    people = {entry.author_id for entry in opened.thread if entry.author_id} | opened.granted_to
    return {"opened": opened, "names": await names_of(visit, people)}


def _reason(visit: Visit, why: str, note: str) -> str:
    """Return the reason in words: the suggestion chosen, and what the person added."""
    parts = [speak(visit.language)(f"reason.{why}")] if why in REASONS[:-1] else []
    return " · ".join([*parts, note.strip()] if note.strip() else parts)
