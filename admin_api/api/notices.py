"""Notices: the district committee is told of what is important, and who read it is noted."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from admin_api.api.case_shapes import Added
from admin_api.api.gate import needs
from admin_api.api.notice_shapes import NewNotice, Notice, NoticeReader, Notices, OpenedNotice
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from admin_api.paging import next_link, place_word, read_place
from core.cases import proceedings
from core.work import Work

router = APIRouter(tags=["notices"], route_class=GuardedRoute)


@router.post("/cases/{case_id}/notices", status_code=status.HTTP_201_CREATED)
async def escalate(case_id: UUID, given: NewNotice, step: Annotated[CaseStep, case_step("case.escalate")]) -> Added:
    """Tell the district committee of a case (T18); ``id`` is the notice's. Whom it is about is not told."""
    importance = proceedings.Importance(**{**given.model_dump(), "named": frozenset(given.named)})
    return await step.add(lambda: proceedings.escalate(step.work, case_id, importance))


@router.get("/notices")
async def list_notices(
    request: Request,
    work: Annotated[Work, needs("notice.list", write=False)],
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Notices:
    """Return the notices that the caller was told of, or that their body sent, the latest first."""
    found = await proceedings.notices(work, after=read_place(after), limit=limit + 1)
    shown = found[:limit]
    word = place_word(shown[-1].sent_at, shown[-1].id) if len(found) > limit else None
    return Notices(notices=[Notice(**_line(each)) for each in shown], next=next_link(request, word))


@router.get("/notices/{notice_id}")
async def read_notice(notice_id: UUID, work: Annotated[Work, needs("notice.read")]) -> OpenedNotice:
    """Return what a notice says to somebody who was told; that they read it, and when, is noted."""
    opened = await proceedings.read_notice(work, notice_id)
    return OpenedNotice(
        **_line(opened.line),
        stage=opened.stage,
        criteria=list(opened.criteria),
        subject=opened.subject,
        facts=opened.facts,
    )


def _line(line: proceedings.NoticeLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "year": line.year,
        "number": line.number,
        "sent_at": line.sent_at,
        "is_unverified": line.is_unverified,
        "is_routed_up": line.is_routed_up,
        "readers": [NoticeReader(person_id=person_id, read_at=read_at) for person_id, read_at in line.readers],
    }
