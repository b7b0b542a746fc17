"""Keys that several people hold for one purpose: who is entitled, who waits, granting, rotation, recovery.

A role alone opens nothing: somebody who holds the key seals it to the colleague. Whoever is entitled no more loses the
seals, and the key is due for rotation.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, select, update

from core import audit, registry
from core.access.keys import (
    ESCROW_ID,
    create_shared_key,
    holds_shared,
    open_shared_key,
    people_with_seal,
    present_person_key,
    seal_to_person,
    shared_of,
)
from core.access.permissions import permit, permit_operated, signed_in
from core.access.tables import PersonKey, Seal, SharedKeyRow
from core.errors import Conflict, Denied, Forged
from core.sealing import KeyPair, SharedKey, escrow_open, fingerprint
from core.work import Held, Work


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Holders of ``role``, in ``body`` if one is named, are entitled to the key of ``purpose``."""

    role: str
    body: str | None
    purpose: str


ENTITLEMENTS: Final = (
    Entitlement("intake_clerk", "leading_group_office", "intake:leading_group_office"),
    Entitlement("intake_clerk", "discipline_commission", "intake:discipline_commission"),
    Entitlement("intake_clerk", "leading_group_office", "register:leading_group_office"),
    Entitlement("intake_clerk", "discipline_commission", "register:discipline_commission"),
    Entitlement("auditor", None, "register:leading_group_office"),
    Entitlement("auditor", None, "register:discipline_commission"),
    Entitlement("supervisor", "leading_group_office", "record"),
    Entitlement("privacy_officer", None, "record"),
    Entitlement("auditor", None, "audit"),
    Entitlement("privacy_officer", None, "audit"),
)
REGISTER: Final = "register:"
"""How the purpose of the key of a body's registers begins; intake clerks and auditors hold it."""

PURPOSES: Final = tuple(dict.fromkeys(each.purpose for each in ENTITLEMENTS))
"""Every purpose that has a key of its own."""


_HOLDERS: Final = (
    select(SharedKeyRow.purpose, SharedKeyRow.rotation_due_at, PersonKey.person_id)
    .join(Seal, and_(Seal.target_kind == "shared_key", Seal.target_id == SharedKeyRow.id, Seal.holder_kind == "person"))
    .join(PersonKey, PersonKey.id == Seal.holder_id)
    .where(SharedKeyRow.retired_at.is_(None), SharedKeyRow.id.in_(shared_of(bindparam("person"))))
    .order_by(SharedKeyRow.purpose)
)  # every day page asks it, and to put it together costs more than to run it


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody entitled to a key who has no seal on it. Compare the fingerprint with them before granting.

    It is missing as long as they have no account.
    """

    purpose: str
    person_id: UUID
    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that the person at work holds: who waits for it, and whether it is due for rotation."""

    purpose: str
    is_due: bool
    waiting: Sequence[Waiting]


def purposes_of(held: Sequence[Held]) -> frozenset[str]:
    """Return the purposes to whose keys these roles entitle."""
    return frozenset(
        each.purpose for each in ENTITLEMENTS for one in held if one.role == each.role and each.body in {None, one.body}
    )


def register_bodies(held: Sequence[Held]) -> frozenset[str]:
    """Return the bodies to the key of whose registers these roles entitle."""
    purposes = purposes_of(held)
    return frozenset(each.removeprefix(REGISTER) for each in purposes if each.startswith(REGISTER))


async def entitled_people(work: Work, purpose: str, *, on: date) -> frozenset[UUID]:
    """Return who is entitled to the key of a purpose on a day."""
    return (await _entitled(work, on=on)).get(purpose, frozenset())


async def held_keys(work: Work) -> Sequence[HeldKey]:
    """Return the keys that the member of staff at work holds, by purpose, and what there is to do about each."""
    staff = permit(work, "shared_key.grant")
    await work.transaction.flush()
    found: dict[tuple[str, bool], set[UUID]] = defaultdict(set)
    for purpose, rotation_due_at, holder in await work.connection.execute(_HOLDERS, {"person": staff.person_id}):
        found[purpose, rotation_due_at is not None].add(holder)
    entitled = await _entitled(work, on=work.clock.today()) if found else {}
    lacking = {key: sorted(entitled.get(key[0], frozenset()) - holders) for key, holders in found.items()}
    return [
        HeldKey(purpose, is_due, [await _waiting(work, purpose, each) for each in people])
        for (purpose, is_due), people in lacking.items()
    ]


async def open_shared_keys(work: Work, purpose: str) -> Sequence[KeyPair]:
    """Return the keys of a purpose that the member of staff at work holds, older ones included.

    Raises `KeyLocked`, and `Denied` (``shared_key_not_held``) when they hold none.
    """
    held = await holds_shared(work, signed_in(work).person_id)
    query = select(SharedKeyRow.id).where(SharedKeyRow.purpose == purpose, SharedKeyRow.id.in_(held))
    found = (await work.session.scalars(query.order_by(SharedKeyRow.created_at.desc()))).all()
    if not found:
        raise Denied("shared_key_not_held", purpose=purpose)
    return [await open_shared_key(work, key_id) for key_id in found]


async def grant_shared_key(work: Work, purpose: str, person_id: UUID) -> None:
    """Seal the keys of a purpose, older ones included, to a colleague whose role entitles them.

    Raises `KeyLocked`, `Denied` (``no_grant`` when one does not hold the key, ``not_entitled``), and `Conflict`
    (``no_shared_key``, ``person_has_no_key``).
    """
    staff = permit(work, "shared_key.grant")
    present = await _present_row(work, purpose)
    pairs = {present.id: await open_shared_key(work, present.id)}
    await _require_entitled(work, purpose, person_id)
    for key_id in await holds_shared(work, staff.person_id) & await _retired_ids(work, purpose):
        pairs[key_id] = await open_shared_key(work, key_id)
    for key_id, pair in pairs.items():
        await seal_to_person(work, "shared_key", key_id, pair, person_id)
    audit.record(work, "shared_key", "granted", present.id, change=person_id.bytes)


async def rotate_shared_key(work: Work, purpose: str) -> SharedKey:
    """Make a new key for a purpose, sealed to escrow and to the holders of the old one who are still entitled.

    The old one is retired; its holders still open with it what came before. Raises as `grant_shared_key`.
    """
    permit(work, "shared_key.rotate")
    old = await _present_row(work, purpose)
    await open_shared_key(work, old.id)
    holders = await people_with_seal(work, "shared_key", old.id)
    old.retired_at = work.now()
    await work.session.flush()
    fresh, pair = create_shared_key(work, purpose)
    for person_id in sorted(holders & await entitled_people(work, purpose, on=work.clock.today())):
        await seal_to_person(work, "shared_key", fresh.id, pair, person_id)
    audit.record(work, "shared_key", "retired", old.id)
    return fresh


async def first_holder(work: Work, purpose: str, person_id: UUID, pair: KeyPair) -> None:
    """Seal the key that was just made for a purpose to its first holder, at the operator's command."""
    permit_operated(work, "shared_key.recover")
    await _require_entitled(work, purpose, person_id)
    row = await _present_row(work, purpose)
    await _hand_over(work, row, pair, person_id)


async def recover_shared_key(work: Work, purpose: str, person_id: UUID, escrow_identity: str) -> None:
    """Open the keys of a purpose, older ones included, with the escrow key and seal them to somebody entitled.

    Raises `Forged` when the identity opens none of them, `Denied` (``not_entitled``), `Conflict` (``no_shared_key``).
    """
    permit_operated(work, "shared_key.recover")
    await _require_entitled(work, purpose, person_id)
    await _present_row(work, purpose)
    for row in await work.session.scalars(select(SharedKeyRow).where(SharedKeyRow.purpose == purpose)):
        sealed = Seal.target_kind == "shared_key", Seal.target_id == row.id, Seal.holder_id == ESCROW_ID
        seal = await work.session.scalar(select(Seal).where(*sealed))
        if seal is None:
            raise Forged("escrow_seal_missing")
        pair = KeyPair.from_private(escrow_open(seal.sealed_key, identity=escrow_identity))
        await _hand_over(work, row, pair, person_id)


async def drop_shared_keys(work: Work, person_id: UUID, *, on: date) -> bool:
    """Delete a person's seals on the keys to which they are not entitled on a day; return whether there were any.

    Those keys are due for rotation from then on. Needs no key.
    """
    entitled = purposes_of(await registry.held_by(work, person_id, on=on))
    held = await holds_shared(work, person_id)
    query = select(SharedKeyRow.id).where(SharedKeyRow.id.in_(held), SharedKeyRow.purpose.not_in(entitled))
    dropped = (await work.session.scalars(query)).all()
    if not dropped:
        return False
    keys = select(PersonKey.id).where(PersonKey.person_id == person_id)
    mine = Seal.target_kind == "shared_key", Seal.target_id.in_(dropped), Seal.holder_id.in_(keys)
    await work.session.execute(delete(Seal).where(*mine))
    due = update(SharedKeyRow).where(SharedKeyRow.id.in_(dropped), SharedKeyRow.rotation_due_at.is_(None))
    await work.session.execute(due.values(rotation_due_at=work.now()))
    for key_id in dropped:
        audit.record(work, "shared_key", "dropped", key_id, change=person_id.bytes)
    return True


async def _hand_over(work: Work, row: SharedKeyRow, pair: KeyPair, person_id: UUID) -> None:
    if pair.public != row.public_key:
        raise Forged("shared_key_differs")
    await seal_to_person(work, "shared_key", row.id, pair, person_id)
    audit.record(work, "shared_key", "recovered", row.id, change=person_id.bytes)


async def _require_entitled(work: Work, purpose: str, person_id: UUID) -> None:
    if person_id not in await entitled_people(work, purpose, on=work.clock.today()):
        raise Denied("not_entitled", purpose=purpose)


async def _entitled(work: Work, *, on: date) -> Mapping[str, frozenset[UUID]]:
    """Return who is entitled to each key on a day."""
    held = await registry.held_in_roles(work, {each.role for each in ENTITLEMENTS}, on=on)
    purposes = {person_id: purposes_of(roles) for person_id, roles in held.items()}
    return {each: frozenset(person_id for person_id in purposes if each in purposes[person_id]) for each in PURPOSES}


async def _waiting(work: Work, purpose: str, person_id: UUID) -> Waiting:
    key = await present_person_key(work, person_id)
    return Waiting(purpose, person_id, fingerprint(key.public_key) if key else None)


async def _present_row(work: Work, purpose: str) -> SharedKeyRow:
    query = select(SharedKeyRow).where(SharedKeyRow.purpose == purpose, SharedKeyRow.retired_at.is_(None))
    row = await work.session.scalar(query.with_for_update())
    if row is None:
        raise Conflict("no_shared_key", purpose=purpose)
    return row


async def _retired_ids(work: Work, purpose: str) -> frozenset[UUID]:
    retired = SharedKeyRow.purpose == purpose, SharedKeyRow.retired_at.is_not(None)
    return frozenset((await work.session.scalars(select(SharedKeyRow.id).where(*retired))).all())
