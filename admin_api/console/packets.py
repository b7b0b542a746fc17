"""Packets for the upper level: given out, and confirmed once they have arrived."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response, StreamingResponse

from admin_api.console.gate import Visit, acts, posts, sees
from admin_api.gate import Caller, GuardedRoute
from admin_api.packets import send_packet
from core.app import cases
from core.errors import Invalid

router = APIRouter(prefix="/console/packets", route_class=GuardedRoute)


@router.get("")
async def show_packets(visit: Annotated[Visit, sees("packet.list")]) -> Response:
    """Show the packets that are here, and those that were handed on."""
    found = await cases.packets(visit.work)
    here, gone = [each for each in found if not each.is_confirmed], [each for each in found if each.is_confirmed]
    return visit.page("packets.html", here="packets", present=here, gone=gone)


@router.post("/{packet_id}/export", response_class=StreamingResponse)
async def give_out(packet_id: UUID, caller: Annotated[Caller, posts("packet.export")]) -> Response:
    """Send the packet to be saved."""
    return await send_packet(caller, packet_id)


@router.post("/{packet_id}/confirm")
async def confirm(
    packet_id: UUID,
    visit: Annotated[Visit, acts("packet.export")],
    received: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Note that the upper level has the packet, if that was ticked."""
    if received != "yes":
        raise Invalid("receipt_not_ticked", field="received")
    await cases.confirm_handed_over(visit.work, packet_id)
    return visit.go("/console/packets", "said.packet_confirmed")
