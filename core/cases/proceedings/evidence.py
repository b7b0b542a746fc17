"""Files as evidence: sealed as they arrive, with a digest in the thread that vouches for them."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from core import access, attachments, audit
from core.cases.proceedings import members
from core.cases.proceedings.members import Part
from core.cases.proceedings.steps import EvidenceFile
from core.cases.proceedings.tables import CaseEntry, CaseFile
from core.cases.proceedings.thread import entries_of, lock_case, record
from core.cases.proceedings.verifying import require_verifying
from core.errors import Conflict, Forged, NotFound
from core.work import Work

Kind = Literal["original", "clean"]


@dataclass(frozen=True, slots=True)
class OpenedEvidence:
    """A file that may be read now. ``clean_copy`` is there once one was made; ``case_public_key`` seals a new one."""

    original: attachments.StoredFile
    clean_copy: attachments.StoredFile | None
    case_public_key: bytes


async def add_file(work: Work, case_id: UUID, stored: attachments.StoredFile, *, exculpatory: bool) -> CaseEntry:
    """Add a file that was stored (`attachments.store`) to the evidence; it is sealed to the case.

    Raises `Denied`, `KeyLocked`, `Conflict` (``not_being_verified``, ``officers_missing``, ``file_there_already``).
    """
    case = await lock_case(work, case_id)
    await require_verifying(work, case)
    digest = stored.sha256.hex()
    there = await entries_of(work, case_id, EvidenceFile, await members.case_key(work, case))
    if any(each.sha256 == digest for each in there):
        raise Conflict("file_there_already")
    attachments.add_to_case(work, stored, case.id, case.public_key)
    step = EvidenceFile(str(stored.id), stored.name, stored.media_type, stored.size, digest, exculpatory)
    return record(work, case, step)


async def may_add_file(work: Work, case_id: UUID) -> None:
    """Raise what `add_file` would, before anything is taken in."""
    await require_verifying(work, await lock_case(work, case_id))


async def open_evidence(
    work: Work, case_id: UUID, attachment_id: UUID, *, opening_id: UUID, kind: Kind
) -> OpenedEvidence:
    """Return a file of the evidence with its clean copy, for `attachments.read`; that it is read is recorded.

    Raises `NotFound`, `Denied` without a reason or a part, `KeyLocked`, and `Forged` (``evidence_exchanged``) when it
    is not the file whose digest was taken.
    """
    await access.require_opening(work, opening_id, case_id)
    case: CaseFile = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.read", *Part)
    key = await members.case_key(work, case)
    told = {each.attachment_id: each for each in await entries_of(work, case_id, EvidenceFile, key)}
    step = told.get(str(attachment_id))
    if step is None:
        raise NotFound("attachment_unknown")
    stored = await attachments.find_of_case(work, case_id, attachment_id, key)
    if stored.sha256.hex() != step.sha256:
        raise Forged("evidence_exchanged")
    copy = await attachments.clean_copy_of_case(work, case_id, attachment_id, key)
    audit.record(work, "attachment", f"{kind}_read", attachment_id)
    return OpenedEvidence(stored, copy, case.public_key)
