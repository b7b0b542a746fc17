"""Cases: opened on an accepted item, listed in clear, read behind a reason."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response, status

from admin_api.api.case_shapes import (
    Case,
    CaseEntry,
    CaseMember,
    CaseOpening,
    Cases,
    Moved,
    NewCaseItem,
    OneCase,
    Thread,
)
from admin_api.api.deadlines import deadline_of
from admin_api.api.gate import needs
from admin_api.api.items import OpeningId
from admin_api.api.shapes import NewOpening
from admin_api.api.steps import CaseStep, ItemStep, case_step, item_step
from admin_api.gate import GuardedRoute
from admin_api.paging import next_link, place_word, read_place
from admin_api.revisions import case_revision
from core.app import access, cases
from core.cases import cards, proceedings
from core.work import Work

router = APIRouter(tags=["cases"], route_class=GuardedRoute)


@router.post("/items/{item_id}/case", status_code=status.HTTP_201_CREATED)
async def open_case(item_id: UUID, response: Response, step: Annotated[ItemStep, item_step("case.open")]) -> Moved:
    """Open a case on an accepted item; the item opens to the people of the case alone from then on."""

    async def act() -> access.Result:
        case = await proceedings.open_case(step.work, item_id)
        return {"case_id": str(case.id), "state": case.state, "version": case.version}

    moved = Moved.model_validate(await step.take(act))
    response.headers["etag"] = case_revision(moved.version)
    return moved


@router.get("/items/{item_id}/suggestions")
async def suggest_cases(item_id: UUID, work: Annotated[Work, needs("case.open", write=False)]) -> list[Case]:
    """Return the cases about the subject of an item's card, the latest first; whether it joins one is for a person."""
    item = await cases.summary(work, item_id)
    card = await cards.card_of(work, item_id)
    found = await proceedings.same_subject(work, card.subject_hash, item.body)
    return [Case.model_validate(each) for each in found]


@router.post("/cases/{case_id}/items")
async def merge(case_id: UUID, given: NewCaseItem, step: Annotated[CaseStep, case_step("case.open")]) -> Moved:
    """Let an accepted item join a case about the same subject; it keeps its own card."""

    async def act() -> proceedings.CaseSummary:
        await cases.summary(step.work, given.item_id)
        joined, same = given.item_id, given.same_origin_as
        await proceedings.merge(step.work, joined, case_id, reason=given.reason, same_origin_as=same)
        return await proceedings.summary(step.work, case_id)

    return await step.move(act)


@router.get("/cases")
async def list_cases(
    request: Request,
    work: Annotated[Work, needs("case.read", write=False)],
    state: Annotated[str | None, Query(max_length=40)] = None,
    mine: Annotated[bool, Query(description="Only those in which the caller has a part.")] = False,  # noqa: FBT002 - a query parameter
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Cases:
    """Return the cases that the caller may know of, newest first."""
    page = await proceedings.queue(work, state=state, mine=mine, after=read_place(after), limit=limit)
    word = place_word(*page.next) if page.next else None
    return Cases(cases=[Case.model_validate(each) for each in page.cases], next=next_link(request, word))


@router.get("/cases/{case_id}", responses={304: {"description": "Unchanged since the ETag of If-None-Match."}})
async def read_case(
    case_id: UUID,
    response: Response,
    work: Annotated[Work, needs("case.read", write=False)],
    known: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> OneCase:
    """Return a case's clear facts; the ETag changes with every step."""
    case = await proceedings.summary(work, case_id)
    response.headers["etag"] = case_revision(case.version)
    if known == case_revision(case.version):
        response.status_code = status.HTTP_304_NOT_MODIFIED
    listed = await proceedings.listed_for_destruction(work, case)
    return OneCase(**Case.model_validate(case).model_dump(), destruction_id=listed)


@router.post("/cases/{case_id}/openings", status_code=status.HTTP_201_CREATED)
async def begin_opening(
    case_id: UUID, given: NewOpening, request: Request, work: Annotated[Work, needs("case.read")]
) -> CaseOpening:
    """Give the reason for reading a case; its thread can be read with it for half an hour, by the caller alone."""
    made = await proceedings.begin_reading(work, case_id, given.reason)
    thread = f"{request.url.path.removesuffix('/openings')}/thread?opening={made.id}"
    return CaseOpening(id=made.id, expires_at=made.expires_at, thread=thread)


@router.get("/cases/{case_id}/thread")
async def read_thread(case_id: UUID, opening_id: OpeningId, work: Annotated[Work, needs("case.read")]) -> Thread:
    """Return everything that the case says, in the order in which it was written; every read is recorded."""
    opened = await proceedings.open_file(work, case_id, opening_id=opening_id)
    today = work.clock.today()
    return Thread(
        case=Case.model_validate(opened.summary),
        entries=[entry_of(each) for each in opened.thread],
        items=list(opened.items),
        members=[CaseMember.model_validate(each) for each in opened.members],
        deadlines=[deadline_of(each, today) for each in opened.deadlines],
    )


def entry_of(view: proceedings.EntryView) -> CaseEntry:
    """Return the shape of an entry of a thread."""
    says = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(view.step).items()}
    return CaseEntry(id=view.id, place=view.place, at=view.at, author_id=view.author_id, kind=view.step.kind, says=says)
