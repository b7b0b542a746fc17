"""Who has a part in a case, who steps aside, and whether somebody may act in it (R13)."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import select

from core import access, audit
from core.cases.proceedings.tables import CaseFile, CaseMember
from core.errors import Conflict, Denied
from core.sealing import KeyPair
from core.work import Staff, Work

RECUSED = "recuse"


class Part(StrEnum):
    """What somebody is to a case."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    OFFICER_ORG = "officer_org"
    OFFICER_DISC = "officer_disc"
    HEARING = "hearing"
    RECEIVER = "receiver"
    ISSUER = "issuer"
    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    APPEAL = "appeal"


OFFICERS = (Part.OFFICER_ORG, Part.OFFICER_DISC)


async def permit_in(work: Work, case: CaseFile, permission: str, *parts: Part) -> Staff:
    """Return the member of staff at work, who has the permission and one of these parts in the case.

    Without parts, the permission must be held in the body that decides. Whoever stepped aside may do nothing in the
    case, whatever else they are. Raises `NotSignedIn`, or `Denied` (``not_permitted``, ``recused``, ``no_part``).
    """
    staff = access.permit(work, permission, body=None if parts else case.body)
    mine = await _rows_of(work, case.id, staff.person_id)
    if _is_recused(mine):
        raise Denied("recused")
    if parts and not any(row.part in parts and row.until is None for row in mine):
        raise Denied("no_part")
    return staff


async def in_scope(work: Work, case: CaseFile) -> bool:
    """Tell whether the case is of a body in which the person at work holds a role, or they have a part in it.

    PostgreSQL draws the same line by row-level security (`jingshi/rights.toml`).
    """
    if not isinstance(work.actor, Staff) or any(held.body == case.body for held in work.actor.held):
        return True
    return any(row.until is None for row in await _rows_of(work, case.id, work.actor.person_id))


async def join(work: Work, case: CaseFile, person_id: UUID, part: Part, key: KeyPair) -> None:
    """Give somebody a part in a case and its key; a second time changes nothing.

    Raises `Denied` (``recused``) for whoever stepped aside, and `Conflict` (``person_has_no_key``).
    """
    mine = await _rows_of(work, case.id, person_id)
    if _is_recused(mine):
        raise Denied("recused")
    await access.seal_to_person(work, "case", case.id, key, person_id)
    if not any(row.part == part and row.until is None for row in mine):
        row = CaseMember(
            id=uuid4(),
            case_id=case.id,
            person_id=person_id,
            part=part,
            body=case.body,
            case_opened_at=case.opened_at,
            since=work.now(),
        )
        work.session.add(row)
        audit.record(work, "case", "joined", case.id, change=person_id.bytes + part.encode())


async def leave(work: Work, case: CaseFile, person_id: UUID, *, declared: str | None = None) -> None:
    """End every part of somebody in a case and take its key back, which needs no key."""
    for row in await _rows_of(work, case.id, person_id):
        row.until = row.until or work.now()
        row.declared = declared or row.declared
    await access.unseal_from_person(work, "case", case.id, person_id)
    audit.record(work, "case", "left", case.id, change=person_id.bytes)


async def lay_down(work: Work, case: CaseFile, row: CaseMember) -> None:
    """End one part of somebody in a case; with their last one they lose its key."""
    row.until = work.now()
    if all(each.until is not None for each in await _rows_of(work, case.id, row.person_id)):
        await access.unseal_from_person(work, "case", case.id, row.person_id)
    audit.record(work, "case", "laid_down", case.id, change=row.person_id.bytes + row.part.encode())


async def present(work: Work, case_id: UUID, *parts: Part) -> Sequence[CaseMember]:
    """Return who has one of these parts in a case at present, or any part where none is named."""
    query = select(CaseMember).where(CaseMember.case_id == case_id, CaseMember.until.is_(None))
    if parts:
        query = query.where(CaseMember.part.in_([str(part) for part in parts]))
    return (await work.session.scalars(query.order_by(CaseMember.since, CaseMember.id))).all()


async def everybody(work: Work, case_id: UUID) -> Sequence[CaseMember]:
    """Return every part that somebody has or had in a case."""
    return (await work.session.scalars(select(CaseMember).where(CaseMember.case_id == case_id))).all()


async def officers(work: Work, case_id: UUID) -> tuple[UUID, UUID]:
    """Return the officer of each body; raise `Conflict` (``officers_missing``) unless both may act."""
    rows = {row.part: row for row in await present(work, case_id, *OFFICERS)}
    if set(rows) != set(OFFICERS) or any(row.declared is None for row in rows.values()):
        raise Conflict("officers_missing")
    return rows[Part.OFFICER_ORG].person_id, rows[Part.OFFICER_DISC].person_id


async def stepped_aside(work: Work, case_id: UUID, person_id: UUID) -> bool:
    """Tell whether somebody stepped aside from a case, or had to."""
    return _is_recused(await _rows_of(work, case_id, person_id))


async def case_key(work: Work, case: CaseFile) -> KeyPair:
    """Return the case's key pair for the member of staff at work; raises `KeyLocked`, `Denied` (``no_grant``)."""
    return await access.open_key(work, "case", case.id, case.public_key)


async def _rows_of(work: Work, case_id: UUID, person_id: UUID) -> Sequence[CaseMember]:
    query = select(CaseMember).where(CaseMember.case_id == case_id, CaseMember.person_id == person_id)
    return (await work.session.scalars(query)).all()


def _is_recused(rows: Sequence[CaseMember]) -> bool:
    return any(row.declared == RECUSED for row in rows)
