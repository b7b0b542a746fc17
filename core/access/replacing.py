"""Another key pair for somebody who has lost their passphrase. What was sealed to the old one no longer is."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from core import audit
from core.access.accounts import end_sessions, load_account
from core.access.keys import add_person_key, present_person_key
from core.access.passwords import in_turn, normal, password_fits, require_fit
from core.access.permissions import permit_operated
from core.access.tables import PersonKey, Seal, SharedKeyRow
from core.errors import Invalid
from core.sealing import Cost, KeyPair, lock_private_key
from core.work import Work


@dataclass(frozen=True, slots=True)
class Lost:
    """What went with a key: the purposes of the present shared keys, and how many items had been granted directly."""

    purposes: tuple[str, ...]
    items: int


async def replace_person_key(work: Work, account_id: UUID, passphrase: str, *, cost: Cost | None = None) -> Lost:
    """Give the person of an account another key pair, locked by ``passphrase``, and sign the account out everywhere.

    The old key is retired and its seals are deleted, which needs no passphrase. Colleagues, or escrow, grant the shared
    keys anew, and whoever can open an item grants it anew.

    Raises:
        Invalid: ``secret_too_short``, ``secret_too_long``, ``passphrase_is_password``.
        NotFound: ``account_unknown``.
    """
    permit_operated(work, "account.manage")
    require_fit(passphrase, field="passphrase")
    account = await load_account(work, account_id)
    if await in_turn(password_fits, account.password_hash, passphrase):
        raise Invalid("passphrase_is_password", field="passphrase")
    pair = KeyPair.new()
    locked = await in_turn(lock_private_key, pair.private, normal(passphrase), cost or Cost())
    lost = await _drop_seals(work, account.person_id)
    old = await present_person_key(work, account.person_id)
    if old is not None:
        old.retired_at = work.now()
        await work.session.flush()  # a person has one present key
    add_person_key(work, account.person_id, pair, locked)
    await end_sessions(work, account_id)
    audit.record(work, "account", "key_replaced", account_id, change=pair.public)
    return lost


async def _drop_seals(work: Work, person_id: UUID) -> Lost:
    """Delete every seal to a person and record which; return what they opened."""
    keys = select(PersonKey.id).where(PersonKey.person_id == person_id)
    mine = Seal.holder_kind == "person", Seal.holder_id.in_(keys)
    held = (await work.session.execute(select(Seal.target_kind, Seal.target_id).where(*mine))).all()
    await work.session.execute(delete(Seal).where(*mine))
    actions = {"item": "grant_ended", "shared_key": "dropped"}
    for kind, target_id in sorted(set(held)):
        audit.record(work, kind, actions[kind], target_id, change=person_id.bytes)
    shared = {target_id for kind, target_id in held if kind == "shared_key"}
    return Lost(await _purposes(work, shared), len({target_id for kind, target_id in held if kind == "item"}))


async def _purposes(work: Work, key_ids: set[UUID]) -> tuple[str, ...]:
    present = SharedKeyRow.id.in_(key_ids), SharedKeyRow.retired_at.is_(None)
    return tuple(
        await work.session.scalars(select(SharedKeyRow.purpose).where(*present).order_by(SharedKeyRow.purpose))
    )
