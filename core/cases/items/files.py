"""The files of an item, read by staff under the reason they gave for opening it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from core import access, attachments, audit
from core.cases.items.listing import summary
from core.cases.items.queries import digests_of, load_genuine, vouched_files
from core.errors import NotFound
from core.work import Work

Kind = Literal["original", "clean"]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that may be read now. ``clean_copy`` is there once one was made; ``item_public_key`` seals a new one."""

    original: attachments.StoredFile
    clean_copy: attachments.StoredFile | None
    item_public_key: bytes


async def open_file(work: Work, item_id: UUID, attachment_id: UUID, *, opening_id: UUID, kind: Kind) -> OpenedFile:
    """Return an attachment of an item with its clean copy, for `attachments.read`; that it is read is recorded.

    Raises `NotFound`, `Denied` without a reason or a grant, `KeyLocked` when the key is locked.
    """
    access.permit(work, "attachment.read")
    await summary(work, item_id)
    await access.require_opening(work, opening_id, item_id)
    item = await load_genuine(work, item_id)
    key = await access.open_key(work, "item", item_id, item.public_key)
    views = await vouched_files(work, item_id, key, await digests_of(work, item, key))
    view = next((view for view in views if view.id == attachment_id), None)
    if view is None:
        raise NotFound("attachment_unknown")
    original = await attachments.find(work, item_id, attachment_id, key)
    copy_id = view.clean_copy_id
    copy = await attachments.find(work, item_id, copy_id, key) if copy_id else None
    audit.record(work, "attachment", f"{kind}_read", attachment_id)
    return OpenedFile(original, copy, key.public)
