"""Who can open what: private keys of items and of shared purposes, sealed to their holders.

Granting seals; a recusal or the end of an appointment deletes seals, which needs no key.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal
from uuid import UUID, uuid4

from nacl.signing import VerifyKey
from sqlalchemy import BindParameter, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from core.access.tables import PersonKey, Seal, SharedKeyRow
from core.errors import Conflict, Denied, Forged, KeyLocked
from core.sealing import (
    Facts,
    KeyPair,
    SharedKey,
    escrow_seal,
    open_private_key,
    seal_private_key,
    sign,
    verify,
)
from core.work import Staff, Work

Target = Literal["item", "case", "shared_key"]
ESCROW_ID = UUID(int=0)
_SEALED: Final = (Seal.target_id, Seal.holder_id, Seal.sealed_key)


async def load_shared_keys(session: AsyncSession, desk: VerifyKey) -> Mapping[str, SharedKey]:
    """Return the present public key of every purpose; raise `Forged` for one that the desk did not sign."""
    rows = (await session.scalars(select(SharedKeyRow).where(SharedKeyRow.retired_at.is_(None)))).all()
    for row in rows:
        verify(desk, row.signature, "shared_key", {"id": row.id, "purpose": row.purpose, "public_key": row.public_key})
    return {row.purpose: SharedKey(row.id, row.purpose, row.public_key) for row in rows}


def create_shared_key(work: Work, purpose: str) -> tuple[SharedKey, KeyPair]:
    """Make the key pair of a purpose, sealed to escrow; the caller grants it to its first holder, or forgets it."""
    pair, key_id = KeyPair.new(), uuid4()
    facts: Facts = {"id": key_id, "purpose": purpose, "public_key": pair.public}
    work.session.add(
        SharedKeyRow(
            id=key_id,
            purpose=purpose,
            public_key=pair.public,
            signature=sign(work.keys.signing_key, "shared_key", facts),
            created_at=work.now(),
        )
    )
    seal_to_escrow(work, "shared_key", key_id, pair)
    audit.record(work, "shared_key", "created", key_id, change=pair.public)
    return SharedKey(key_id, purpose, pair.public), pair


def seal_to_escrow(work: Work, target: Target, target_id: UUID, pair: KeyPair) -> None:
    """Seal a target's private key to the offline escrow key."""
    sealed = escrow_seal(pair.private, recipient=work.keys.escrow_recipient)
    _add(work, target, target_id, "escrow", ESCROW_ID, sealed)


def seal_to_shared(work: Work, target: Target, target_id: UUID, pair: KeyPair, purpose: str) -> None:
    """Seal a target's private key to the present key of a purpose."""
    shared = work.shared.get(purpose)
    if shared is None:
        raise Conflict("no_shared_key", purpose=purpose)
    _add(work, target, target_id, "shared_key", shared.id, seal_private_key(pair.private, to=shared.public))


async def seal_to_person(work: Work, target: Target, target_id: UUID, pair: KeyPair, person_id: UUID) -> None:
    """Seal a target's private key to a person; a second time changes nothing.

    Raises `Conflict` (``person_has_no_key``), and `Forged` for a public key that the desk did not sign.
    """
    holder = await present_person_key(work, person_id)
    if holder is None:
        raise Conflict("person_has_no_key")
    verify(work.keys.verify_keys["desk"], holder.signature, "person_key", _person_facts(holder))
    known = await work.session.scalar(_seals(target, target_id).where(Seal.holder_id == holder.id))
    if known is None:
        _add(work, target, target_id, "person", holder.id, seal_private_key(pair.private, to=holder.public_key))


async def unseal_from_person(work: Work, target: Target, target_id: UUID, person_id: UUID) -> None:
    """Delete a person's seals on a target; this needs no key."""
    keys = select(PersonKey.id).where(PersonKey.person_id == person_id)
    await work.session.execute(
        delete(Seal).where(
            Seal.target_kind == target,
            Seal.target_id == target_id,
            Seal.holder_kind == "person",
            Seal.holder_id.in_(keys),
        )
    )


async def hand_over(work: Work, item_id: UUID, pair: KeyPair, *, case_id: UUID, case_public_key: bytes) -> None:
    """Seal an item's private key to a case, and delete every other seal of it but that of escrow."""
    mine = delete(Seal).where(Seal.target_kind == "item", Seal.target_id == item_id)
    await work.session.execute(mine.where(Seal.holder_kind.in_(["person", "shared_key"])))
    _add(work, "item", item_id, "case", case_id, seal_private_key(pair.private, to=case_public_key))


async def open_shared_key(work: Work, key_id: UUID) -> KeyPair:
    """Return a shared key's pair for the member of staff at work; raises as `open_key`."""
    row = await work.session.get_one(SharedKeyRow, key_id)
    return await open_key(work, "shared_key", key_id, row.public_key)


async def open_key(work: Work, target: Target, target_id: UUID, public_key: bytes) -> KeyPair:
    """Return the key pair of a target, the one with this public key, for the member of staff at work.

    Raises `KeyLocked` when their key is not unlocked and `Denied` (``no_grant``) when nothing was sealed to them, nor
    to a shared key or, of an item, to a case that they hold.
    """
    if not isinstance(work.actor, Staff) or work.actor.key is None:
        raise KeyLocked("key_locked")
    holder = await present_person_key(work, work.actor.person_id)
    held = {holder.id: work.actor.key} if holder and holder.public_key == work.actor.key.public else {}
    pairs = await _opened_by(work, target, target_id, "person", held)
    if target != "shared_key":
        pairs += await _opened_by(work, target, target_id, "shared_key", await _shared_held(work, held))
    if target == "item":
        pairs += await _opened_by(work, target, target_id, "case", await _cases_held(work, target_id, held))
    for pair in pairs:
        if pair.public == public_key:
            return pair
    raise Denied("no_grant")


async def open_granted(work: Work, target: Target, ids: Select[UUID]) -> Mapping[UUID, KeyPair]:
    """Return the key pairs of those of the targets that are sealed directly to the person at work.

    ``ids`` is a query for the ids of the targets. Raises `KeyLocked`. Whoever relies on a pair compares its public half
    with the target's.
    """
    if not isinstance(work.actor, Staff) or work.actor.key is None:
        raise KeyLocked("key_locked")
    holder = await present_person_key(work, work.actor.person_id)
    if holder is None or holder.public_key != work.actor.key.public:
        return {}
    query = select(*_SEALED).where(Seal.holder_kind == "person", Seal.holder_id == holder.id)
    seals = await work.session.execute(query.where(Seal.target_kind == target, Seal.target_id.in_(ids)))
    return await asyncio.to_thread(dict, _openable(seals.all(), {holder.id: work.actor.key}))


async def holds_shared(work: Work, person_id: UUID) -> frozenset[UUID]:
    """Return the ids of the shared keys that are sealed to this person."""
    return frozenset((await work.session.scalars(shared_of(person_id))).all())


def shared_of(person_id: UUID | BindParameter[UUID]) -> Select[UUID]:
    """Return the query for the ids of the shared keys that are sealed to this person."""
    held = select(PersonKey.id).where(PersonKey.person_id == person_id)
    return select(Seal.target_id).where(Seal.target_kind == "shared_key", Seal.holder_id.in_(held))


async def people_with_seal(work: Work, target: Target, target_id: UUID) -> frozenset[UUID]:
    """Return the people to whom a target is sealed directly."""
    query = (
        select(PersonKey.person_id)
        .join(Seal, Seal.holder_id == PersonKey.id)
        .where(Seal.target_kind == target, Seal.target_id == target_id, Seal.holder_kind == "person")
    )
    return frozenset((await work.session.scalars(query)).all())


def targets_granted(work: Work, target: Target) -> Select[UUID]:
    """Return the query for the ids of the targets that are sealed directly to the person at work."""
    return targets_sealed_to(work.actor.person_id if isinstance(work.actor, Staff) else None, target)


def targets_sealed_to(person_id: UUID | BindParameter[UUID] | None, target: Target) -> Select[UUID]:
    """Return the query for the ids of the targets that are sealed directly to a person."""
    keys = select(PersonKey.id).where(PersonKey.person_id == person_id)
    query = select(Seal.target_id).where(Seal.holder_kind == "person", Seal.holder_id.in_(keys))
    return query.where(Seal.target_kind == target)


async def present_person_key(work: Work, person_id: UUID) -> PersonKey | None:
    """Return a person's present key row, if they have one."""
    query = select(PersonKey).where(PersonKey.person_id == person_id, PersonKey.retired_at.is_(None))
    return await work.session.scalar(query)


def add_person_key(work: Work, person_id: UUID, pair: KeyPair, locked: bytes) -> None:
    """Give a person a key pair, whose private half comes ``locked`` by their passphrase; the desk signs the other."""
    row = PersonKey(
        id=uuid4(),
        person_id=person_id,
        public_key=pair.public,
        locked_private_key=locked,
        created_at=work.now(),
    )
    row.signature = sign(work.keys.signing_key, "person_key", _person_facts(row))
    work.session.add(row)


async def destroy_seals(work: Work, target: Target, target_id: UUID) -> None:
    """Delete every seal of a target, escrow included: nobody opens it again."""
    await work.session.execute(delete(Seal).where(Seal.target_kind == target, Seal.target_id == target_id))


async def _shared_held(work: Work, held: Mapping[UUID, KeyPair]) -> Mapping[UUID, KeyPair]:
    query = select(*_SEALED).where(Seal.target_kind == "shared_key", Seal.holder_kind == "person")
    seals = await work.session.execute(query.where(Seal.holder_id.in_(held)))
    return dict(_openable(seals, held))


async def _cases_held(work: Work, item_id: UUID, held: Mapping[UUID, KeyPair]) -> Mapping[UUID, KeyPair]:
    """Return the keys of the cases to which an item is sealed, as far as they are held."""
    holders = _seals("item", item_id).where(Seal.holder_kind == "case")
    cases = [seal.holder_id for seal in await work.session.scalars(holders)]
    query = select(*_SEALED).where(Seal.target_kind == "case", Seal.target_id.in_(cases))
    seals = await work.session.execute(query.where(Seal.holder_kind == "person", Seal.holder_id.in_(held)))
    return dict(_openable(seals, held))


async def _opened_by(
    work: Work, target: Target, target_id: UUID, holder: str, held: Mapping[UUID, KeyPair]
) -> list[KeyPair]:
    query = select(*_SEALED).where(Seal.target_kind == target, Seal.target_id == target_id)
    seals = await work.session.execute(query.where(Seal.holder_kind == holder, Seal.holder_id.in_(held)))
    return [pair for _, pair in _openable(seals, held)]


def _openable(
    seals: Iterable[tuple[UUID, UUID, bytes]], held: Mapping[UUID, KeyPair]
) -> Iterator[tuple[UUID, KeyPair]]:
    """Yield what the seals hold, by target; one that somebody made up opens to nothing and is passed over."""
    for target_id, holder_id, sealed in seals:
        try:
            yield target_id, open_private_key(sealed, key=held[holder_id])
        except Forged:
            continue


def _person_facts(row: PersonKey) -> Facts:
    return {"id": row.id, "person_id": row.person_id, "public_key": row.public_key}


def _seals(target: Target, target_id: UUID) -> Select[Seal]:
    return select(Seal).where(Seal.target_kind == target, Seal.target_id == target_id)


def _add(work: Work, target: Target, target_id: UUID, holder: str, holder_id: UUID, sealed: bytes) -> None:
    work.session.add(
        Seal(
            target_kind=target,
            target_id=target_id,
            holder_kind=holder,
            holder_id=holder_id,
            sealed_key=sealed,
            granted_at=work.hour(),
        )
    )
