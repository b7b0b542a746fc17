"""Who reported is opened by two of three custodians together, for one case and with a reason (safeguards.md 5.3).

Who asks learns it; the custodians do not work on the case. What is opened stays sealed to who asked.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select

from core import access, audit
from core.cases.items import has_identity, open_identity_envelope
from core.cases.proceedings import members
from core.cases.proceedings.members import OFFICERS, Part
from core.cases.proceedings.tables import CaseItem, IdentityOpening, IdentityRelease
from core.cases.proceedings.thread import load_case, lock_case
from core.errors import Conflict, Denied, KeyLocked, NotFound
from core.sealing import (
    Context,
    KeyPair,
    addressees,
    open_envelope,
    open_private_key,
    seal_envelope,
    seal_private_key,
)
from core.work import Staff, Work

_PURPOSE: Final = "identity"


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish to learn who reported an item: who asked, and which custodians have agreed so far."""

    id: UUID
    case_id: UUID
    item_id: UUID
    asked_by: UUID
    asked_at: datetime
    first_id: UUID | None
    first_at: datetime | None
    second_id: UUID | None
    second_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish as the custodians see it, with its reason."""

    wish: Wish
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseIdentities:
    """The items of a case whose reporters gave a name, and the wishes to learn it, the latest first."""

    named_items: Sequence[UUID]
    wishes: Sequence[Wish]


async def ask_for_identity(work: Work, case_id: UUID, item_id: UUID, *, reason: str) -> UUID:
    """Ask the custodians who reported an item of a case; return the id of the wish.

    Raises `Denied`, `NotFound`, `Invalid` (``reason_too_short``), `Conflict` (``no_identity``, ``no_custodians``).
    """
    case = await lock_case(work, case_id)
    staff = await members.permit_in(work, case, "identity.ask", Part.SUPERVISOR, *OFFICERS)
    joined = await work.session.get(CaseItem, item_id)
    if joined is None or joined.case_id != case_id:
        raise NotFound("item_not_found")
    if not await has_identity(work, item_id):
        raise Conflict("no_identity")
    custodians = await access.custodians(work, _PURPOSE)
    if not custodians:
        raise Conflict("no_custodians")
    reason = access.fit_reason(reason)
    row = IdentityOpening(id=uuid4(), case_id=case_id, item_id=item_id, asked_by=staff.person_id, asked_at=work.now())
    to = [await _public_key(work, one) for one in sorted(custodians)]
    row.sealed_reason = seal_envelope(reason.encode(), to=to, context=_place(row.id, "sealed_reason"))
    work.session.add(row)
    audit.record(work, "identity", "asked", item_id, reason=reason)
    return row.id


async def identities_of(work: Work, case_id: UUID) -> CaseIdentities:
    """Return what there is to ask for in a case and what was asked, to its supervisor and officers.

    Raises `Denied`, `NotFound`.
    """
    case = await load_case(work, case_id)
    await members.permit_in(work, case, "identity.ask", Part.SUPERVISOR, *OFFICERS)
    items = await work.session.scalars(select(CaseItem.item_id).where(CaseItem.case_id == case_id))
    named = [item_id for item_id in items.all() if await has_identity(work, item_id)]
    query = select(IdentityOpening).where(IdentityOpening.case_id == case_id)
    rows = await work.session.scalars(query.order_by(IdentityOpening.asked_at.desc(), IdentityOpening.id))
    return CaseIdentities(named, [_wish(row) for row in rows])


async def identities_asked(work: Work) -> Sequence[Asked]:
    """Return the wishes that are not opened yet to a custodian, also those to which they agreed as the first.

    Those from before they were a custodian are left out: they hold no half for them. Raises `Denied`, `KeyLocked`.
    """
    key = _unlocked(_custodian(work))
    query = select(IdentityOpening).where(IdentityOpening.second_id.is_(None)).order_by(IdentityOpening.asked_at)
    rows = (await work.session.scalars(query)).all()
    return [_asked(row, key) for row in rows if key.public in addressees(row.sealed_reason)]


async def waiting_wishes(work: Work) -> int:
    """Return how many wishes wait for the custodian at work, whether or not their key is unlocked; raises `Denied`."""
    staff = access.permit(work, "identity.release")
    others = or_(IdentityOpening.first_id.is_(None), IdentityOpening.first_id != staff.person_id)
    query = select(func.count()).select_from(IdentityOpening).where(IdentityOpening.second_id.is_(None), others)
    return await work.session.scalar(query) or 0


async def release_identity(work: Work, opening_id: UUID) -> None:
    """Agree as the first custodian: the others are handed the halves that theirs are missing.

    Raises `Denied` (``own_work``, ``no_custodian``, ``works_on_the_case``), `NotFound`, `Conflict`
    (``released_already``).
    """
    staff = _custodian(work)
    row = await _lock(work, opening_id)
    await _require_outside(work, row, staff)
    if row.first_id is not None:
        raise Conflict("released_already")
    for partner_id in await access.partners(work, _PURPOSE):
        half = await access.own_half(work, _PURPOSE, partner_id)
        sealed = seal_private_key(half, to=await _public_key(work, partner_id))
        work.session.add(IdentityRelease(opening_id=row.id, partner_id=partner_id, sealed=sealed))
    row.first_id, row.first_at = staff.person_id, work.now()
    audit.record(work, "identity", "released", row.item_id)


async def open_identity(work: Work, opening_id: UUID) -> None:
    """Agree as the second custodian: the identity is opened, and sealed at once to who asked.

    Raises as `release_identity`, and `Conflict` (``not_released`` before the first has agreed, ``opened_already``).
    """
    staff = _custodian(work)
    row = await _lock(work, opening_id)
    await _require_outside(work, row, staff)
    if row.first_id is None:
        raise Conflict("not_released")
    if row.second_id is not None:
        raise Conflict("opened_already")
    if row.first_id == staff.person_id:
        raise Denied("own_work")
    release = await work.session.get(IdentityRelease, (row.id, staff.person_id))
    if release is None or staff.key is None:
        raise Denied("no_custodian")
    other = open_private_key(release.sealed, key=staff.key).private
    key = await access.joined(work, _PURPOSE, await access.own_half(work, _PURPOSE, row.first_id), other)
    identity = await open_identity_envelope(work, row.item_id, key)
    to = [await _public_key(work, row.asked_by)]
    row.sealed_result = seal_envelope(identity, to=to, context=_place(row.id, "sealed_result"))
    row.second_id, row.second_at = staff.person_id, work.now()
    audit.record(work, "identity", "opened", row.item_id)


async def read_identity(work: Work, opening_id: UUID) -> Mapping[str, str]:
    """Return name and contact to who asked for them, once two custodians agreed; the read is recorded.

    Raises `NotFound`, `Denied` to whoever has no part in the case any more, `KeyLocked`, `Conflict`
    (``not_opened_yet``).
    """
    staff = access.permit(work, "identity.ask")
    row = await work.session.get(IdentityOpening, opening_id)
    if row is None or row.asked_by != staff.person_id:
        raise NotFound("identity_not_asked")
    case = await lock_case(work, row.case_id)
    await members.permit_in(work, case, "identity.ask", Part.SUPERVISOR, *OFFICERS)
    if row.sealed_result is None:
        raise Conflict("not_opened_yet")
    context = _place(row.id, "sealed_result")
    opened: dict[str, str] = json.loads(open_envelope(row.sealed_result, key=_unlocked(staff), context=context))
    audit.record(work, "identity", "read", row.item_id)
    return opened


def _custodian(work: Work) -> Staff:
    staff = access.permit(work, "identity.release")
    _unlocked(staff)
    return staff


def _unlocked(staff: Staff) -> KeyPair:
    if staff.key is None:
        raise KeyLocked("key_locked")
    return staff.key


async def _lock(work: Work, opening_id: UUID) -> IdentityOpening:
    row = await work.session.get(IdentityOpening, opening_id, with_for_update=True)
    if row is None:
        raise NotFound("identity_not_asked")
    return row


async def _require_outside(work: Work, row: IdentityOpening, staff: Staff) -> None:
    """A custodian neither asked nor has ever had a part in the case (rules.md 3.1)."""
    if row.asked_by == staff.person_id:
        raise Denied("own_work")
    if staff.person_id in {one.person_id for one in await members.everybody(work, row.case_id)}:
        raise Denied("works_on_the_case")


def _asked(row: IdentityOpening, key: KeyPair) -> Asked:
    return Asked(
        _wish(row), open_envelope(row.sealed_reason, key=key, context=_place(row.id, "sealed_reason")).decode()
    )


def _wish(row: IdentityOpening) -> Wish:
    return Wish(
        row.id,
        row.case_id,
        row.item_id,
        row.asked_by,
        row.asked_at,
        row.first_id,
        row.first_at,
        row.second_id,
        row.second_at,
    )


async def _public_key(work: Work, person_id: UUID) -> bytes:
    key = await access.present_person_key(work, person_id)
    if key is None:
        raise Conflict("person_has_no_key")
    return key.public_key


def _place(opening_id: UUID, column: str) -> Context:
    return Context("identity_opening", column, opening_id)
