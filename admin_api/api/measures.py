"""Measures: listed in clear, read behind a reason, drafted, checked, approved and served."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response, status

from admin_api.api.case_shapes import Case, NewReason
from admin_api.api.cases import entry_of
from admin_api.api.deadlines import deadline_of
from admin_api.api.gate import needs
from admin_api.api.items import OpeningId
from admin_api.api.measure_requests import NewApproval, NewMeasure, NewService, NewTalk
from admin_api.api.measure_shapes import (
    Measure,
    MeasureContent,
    MeasureDocument,
    MeasureOpening,
    Measures,
    MovedMeasure,
    Remedy,
    RenewedCode,
    ServedMeasure,
    Told,
    Vacancy,
    WaitingMeasure,
)
from admin_api.api.measure_steps import MeasureStep, measure_step, standing
from admin_api.api.shapes import NewOpening
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from admin_api.paging import next_link, place_word, read_place
from admin_api.revisions import case_revision
from core.app import access, warnings
from core.cases import proceedings
from core.sealing import Receipt
from core.warnings import Served, Talk
from core.work import Work

router = APIRouter(tags=["measures"], route_class=GuardedRoute)

_CREATED: Final = status.HTTP_201_CREATED


@router.post("/cases/{case_id}/measures", status_code=_CREATED)
async def draft(
    case_id: UUID, given: NewMeasure, response: Response, step: Annotated[CaseStep, case_step("measure.draft")]
) -> MovedMeasure:
    """Draft a measure on a confirmed case, or the decision that follows an assessed one (T17).

    ``If-Match`` is the version of the case; the ETag of the answer is that of the measure.
    """
    new = warnings.NewMeasure(**given.model_dump(exclude={"follows", "ancillary"}), ancillary=tuple(given.ancillary))

    async def act() -> access.Result:
        made = await warnings.draft(step.work, case_id, new, follows=given.follows)
        return standing(await warnings.measure(step.work, made.id))

    moved = MovedMeasure.model_validate(await step.take(act))
    response.headers["etag"] = case_revision(moved.version)
    return moved


@router.get("/cases/{case_id}/measures")
async def list_of_case(case_id: UUID, work: Annotated[Work, needs("measure.list", write=False)]) -> list[Measure]:
    """Return the measures of a case, the first one first."""
    return [Measure.model_validate(each) for each in await warnings.of_case(work, case_id)]


@router.get("/measures")
async def list_measures(
    request: Request,
    work: Annotated[Work, needs("measure.list", write=False)],
    state: Annotated[str | None, Query(max_length=40)] = None,
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Measures:
    """Return the measures that the caller may know of, the newest draft first."""
    page = await warnings.measures(work, state=state, after=read_place(after), limit=limit)
    word = place_word(*page.next) if page.next else None
    return Measures(measures=[Measure.model_validate(each) for each in page.measures], next=next_link(request, word))


@router.get("/measures/waiting")
async def list_waiting(work: Annotated[Work, needs("measure.list", write=False)]) -> list[WaitingMeasure]:
    """Return the measures whose next step is the caller's own, the longest untouched first; fifty at most."""
    return [WaitingMeasure.model_validate(each) for each in await warnings.waiting(work)]


@router.get("/measures/{measure_id}", responses={304: {"description": "Unchanged since the ETag of If-None-Match."}})
async def read_measure(
    measure_id: UUID,
    response: Response,
    work: Annotated[Work, needs("measure.list", write=False)],
    known: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Measure:
    """Return a measure's clear facts; the ETag changes with every step."""
    found = await warnings.measure(work, measure_id)
    response.headers["etag"] = case_revision(found.version)
    if known == case_revision(found.version):
        response.status_code = status.HTTP_304_NOT_MODIFIED
    return Measure.model_validate(found)


@router.post("/measures/{measure_id}/openings", status_code=_CREATED)
async def begin_opening(
    measure_id: UUID, given: NewOpening, request: Request, work: Annotated[Work, needs("measure.read")]
) -> MeasureOpening:
    """Give the reason for reading a measure; it can be read with it for half an hour, by the caller alone."""
    found = await warnings.measure(work, measure_id)
    made = await proceedings.begin_reading(work, found.case_id, given.reason)
    content = f"{request.url.path.removesuffix('/openings')}/content?opening={made.id}"
    return MeasureOpening(id=made.id, expires_at=made.expires_at, content=content)


@router.get("/measures/{measure_id}/content")
async def read_content(
    measure_id: UUID, opening_id: OpeningId, work: Annotated[Work, needs("measure.read")]
) -> MeasureContent:
    """Return what a measure says and what came of it; every read is recorded."""
    opened = await warnings.open_measure(work, measure_id, opening_id=opening_id)
    today = work.clock.today()
    return MeasureContent(
        measure=Measure.model_validate(opened.summary),
        case=Case.model_validate(opened.case),
        document=MeasureDocument.model_validate(opened.document),
        entries=[entry_of(each) for each in opened.steps],
        parts=sorted(opened.parts),
        next_capacity=opened.next_capacity,
        remedies=[Remedy.model_validate(each) for each in opened.remedies],
        told=[Told.model_validate(each) for each in opened.told],
        deadlines=[deadline_of(each, today) for each in opened.deadlines],
        vacancies=[Vacancy.model_validate(each) for each in opened.vacancies],
    )


@router.post("/measures/{measure_id}/check")
async def check(measure_id: UUID, step: Annotated[MeasureStep, measure_step("measure.check")]) -> MovedMeasure:
    """Sign, as an officer of the case, that nothing in the draft tells who reported."""
    return await step.move(lambda: warnings.check(step.work, measure_id))


@router.post("/measures/{measure_id}/returns")
async def send_back(
    measure_id: UUID, given: NewReason, step: Annotated[MeasureStep, measure_step("measure.send_back")]
) -> MovedMeasure:
    """Send a draft back, or take one's own back; it counts for nothing any more, and another may be written."""
    return await step.move(lambda: warnings.send_back(step.work, measure_id, reason=given.reason))


@router.post("/measures/{measure_id}/approvals")
async def approve(
    measure_id: UUID, given: NewApproval, step: Annotated[MeasureStep, measure_step("measure.approve")]
) -> MovedMeasure:
    """Approve a measure in the next of its capacities; with the last one its document is numbered."""
    return await step.move(lambda: warnings.approve(step.work, measure_id, capacity=given.capacity))


@router.post("/measures/{measure_id}/service")
async def serve(
    measure_id: UUID, given: NewService, step: Annotated[MeasureStep, measure_step("measure.serve")]
) -> ServedMeasure:
    """Record that the document was served; the term counts from that day. The code is told this once.

    Talks are served by their record (``/talk``).
    """
    day, proof = given.served_on, given.proof
    return await _served(
        step, lambda: warnings.serve(step.work, measure_id, served_on=day, proof=proof, told=given.told)
    )


@router.post("/measures/{measure_id}/talk")
async def record_talk(
    measure_id: UUID, given: NewTalk, step: Annotated[MeasureStep, measure_step("measure.serve")]
) -> ServedMeasure:
    """Record a talk, which is how a talk is served. The code is told this once."""
    talk, day = Talk(**given.model_dump(exclude={"held_on", "told"})), given.held_on
    return await _served(
        step, lambda: warnings.record_talk(step.work, measure_id, held_on=day, talk=talk, told=given.told)
    )


@router.post("/measures/{measure_id}/codes", status_code=_CREATED)
async def renew_code(
    measure_id: UUID, given: NewReason, step: Annotated[MeasureStep, measure_step("measure.serve")]
) -> RenewedCode:
    """Make another code for whoever lost theirs: the old one ends at once, and the windows stay as they are.

    The code is told this once.
    """
    made: list[Receipt] = []

    async def renew() -> access.Result:
        made.append(await warnings.renew_code(step.work, measure_id, reason=given.reason))
        return {"code": None, "code_shown_before": True}

    answer = await step.take(RenewedCode, renew)
    return answer.model_copy(update={"code": made[0].text, "code_shown_before": False}) if made else answer


async def _served(step: MeasureStep, act: Callable[[], Awaitable[Served]]) -> ServedMeasure:
    """Serve once; the code is in the answer of the first time alone, and is never kept with it."""
    made: list[Served] = []

    async def serve_it() -> access.Result:
        made.append(await act())
        last_day = made[0].measure.last_day
        return {"last_day": last_day.isoformat() if last_day else None, "code": None, "code_shown_before": True}

    answer = await step.take(ServedMeasure, serve_it)
    return answer.model_copy(update={"code": made[0].code.text, "code_shown_before": False}) if made else answer
