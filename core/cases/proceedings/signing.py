"""What takes two persons: one drafts an entry, the other signs it, and only then it counts (I3)."""

from typing import Final
from uuid import UUID

from core import access
from core.cases.cards import fit_text
from core.cases.proceedings import members
from core.cases.proceedings.steps import Declined, Signed
from core.cases.proceedings.tables import CaseFile
from core.cases.proceedings.thread import AnyStep, EntryView, lock_case, read, record
from core.errors import Conflict, Denied
from core.sealing import KeyPair
from core.work import Work

_REASON: Final = 1000
_TAKES_TWO: Final = frozenset({"inquiry", "finding", "malicious", "classified"})


async def open_proposal(
    work: Work, case: CaseFile, kind: type[AnyStep], key: KeyPair
) -> tuple[EntryView, AnyStep] | None:
    """Return the last entry of a kind if nobody has signed or declined it yet."""
    found: tuple[EntryView, AnyStep] | None = None
    for each in await read(work, case.id, key):
        if isinstance(each.step, kind):
            found = (each, each.step)
        elif isinstance(each.step, Signed | Declined) and found and each.step.entry_id == str(found[0].id):
            found = None
    return found


async def countersign(work: Work, case: CaseFile, kind: type[AnyStep], entry_id: UUID, *, event: str = "") -> AnyStep:
    """Sign what the other drafted and return it; with an ``event``, the case goes where that leads.

    Raises `Denied` (``own_work``), `KeyLocked`, `Conflict` (``nothing_to_sign`` where the entry is not the one that
    waits, ``transition_not_allowed``).
    """
    key = await members.case_key(work, case)
    waiting = await open_proposal(work, case, kind, key)
    if waiting is None or waiting[0].id != entry_id:
        raise Conflict("nothing_to_sign")
    view, step = waiting
    if view.author_id == access.signed_in(work).person_id:
        raise Denied("own_work")
    record(work, case, Signed(str(entry_id), kind.kind), event=event)
    return step


async def decline(work: Work, case_id: UUID, entry_id: UUID, *, reason: str) -> CaseFile:
    """Refuse to sign what the other drafted, or take back what one drafted oneself; it stays in the thread.

    Raises `Denied`, `KeyLocked`, `Invalid` (``text_missing``), `Conflict` (``nothing_to_sign``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.verify", *members.OFFICERS)
    kinds = _TAKES_TWO if case.state == "verified" else _TAKES_TWO - {"classified"}  # else it took effect at once
    return await refuse(work, case, kinds, entry_id, reason)


async def refuse(work: Work, case: CaseFile, kinds: frozenset[str], entry_id: UUID, reason: str) -> CaseFile:
    """Let an entry of one of these kinds count for nothing, unless it is settled; the caller has checked who may.

    Raises `Denied`, `KeyLocked`, `Invalid` (``text_missing``), `Conflict` (``nothing_to_sign``).
    """
    thread = await read(work, case.id, await members.case_key(work, case))
    settled = {each.step.entry_id for each in thread if isinstance(each.step, Signed | Declined)}
    waiting = {each.id for each in thread if each.step.kind in kinds and str(each.id) not in settled}
    if entry_id not in waiting:
        raise Conflict("nothing_to_sign")
    record(work, case, Declined(str(entry_id), fit_text(reason, "reason", _REASON)))
    return case
