"""The end of a case that came to nothing: listed by the clerk, signed by the archivist, carried out by the worker."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import delete, select

from core import access, attachments, audit, deadlines
from core.cases.cards import fit_text
from core.cases.items import erase
from core.cases.proceedings import members
from core.cases.proceedings.members import Part
from core.cases.proceedings.queries import PUT_AWAY, CaseSummary
from core.cases.proceedings.steps import Destruction, SealedAway, Signed
from core.cases.proceedings.tables import CaseEntry, CaseFile, CaseItem, CaseMember, CaseSearch
from core.cases.proceedings.thread import lock_case, record
from core.errors import Conflict, Denied
from core.work import Work

_REASON: Final = 1000
_KEPT: Final = {"unfounded": ("T24e", "unfounded_kept"), "not_established": ("T27d", "not_established_kept")}
_OVER: Final = ("expunged", "destroyed")
_AT_ONCE: Final = 20


async def propose_destruction(work: Work, case_id: UUID, *, reason: str) -> CaseEntry:
    """Put a sealed case on the destruction list, once it was kept as long as the policy says.

    Raises `Denied`, `Invalid` (``text_missing``), `Conflict` (``not_sealed``, ``kept_longer``).
    """
    case = await lock_case(work, case_id)
    await members.permit_in(work, case, "case.put_away", Part.CLERK)
    await _require_kept(work, case)
    return record(work, case, Destruction(fit_text(reason, "reason", _REASON)))


async def sign_destruction(work: Work, case_id: UUID, entry_id: UUID) -> CaseFile:
    """Sign the destruction as the archivist, who reads nothing of the case (T24, T27); the worker carries it out.

    Raises `Denied` (``own_work``), `Conflict` (``nothing_to_sign``, ``not_sealed``, ``kept_longer``).
    """
    case = await lock_case(work, case_id)
    staff = access.permit(work, "case.destroy")
    await _require_kept(work, case)
    entry = await _last(work, case.id, Destruction.kind)
    if entry is None or entry.id != entry_id:
        raise Conflict("nothing_to_sign")
    if entry.author_id == staff.person_id:
        raise Denied("own_work")
    record(work, case, Signed(str(entry_id), Destruction.kind), event=_KEPT[case.finding or ""][0])
    return case


async def listed_for_destruction(work: Work, case: CaseSummary) -> UUID | None:
    """Return the entry that put a sealed case on the destruction list, for the archivist of its body, who signs unread.

    Nothing is returned to everybody else, and where the case is not on the list.
    """
    if case.state != PUT_AWAY or case.body not in access.bodies(work, "case.destroy"):
        return None
    entry = await _last(work, case.id, Destruction.kind)
    return entry.id if entry is not None else None


async def destroy_cases(work: Work) -> Sequence[UUID]:
    """Destroy the cases that two persons signed away, and their items; return the items. The worker's verb.

    Of a case its number and where it ended stay, for the books and the yearly figures.
    """
    there = select(CaseEntry.case_id).where(CaseEntry.case_id == CaseFile.id).exists()
    query = select(CaseFile).where(CaseFile.state.in_(_OVER), there).limit(_AT_ONCE)
    items: list[UUID] = []
    for case in (await work.session.scalars(query)).all():
        mine = (await work.session.scalars(select(CaseItem.item_id).where(CaseItem.case_id == case.id))).all()
        for item_id in mine:
            await erase(work, item_id)
            await deadlines.destroy_of(work, item_id)
        items += mine
        await access.destroy_seals(work, "case", case.id)
        await attachments.destroy_of_case(work, case.id)
        await deadlines.destroy_of(work, case.id)
        for table in (CaseEntry, CaseSearch, CaseMember, CaseItem):
            await work.session.execute(delete(table).where(table.case_id == case.id))
        audit.record(work, "case", "destroyed", case.id)
    return items


async def _require_kept(work: Work, case: CaseFile) -> None:
    if case.state != "sealed" or case.finding not in _KEPT:
        raise Conflict("not_sealed", state=case.state)
    entry = await _last(work, case.id, SealedAway.kind)
    until = (entry.at if entry else work.now()) + relativedelta(months=work.policy.months(_KEPT[case.finding][1]))
    if work.now() < until:
        raise Conflict("kept_longer", until=until.date().isoformat())


async def _last(work: Work, case_id: UUID, kind: str) -> CaseEntry | None:
    query = select(CaseEntry).where(CaseEntry.case_id == case_id, CaseEntry.kind == kind)
    return await work.session.scalar(query.order_by(CaseEntry.place.desc()).limit(1))
