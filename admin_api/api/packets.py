"""Packets for the upper level, for the intake clerks of the discipline commission."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, status
from pydantic import Field
from starlette.responses import StreamingResponse

from admin_api.api.gate import IdempotencyKey, calls, needs
from admin_api.api.replies import do_once
from admin_api.api.shapes import Shape
from admin_api.gate import Caller, GuardedRoute
from admin_api.packets import send_packet
from core.app import access, cases
from core.work import Work

router = APIRouter(prefix="/packets", tags=["packets"], route_class=GuardedRoute)


class Packet(Shape):
    """What is known here of a packet. ``due_on`` is missing while the work calendar lacks the year."""

    id: UUID
    category: Annotated[str, Field(examples=["office_director"])]
    received_on: date
    due_on: date | None
    exported_at: datetime | None
    is_confirmed: bool
    erased_at: datetime | None
    is_overdue: bool


@router.get("")
async def list_packets(work: Annotated[Work, needs("packet.list", write=False)]) -> list[Packet]:
    """Return the packets, those that are still here first."""
    return [Packet.model_validate(each) for each in await cases.packets(work)]


_ARCHIVE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/zip": {}}, "description": "The packet, all of it sealed."}
}


@router.post("/{packet_id}/export", responses=_ARCHIVE, response_class=StreamingResponse)
async def export_packet(packet_id: UUID, caller: Annotated[Caller, calls("packet.export")]) -> StreamingResponse:
    """Give out a packet to be handed on; again, as long as it is not erased. The reporter can add nothing any more."""
    return await send_packet(caller, packet_id)


@router.post("/{packet_id}/confirmation", status_code=status.HTTP_204_NO_CONTENT)
async def confirm(
    packet_id: UUID, request: Request, key: IdempotencyKey, work: Annotated[Work, needs("packet.export")]
) -> None:
    """Note that the upper level has received a packet and opened it; what is left of it here is erased for good."""

    async def act() -> access.Result:
        await cases.confirm_handed_over(work, packet_id)
        return {"id": str(packet_id)}

    await do_once(request, work, key, act)
