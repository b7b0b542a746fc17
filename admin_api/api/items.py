"""Items: the list, the clear facts, the content behind a reason, the files."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response, status
from starlette.responses import StreamingResponse

from admin_api import files
from admin_api.api.gate import calls, needs
from admin_api.api.shapes import Attachment, Content, Entry, Item, Items, Line, NewOpening, Opening
from admin_api.gate import Caller, GuardedRoute
from admin_api.paging import next_link, place_word, read_place
from admin_api.revisions import revision
from core.app import access, cases
from core.work import Work

router = APIRouter(prefix="/items", tags=["items"], route_class=GuardedRoute)

OpeningId = Annotated[UUID, Query(alias="opening", description="The id of the reason given: POST …/openings")]


@router.get("")
async def list_items(
    request: Request,
    work: Annotated[Work, needs("item.read_metadata", write=False)],
    channel: Annotated[str | None, Query(max_length=40)] = None,
    state: Annotated[str | None, Query(max_length=20)] = None,
    waiting: Annotated[bool, Query(description="Only those whose last word is the reporter's.")] = False,  # noqa: FBT002 - a query parameter
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Items:
    """Return the items that the caller may know of, newest first."""
    page = await cases.inbox(work, channel=channel, state=state, waiting=waiting, after=read_place(after), limit=limit)
    word = place_word(*page.next) if page.next else None
    return Items(items=[Item.model_validate(each) for each in page.items], next=next_link(request, word))


@router.get("/{item_id}", responses={304: {"description": "Unchanged since the ETag of If-None-Match."}})
async def read_item(
    item_id: UUID,
    response: Response,
    work: Annotated[Work, needs("item.read_metadata", write=False)],
    known: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Item:
    """Return an item's clear facts; the ETag changes with every entry of its thread."""
    item = await cases.summary(work, item_id)
    response.headers["etag"] = revision(item)
    if known == revision(item):
        response.status_code = status.HTTP_304_NOT_MODIFIED
    return Item.model_validate(item)


@router.post("/{item_id}/openings", status_code=status.HTTP_201_CREATED)
async def begin_opening(
    item_id: UUID, given: NewOpening, request: Request, work: Annotated[Work, needs("item.open")]
) -> Opening:
    """Give the reason for reading an item; the content can be read with it for half an hour, by the caller alone."""
    await cases.summary(work, item_id)
    made = await access.begin_opening(work, item_id, given.reason)
    content = f"{request.url.path.removesuffix('/openings')}/content?opening={made.id}"
    return Opening(id=made.id, expires_at=made.expires_at, content=content)


@router.get("/{item_id}/content")
async def read_content(item_id: UUID, opening_id: OpeningId, work: Annotated[Work, needs("item.open")]) -> Content:
    """Return what the item says and its thread; every read is recorded."""
    opened = await cases.open_item(work, item_id, opening_id=opening_id)
    return Content(
        item=Item.model_validate(opened.summary),
        language=opened.content.language,
        summary=[Line.model_validate(each) for each in opened.content.summary],
        thread=[Entry.model_validate(each) for each in opened.thread],
        attachments=[
            Attachment(
                id=each.id,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                can_be_cleaned=each.can_be_cleaned,
            )
            for each in opened.attachments
        ],
        granted_to=sorted(opened.granted_to),
    )


_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file, to be saved and not shown."}
}


@router.get("/{item_id}/attachments/{attachment_id}/original", responses=_FILE, response_class=StreamingResponse)
async def read_original(
    item_id: UUID, attachment_id: UUID, opening_id: OpeningId, caller: Annotated[Caller, calls("attachment.read")]
) -> StreamingResponse:
    """Send the original, byte for byte; it may be harmful or tell who made it. ``X-Content-SHA256`` is its digest."""
    return await files.send_original(caller, item_id, attachment_id, opening_id)


@router.get("/{item_id}/attachments/{attachment_id}/clean", responses=_FILE, response_class=StreamingResponse)
async def read_clean(
    item_id: UUID, attachment_id: UUID, opening_id: OpeningId, caller: Annotated[Caller, calls("attachment.read")]
) -> StreamingResponse:
    """Send the clean copy, which is made at its first reading; 409 where none can be made."""
    return await files.send_clean(caller, item_id, attachment_id, opening_id)
