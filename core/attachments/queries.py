"""Reading what an item has attached, with the item's key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from core.attachments.cleaning import CLEANABLE
from core.attachments.store import StoredFile
from core.attachments.tables import Attachment
from core.errors import Forged, NotFound
from core.sealing import Context, Facts, KeyPair, open_envelope, verify
from core.work import Work


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """An attachment as staff see it: ``size`` in bytes, ``sha256`` of the original in hex.

    ``clean_copy_id`` is the copy made for reading, once there is one. Where ``can_be_cleaned`` is false there will be
    none, and the original is offered with a warning.
    """

    id: UUID
    name: str = field(repr=False)
    media_type: str
    size: int
    sha256: str
    can_be_cleaned: bool
    clean_copy_id: UUID | None


@dataclass(frozen=True, slots=True)
class SealedFile:
    """An attachment that stays shut: its name, digest and key are in ``envelope``, sealed to the item."""

    id: UUID
    envelope: bytes


async def describe(work: Work, item_id: UUID, item_key: KeyPair) -> Sequence[AttachmentView]:
    """Return an item's originals in the order in which they were given; rows not sealed to it are left out."""
    query = select(Attachment).where(Attachment.item_id == item_id).order_by(Attachment.stored_at)
    rows = (await work.session.scalars(query)).all()
    copies = {row.original_id: row.id for row in rows if row.original_id is not None and is_clean_copy(work, row)}
    originals = [row for row in rows if row.original_id is None]
    opened = [(row, *found) for row in originals if (found := _open_if_ours(row, item_key)) is not None]
    opened.sort(key=lambda entry: (entry[0].stored_at, entry[2]))
    return [_view(stored, copies.get(row.id)) for row, stored, _ in opened]


async def find(work: Work, item_id: UUID, attachment_id: UUID, item_key: KeyPair) -> StoredFile:
    """Return an original or a clean copy of this item, with its key, for `read`, which needs no transaction.

    Raises `NotFound` (``attachment_unknown``) when the item has no such attachment.
    """
    query = select(Attachment).where(Attachment.id == attachment_id, Attachment.item_id == item_id)
    row = await work.session.scalar(query)
    if row is None or (row.original_id is not None and not is_clean_copy(work, row)):
        raise NotFound("attachment_unknown")
    return _open(row, item_key)[0]


async def find_of_case(work: Work, case_id: UUID, attachment_id: UUID, case_key: KeyPair) -> StoredFile:
    """Return an original of this case, with its key; raise `NotFound` (``attachment_unknown``) where there is none."""
    mine = (Attachment.id == attachment_id, Attachment.case_id == case_id, Attachment.original_id.is_(None))
    row = await work.session.scalar(select(Attachment).where(*mine))
    if row is None:
        raise NotFound("attachment_unknown")
    return _open(row, case_key)[0]


async def clean_copy_of_case(work: Work, case_id: UUID, original_id: UUID, case_key: KeyPair) -> StoredFile | None:
    """Return the clean copy of a file of this case, with its key, once there is one that the desk made."""
    mine = (Attachment.case_id == case_id, Attachment.original_id == original_id)
    rows = await work.session.scalars(select(Attachment).where(*mine))
    return next((_open(row, case_key)[0] for row in rows if is_clean_copy(work, row)), None)


async def sealed_of_item(work: Work, item_id: UUID) -> Sequence[SealedFile]:
    """Return the originals of an item as they lie here; this needs no key, and opens nothing."""
    originals = Attachment.item_id == item_id, Attachment.original_id.is_(None)
    rows = await work.session.scalars(
        select(Attachment).where(*originals).order_by(Attachment.stored_at, Attachment.id)
    )
    return [SealedFile(row.id, row.envelope or b"") for row in rows]


def unseal(sealed: SealedFile, item_key: KeyPair) -> StoredFile:
    """Return what is needed to read a file; raise `Forged` when it was not sealed to the item's key."""
    return StoredFile.from_json(json.loads(open_envelope(sealed.envelope, key=item_key, context=place(sealed.id))))


def place(attachment_id: UUID) -> Context:
    """Return where the envelope of an attachment belongs."""
    return Context("attachment", "envelope", attachment_id)


def copy_facts(row: Attachment) -> Facts:
    """Return what the desk's signature of a clean copy covers."""
    envelope_hash = sha256(row.envelope or b"").digest()
    owner: Facts = {"case_id": row.case_id} if row.case_id else {"item_id": row.item_id}
    return {"id": row.id, **owner, "original_id": row.original_id, "envelope_hash": envelope_hash}


def is_clean_copy(work: Work, row: Attachment) -> bool:
    """Tell whether the desk made this copy: nobody else's is shown in the place of an original."""
    try:
        verify(work.keys.verify_keys["desk"], row.signature or b"", "clean_copy", copy_facts(row))
    except Forged:
        return False
    return True


def _open_if_ours(row: Attachment, item_key: KeyPair) -> tuple[StoredFile, int] | None:
    try:
        return _open(row, item_key)
    except Forged:
        return None


def _open(row: Attachment, item_key: KeyPair) -> tuple[StoredFile, int]:
    if row.envelope is None:
        raise Forged("attachment_without_envelope")
    kept = json.loads(open_envelope(row.envelope, key=item_key, context=place(row.id)))
    return StoredFile.from_json(kept), int(kept["position"])


def _view(stored: StoredFile, clean_copy_id: UUID | None) -> AttachmentView:
    return AttachmentView(
        id=stored.id,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256.hex(),
        can_be_cleaned=stored.media_type in CLEANABLE,
        clean_copy_id=clean_copy_id,
    )
