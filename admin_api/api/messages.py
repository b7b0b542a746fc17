"""What the person concerned sent with their code: taken into the file, and answered; and the letter that asks them."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, status
from pydantic import Field

from admin_api.api.case_shapes import Moved, NewReason
from admin_api.api.gate import IdempotencyKey, needs
from admin_api.api.replies import do_once
from admin_api.api.shapes import Shape
from admin_api.api.steps import CaseStep, case_step
from admin_api.gate import GuardedRoute
from admin_api.revisions import case_revision
from core.app import access, warnings
from core.cases import proceedings
from core.sealing import Receipt
from core.work import Work

router = APIRouter(tags=["messages"], route_class=GuardedRoute)

Kind = Annotated[str, Field(examples=["explanation"])]


class WaitingMessage(Shape):
    """A message that nobody has taken into the file yet: what it is and when it came, nothing of what it says."""

    id: UUID
    kind: Kind
    received_on: date
    measure_id: UUID | None


class TakenMessage(Shape):
    """A message that was taken into the file: the thread of its case says what it says.

    Without ``measure_id`` it answers a letter of inquiry.
    """

    message_id: UUID
    measure_id: UUID | None
    kind: Kind
    received_on: date
    is_late: bool


class NewAnswer(Shape):
    """What the person is told under the code with which the message came."""

    text: Annotated[str, Field(examples=["您的说明已经收到，并入卷宗。"])]


class AnsweredMessage(Shape):
    """A message that was answered."""

    message_id: UUID


class NewInquiryService(Shape):
    """On which day the letter was served, and by which proof."""

    served_on: date
    proof: Annotated[str, Field(examples=["本人签收，送达回证第2号"])]


class ServedInquiry(Moved):
    """A letter of inquiry that was served, and the code that is handed over with it.

    The code is in the first answer and in no other: sent again under its key, the request is answered with
    ``code_shown_before`` and without the code.
    """

    code: Annotated[str | None, Field(examples=["7QK-0ZD-4MT-9XA-E2V-HN6-3PW"])]
    code_shown_before: bool


@router.get("/cases/{case_id}/messages")
async def list_waiting(
    case_id: UUID, work: Annotated[Work, needs("subject.hear", write=False)]
) -> list[WaitingMessage]:
    """Return what the person concerned sent and nobody has taken into the file, the first one first."""
    return [WaitingMessage.model_validate(each) for each in await warnings.messages_waiting(work, case_id)]


@router.post("/messages/{message_id}/taking")
async def take(
    message_id: UUID, request: Request, key: IdempotencyKey, work: Annotated[Work, needs("subject.hear")]
) -> TakenMessage:
    """Take a message into the file, late or not; an explanation that a letter waits for is its reply (T10)."""

    async def act() -> access.Result:
        heard = await warnings.take_message(work, message_id)
        of = {"message_id": str(message_id), "measure_id": heard.measure_id or None, "kind": heard.what}
        return {**of, "received_on": heard.received_on, "is_late": heard.is_late}

    return TakenMessage.model_validate(await do_once(request, work, key, act))


@router.post("/messages/{message_id}/answers", status_code=status.HTTP_201_CREATED)
async def answer(
    message_id: UUID,
    given: NewAnswer,
    request: Request,
    key: IdempotencyKey,
    work: Annotated[Work, needs("subject.hear")],
) -> AnsweredMessage:
    """Answer a message that was taken into the file, to be read with the code with which it came."""

    async def act() -> access.Result:
        await warnings.answer_person(work, message_id, text=given.text)
        return {"message_id": str(message_id)}

    return AnsweredMessage.model_validate(await do_once(request, work, key, act))


@router.post("/cases/{case_id}/inquiries/{entry_id}/service")
async def serve_inquiry(
    case_id: UUID, entry_id: UUID, given: NewInquiryService, step: Annotated[CaseStep, case_step("case.verify")]
) -> ServedInquiry:
    """Record that a letter of inquiry was served, by the entry that numbered it; the reply is awaited from that day.

    The code is told this once.
    """
    return await _told_once(step, lambda: warnings.serve_inquiry(step.work, case_id, entry_id, **given.model_dump()))


@router.post("/cases/{case_id}/inquiries/{entry_id}/codes", status_code=status.HTTP_201_CREATED)
async def renew_inquiry_code(
    case_id: UUID, entry_id: UUID, given: NewReason, step: Annotated[CaseStep, case_step("case.verify")]
) -> ServedInquiry:
    """Make another code for a letter of inquiry whose code was lost: the old one ends at once.

    The period for the reply stays as it is. The code is told this once.
    """
    return await _told_once(
        step, lambda: warnings.renew_inquiry_code(step.work, case_id, entry_id, reason=given.reason)
    )


async def _told_once(step: CaseStep, make: Callable[[], Awaitable[Receipt]]) -> ServedInquiry:
    made: list[Receipt] = []

    async def act() -> access.Result:
        made.append(await make())
        case = await proceedings.summary(step.work, step.case_id)
        standing: access.Result = {"case_id": str(step.case_id), "state": case.state, "version": case.version}
        return {**standing, "code": None, "code_shown_before": True}

    answered = ServedInquiry.model_validate(await step.take(act))
    step.response.headers["etag"] = case_revision(answered.version)
    return answered.model_copy(update={"code": made[0].text, "code_shown_before": False}) if made else answered
