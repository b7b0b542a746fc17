"""A packet for the upper level on its way out: one archive, sealed as it lies here."""

import asyncio
from typing import Final
from uuid import UUID

from starlette.responses import StreamingResponse

from admin_api.files import vault_of
from admin_api.gate import Caller
from core.app import cases

_SANDBOX: Final = "default-src 'none'; sandbox"


async def send_packet(caller: Caller, packet_id: UUID) -> StreamingResponse:
    """Send a packet, which is noted as handed on; see `core.cases.export_packet` for what it raises.

    Raises `NotFound` (``file_missing``) too; then nothing was noted, and nothing is sent.
    """
    vault = vault_of(caller.app)
    async with caller.begin() as work:
        export = await cases.export_packet(work, packet_id)
        await asyncio.to_thread(vault.require, [sealed.id for sealed in export.files])
    name = f"packet-{export.received_on}-{packet_id.hex[:8]}.zip"
    return StreamingResponse(
        cases.stream_bundle(export, vault),
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}"', "content-security-policy": _SANDBOX},
    )
