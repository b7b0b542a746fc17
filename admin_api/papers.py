"""Documents on their way out: made after the transaction that read them, so that nobody waits for the typesetting."""

import asyncio
from typing import Final
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response

from admin_api.gate import Caller
from core import documents

SANDBOX: Final = "default-src 'none'; sandbox"
ARCHIVE: Final = "application/octet-stream"


async def send_inquiry(caller: Caller, case_id: UUID, opening_id: UUID, entry_id: UUID | None) -> Response:
    """Send a letter of inquiry of a case as .docx; see `core.documents.inquiry` for what it raises."""
    async with caller.begin() as work:
        letter = await documents.inquiry(work, case_id, opening_id=opening_id, entry_id=entry_id)
    return _as_docx(letter.number, await asyncio.to_thread(letter.as_docx))


async def send_minutes(caller: Caller, meeting_id: UUID, opening_id: UUID) -> Response:
    """Send a meeting's minutes as .docx; see `core.documents.minutes` for what it raises."""
    async with caller.begin() as work:
        minutes = await documents.minutes(work, meeting_id, opening_id=opening_id)
    return _as_docx(minutes.number, await asyncio.to_thread(minutes.as_docx))


async def send_measure(caller: Caller, measure_id: UUID, opening_id: UUID, paper: str) -> Response:
    """Send a document of a measure as .docx; see `core.documents.measure` for what it raises."""
    async with caller.begin() as work:
        made = await documents.measure(work, measure_id, opening_id=opening_id, paper=paper)
    return _as_docx(made.number, await asyncio.to_thread(made.as_docx))


async def send_record_book(caller: Caller, obligation_id: UUID, opening_id: UUID) -> Response:
    """Send a station's record book as .docx; see `core.documents.record_book` for what it raises."""
    async with caller.begin() as work:
        book = await documents.record_book(work, obligation_id, opening_id=opening_id)
    return _as_docx(book.number, await asyncio.to_thread(book.as_docx))


async def send_heads_minutes(caller: Caller, meeting_id: UUID, opening_id: UUID) -> Response:
    """Send the minutes of a meeting of heads as .docx; see `core.documents.heads_minutes` for what it raises."""
    async with caller.begin() as work:
        minutes = await documents.heads_minutes(work, meeting_id, opening_id=opening_id)
    return _as_docx(minutes.title, await asyncio.to_thread(minutes.as_docx))


def send_archive(made: documents.Archive) -> Response:
    """Send a case that was sealed for a competent body."""
    headers = {
        "content-disposition": f'attachment; filename="{made.name}"',
        "content-security-policy": SANDBOX,
        "x-manifest-sha256": made.manifest_sha256,
    }
    return Response(made.sealed, media_type=ARCHIVE, headers=headers)


def _as_docx(number: str, content: bytes) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(number, safe='')}.docx",  # RFC 6266, RFC 8187
        "content-security-policy": SANDBOX,
    }
    return Response(content, media_type=documents.MEDIA_TYPE, headers=headers)
