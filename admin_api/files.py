"""Files on their way: of items to staff, as clean copy or sealed original, and evidence in both directions."""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote
from uuid import UUID

from starlette.responses import StreamingResponse

from admin_api.gate import Caller
from core.app import App, attachments, cases
from core.attachments import StoredFile, Vault
from core.cases import proceedings
from core.errors import Conflict

COPY_LIMIT: Final = 200 * 1024 * 1024  # bytes; a document's pages as pictures outgrow the document

_SANDBOX: Final = "default-src 'none'; sandbox"


def vault_of(app: App) -> Vault:
    """Return where the sealed files of this installation lie."""
    return Vault(app.settings.attachments, COPY_LIMIT, app.clock)


async def send_original(caller: Caller, item_id: UUID, attachment_id: UUID, opening_id: UUID) -> StreamingResponse:
    """Send the original as it was taken in; see `core.cases.open_file` for what it raises."""
    async with caller.begin() as work:
        opened = await cases.open_file(work, item_id, attachment_id, opening_id=opening_id, kind="original")
    return _send(vault_of(caller.app), opened.original, opened.original.name)


async def send_clean(caller: Caller, item_id: UUID, attachment_id: UUID, opening_id: UUID) -> StreamingResponse:
    """Send the clean copy, making it first where there is none.

    Raises as `send_original`, and `Conflict` (``no_clean_copy``) where none can be made.
    """
    vault = vault_of(caller.app)
    async with caller.begin() as work:
        opened = await cases.open_file(work, item_id, attachment_id, opening_id=opening_id, kind="clean")
    copy = opened.clean_copy or await _copied(caller, vault, item_id, opened.original, opened.item_public_key)
    return _send(vault, copy, copy.name)


async def take_evidence(
    caller: Caller, case_id: UUID, chunks: AsyncIterator[bytes], *, name: str, media_type: str, exculpatory: bool
) -> dict[str, object]:
    """Seal a file as it arrives and add it to the evidence; return the entry and where the case stands then.

    Who may not add one is refused before anything is taken in. Raises what `core.cases.proceedings.add_file` and
    `core.attachments.store` do.
    """
    app = caller.app
    async with caller.begin() as work:
        await proceedings.may_add_file(work, case_id)
    vault = Vault(app.settings.attachments, app.policy.bytes("attachment_size"), app.clock)
    stored = await attachments.store(vault, chunks, name=name, declared_type=media_type)
    async with caller.begin() as work:
        entry = await proceedings.add_file(work, case_id, stored, exculpatory=exculpatory)
        case = await proceedings.summary(work, case_id)
    return {"id": entry.id, "case_id": case_id, "state": case.state, "version": case.version}


async def send_evidence(caller: Caller, case_id: UUID, file_id: UUID, opening_id: UUID) -> StreamingResponse:
    """Send a file of the evidence; see `core.cases.proceedings.open_evidence` for what it raises."""
    async with caller.begin() as work:
        opened = await proceedings.open_evidence(work, case_id, file_id, opening_id=opening_id, kind="original")
    return _send(vault_of(caller.app), opened.original, opened.original.name)


async def send_clean_evidence(caller: Caller, case_id: UUID, file_id: UUID, opening_id: UUID) -> StreamingResponse:
    """Send the clean copy of a file of the evidence, making it first where there is none; raises as `send_clean`."""
    vault = vault_of(caller.app)
    async with caller.begin() as work:
        opened = await proceedings.open_evidence(work, case_id, file_id, opening_id=opening_id, kind="clean")
    copy = opened.clean_copy or await _copied(caller, vault, case_id, opened.original, opened.case_public_key)
    return _send(vault, copy, copy.name)


async def _copied(
    caller: Caller, vault: Vault, owner_id: UUID, original: StoredFile, owner_public_key: bytes
) -> StoredFile:
    """Make a clean copy outside of any transaction, and keep it."""
    made = await attachments.make_clean_copy(vault, original)
    if isinstance(made, str):
        raise Conflict("no_clean_copy", why=made)
    async with caller.begin() as work:
        await attachments.add_clean_copy(work, owner_id, original.id, made, owner_public_key)
    return made


def _send(vault: Vault, stored: StoredFile, name: str) -> StreamingResponse:
    return StreamingResponse(
        _chunks(vault, stored),
        media_type=stored.media_type,
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",  # RFC 6266, RFC 8187
            "content-length": str(stored.size),
            "content-security-policy": _SANDBOX,
            "x-content-sha256": stored.sha256.hex(),
        },
    )


async def _chunks(vault: Vault, stored: StoredFile) -> AsyncIterator[bytes]:
    async for chunk in attachments.read(vault, stored):
        yield chunk
