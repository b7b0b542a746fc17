"""A key that two of several custodians open together, and none of them alone.

For each pair of custodians the private key is split into two halves: a random one, and the key combined with it by
exclusive or. Neither half says anything about the key (a one-time pad), whatever else its holder knows.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Final
from uuid import UUID

from nacl.utils import random
from sqlalchemy import delete, select

from core import audit, registry
from core.access.keys import ESCROW_ID, present_person_key
from core.access.permissions import permit_operated, signed_in
from core.access.tables import CustodyShare, Seal, SharedKeyRow
from core.errors import Conflict, Denied, Forged, Invalid, KeyLocked
from core.sealing import KeyPair, escrow_open, open_private_key, seal_private_key
from core.work import Work

_ROLE: Final = "identity_custodian"


async def share_out(work: Work, purpose: str, custodians: Sequence[UUID], escrow_identity: str) -> None:
    """Split the key of a purpose among custodians, at the operator's command and with the escrow key.

    Whatever was shared out before is void. Raises `Invalid` (``custodians_wrong`` unless they are as many different
    people as the policy says), `Denied` (``not_entitled``), `Conflict` (``no_shared_key``, ``person_has_no_key``),
    `Forged`.
    """
    permit_operated(work, "shared_key.recover")
    needed = work.policy.count("identity_custodians")
    if len(set(custodians)) != needed or len(custodians) != needed:
        raise Invalid("custodians_wrong", needed=needed)
    entitled = {person.id for person in await registry.people_with_role(work, _ROLE, on=work.clock.today())}
    if not entitled.issuperset(custodians):
        raise Denied("not_entitled")
    row = await _present(work, purpose)
    private = (await _from_escrow(work, row, escrow_identity)).private
    keys = {}
    for person_id in custodians:
        key = await present_person_key(work, person_id)
        if key is None:
            raise Conflict("person_has_no_key")
        keys[person_id] = key.public_key
    await work.session.execute(delete(CustodyShare).where(CustodyShare.key_id == row.id))
    for one, other in combinations(custodians, 2):
        half = random(len(private))
        for holder, partner, share in ((one, other, half), (other, one, _combined(half, private))):
            sealed = seal_private_key(share, to=keys[holder])
            work.session.add(CustodyShare(key_id=row.id, holder_id=holder, partner_id=partner, sealed=sealed))
    audit.record(work, "shared_key", "shared_out", row.id)


async def custodians(work: Work, purpose: str) -> frozenset[UUID]:
    """Return among whom the key of a purpose is shared out."""
    row = await _present(work, purpose)
    query = select(CustodyShare.holder_id).where(CustodyShare.key_id == row.id)
    return frozenset((await work.session.scalars(query)).all())


async def partners(work: Work, purpose: str) -> frozenset[UUID]:
    """Return with whom the custodian at work can open the key of a purpose; nobody for whoever is none."""
    staff = signed_in(work)
    row = await _present(work, purpose)
    mine = (CustodyShare.key_id == row.id, CustodyShare.holder_id == staff.person_id)
    return frozenset((await work.session.scalars(select(CustodyShare.partner_id).where(*mine))).all())


async def own_half(work: Work, purpose: str, partner_id: UUID) -> bytes:
    """Return the half that the custodian at work shares with a partner.

    Raises `KeyLocked`, `Denied` (``no_custodian``).
    """
    staff = signed_in(work)
    row = await _present(work, purpose)
    share = await work.session.get(CustodyShare, (row.id, staff.person_id, partner_id))
    if share is None:
        raise Denied("no_custodian")
    if staff.key is None:
        raise KeyLocked("key_locked")
    return open_private_key(share.sealed, key=staff.key).private


async def joined(work: Work, purpose: str, half: bytes, other: bytes) -> KeyPair:
    """Return the key that two halves make; raise `Forged` when they do not belong together."""
    pair = KeyPair.from_private(_combined(half, other))
    if pair.public != (await _present(work, purpose)).public_key:
        raise Forged("halves_differ")
    return pair


def _combined(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))


async def _present(work: Work, purpose: str) -> SharedKeyRow:
    query = select(SharedKeyRow).where(SharedKeyRow.purpose == purpose, SharedKeyRow.retired_at.is_(None))
    row = await work.session.scalar(query)
    if row is None:
        raise Conflict("no_shared_key", purpose=purpose)
    return row


async def _from_escrow(work: Work, row: SharedKeyRow, identity: str) -> KeyPair:
    kept = (Seal.target_kind == "shared_key", Seal.target_id == row.id, Seal.holder_id == ESCROW_ID)
    seal = await work.session.scalar(select(Seal).where(*kept))
    if seal is None:
        raise Forged("escrow_seal_missing")
    pair = KeyPair.from_private(escrow_open(seal.sealed_key, identity=identity))
    if pair.public != row.public_key:
        raise Forged("shared_key_differs")
    return pair
