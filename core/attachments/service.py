"""Verbs on the rows of attachments. Files of rows that are gone are deleted by the next sweep, after the commit.

A row is unclaimed until its item, or the message that brings it, is sent; only unclaimed rows are ever changed. A file
that staff take in is given to its case at once.
"""

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CursorResult, Result, delete, or_, select, update

from core import audit
from core.attachments.queries import copy_facts, is_clean_copy, place
from core.attachments.store import StoredFile
from core.attachments.tables import Attachment
from core.attachments.vault import Vault
from core.errors import Conflict, NotFound
from core.sealing import seal_envelope, sign
from core.work import Work

_UNCLAIMED: Final = (Attachment.item_id.is_(None), Attachment.case_id.is_(None))


def register(work: Work, stored: StoredFile) -> None:
    """Note a stored file, unclaimed; its key belongs into the draft that is saved in the same transaction."""
    work.session.add(Attachment(id=stored.id, stored_at=work.hour()))


async def keep(work: Work, ids: Collection[UUID]) -> None:
    """Count the time of unclaimed files from now: called when the draft that refers to them is saved again."""
    await work.session.execute(update(Attachment).where(*_unclaimed(ids)).values(stored_at=work.hour()))


async def discard(work: Work, ids: Collection[UUID]) -> None:
    """Forget unclaimed files; claimed ones are left alone."""
    await work.session.execute(delete(Attachment).where(*_unclaimed(ids)))


async def claim(work: Work, files: Sequence[StoredFile], item_id: UUID, item_public_key: bytes) -> None:
    """Give unclaimed files to an item: names, digests and keys are sealed to the item's public key.

    Raises `Conflict` (``attachment_gone``) when one is unknown or belongs to an item already.
    """
    await _claim(work, files, item_public_key, item_id=item_id)


async def claim_for_case(work: Work, files: Sequence[StoredFile], case_id: UUID, case_public_key: bytes) -> None:
    """Give unclaimed files that somebody outside sent to a case, sealed to its public key. Raises as `claim`."""
    await _claim(work, files, case_public_key, case_id=case_id)


def add_to_case(work: Work, stored: StoredFile, case_id: UUID, case_public_key: bytes) -> None:
    """Give a file that staff took in to a case: its name, digest and key are sealed to the case's public key."""
    envelope = _seal(stored, 0, case_public_key)
    work.session.add(Attachment(id=stored.id, case_id=case_id, stored_at=work.hour(), envelope=envelope))


async def add_clean_copy(
    work: Work, owner_id: UUID, original_id: UUID, copy: StoredFile, owner_public_key: bytes
) -> UUID:
    """Keep the clean copy of an attachment and return its id; where there is one already, that one stays.

    The owner is an item or a case. Raises `NotFound` (``attachment_unknown``) when the original is not its.
    """
    owned = or_(Attachment.item_id == owner_id, Attachment.case_id == owner_id)
    original = await work.session.scalar(
        select(Attachment).where(owned, Attachment.id == original_id).with_for_update()
    )
    if original is None:
        raise NotFound("attachment_unknown")
    for there in await work.session.scalars(select(Attachment).where(Attachment.original_id == original_id)):
        if is_clean_copy(work, there):
            return there.id
    envelope = _seal(copy, 0, owner_public_key)
    owner = {"item_id": original.item_id, "case_id": original.case_id}
    row = Attachment(id=copy.id, **owner, original_id=original_id, stored_at=work.hour(), envelope=envelope)
    row.signature = sign(work.keys.signing_key, "clean_copy", copy_facts(row))
    work.session.add(row)
    audit.record(work, "attachment", "cleaned", original_id, change=envelope)
    return copy.id


async def destroy_of_item(work: Work, item_id: UUID) -> None:
    """Delete the rows of an item's attachments, and with them the keys; the files follow with the next sweep."""
    await work.session.execute(delete(Attachment).where(Attachment.item_id == item_id))


async def destroy_of_case(work: Work, case_id: UUID) -> None:
    """Delete the rows of a case's files, and with them the keys; the files follow with the next sweep."""
    await work.session.execute(delete(Attachment).where(Attachment.case_id == case_id))


async def remove_unregistered(work: Work, vault: Vault, ids: Collection[UUID]) -> int:
    """Delete those of the files that no row refers to and return how many there were; their writer must be done."""
    known = (await work.session.scalars(select(Attachment.id).where(Attachment.id.in_(ids)))).all()
    return await asyncio.to_thread(vault.remove, set(ids) - set(known))


async def sweep(work: Work, vault: Vault) -> int:
    """Delete files that no row refers to, beginnings of files, and rows never claimed; return how many in all.

    A file without a row is given `vault.GRACE`, since the row comes after it; an unclaimed row as long as a draft.
    """
    swept = await asyncio.to_thread(vault.remove_parts)
    for ids in await asyncio.to_thread(lambda: list(vault.left_over())):
        swept += await remove_unregistered(work, vault, ids)
    over = work.hour() - timedelta(days=work.policy.days("draft_kept"))
    forgotten = delete(Attachment).where(*_UNCLAIMED, Attachment.stored_at < over)
    return swept + _count(await work.session.execute(forgotten))


async def _claim(work: Work, files: Sequence[StoredFile], public_key: bytes, **owner: UUID) -> None:
    for position, stored in enumerate(files):
        envelope = _seal(stored, position, public_key)
        change = update(Attachment).where(*_unclaimed([stored.id])).values(envelope=envelope, **owner)
        if _count(await work.session.execute(change)) == 0:
            raise Conflict("attachment_gone")


def _unclaimed(ids: Collection[UUID]) -> tuple[Any, ...]:
    return Attachment.id.in_(ids), *_UNCLAIMED


def _seal(stored: StoredFile, position: int, public_key: bytes) -> bytes:
    text = json.dumps({**stored.to_json(), "position": position}).encode()
    return seal_envelope(text, to=[public_key], context=place(stored.id))


def _count(result: Result[Any]) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
