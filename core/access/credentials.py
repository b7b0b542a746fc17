"""How the secrets of an account change. Slow hashing runs in threads, outside every transaction."""

from uuid import UUID

from core import audit
from core.access.accounts import end_sessions, load_account
from core.access.keys import present_person_key
from core.access.passwords import hash_password, in_turn, normal, password_fits, require_fit
from core.access.permissions import permit, permit_operated
from core.access.tables import PersonKey
from core.access.totp import new_totp_secret, seal_totp
from core.access.tries import Begin, count_try, forget_tries
from core.errors import Conflict, Invalid
from core.sealing import Cost, lock_private_key, unlock_private_key
from core.work import Work


async def change_password(begin: Begin, *, old: str, new: str, cost: Cost | None = None) -> None:
    """Change the password of who is signed in, and sign them out everywhere else, machines included.

    Raises `Invalid` (``password_wrong``, or the new one does not fit) and `TooMany`.
    """
    require_fit(new, field="password")
    async with begin() as work:
        staff = permit(work, "credential.change")
        await count_try(work, "password", str(staff.account_id))
        account = await load_account(work, staff.account_id)
        key = await require_key(work, account.person_id)
    if not await in_turn(password_fits, account.password_hash, old):
        raise Invalid("password_wrong", field="old")
    if await in_turn(_unlocks, key.locked_private_key, new):
        raise Invalid("passphrase_is_password", field="password")
    encoded = await in_turn(hash_password, new, cost or Cost())
    async with begin() as work:
        row = await load_account(work, staff.account_id)
        if row.password_hash != account.password_hash:
            raise Conflict("password_changed_meanwhile")
        row.password_hash = encoded
        await end_sessions(work, row.id, keep=staff.session_id)
        await forget_tries(work, "password", str(staff.account_id))
        audit.record(work, "account", "password_changed", row.id)


async def change_passphrase(begin: Begin, *, old: str, new: str, cost: Cost | None = None) -> None:
    """Lock the private key of who is signed in with another passphrase; unlocked sessions stay unlocked.

    Raises `Invalid` (``passphrase_wrong``, or the new one does not fit) and `TooMany`.
    """
    require_fit(new, field="passphrase")
    async with begin() as work:
        staff = permit(work, "credential.change")
        await count_try(work, "passphrase", str(staff.account_id))
        account = await load_account(work, staff.account_id)
        key = await require_key(work, staff.person_id)
    pair = await in_turn(unlock_private_key, key.locked_private_key, normal(old))
    if await in_turn(password_fits, account.password_hash, new):
        raise Invalid("passphrase_is_password", field="passphrase")
    locked = await in_turn(lock_private_key, pair.private, normal(new), cost or Cost())
    async with begin() as work:
        row = await require_key(work, staff.person_id)
        if row.locked_private_key != key.locked_private_key:
            raise Conflict("passphrase_changed_meanwhile")
        row.locked_private_key = locked
        await forget_tries(work, "passphrase", str(staff.account_id))
        audit.record(work, "account", "passphrase_changed", staff.account_id)


async def reset_password(work: Work, account_id: UUID, password: str, *, cost: Cost | None = None) -> None:
    """Give an account another password and sign it out everywhere; the key stays locked by its passphrase."""
    permit_operated(work, "account.manage")
    require_fit(password, field="password")
    account = await load_account(work, account_id)
    account.password_hash = await in_turn(hash_password, password, cost or Cost())
    await end_sessions(work, account_id)
    audit.record(work, "account", "password_reset", account_id)


async def reset_totp(work: Work, account_id: UUID) -> str:
    """Give an account another TOTP secret, return it (base32), and sign the account out everywhere."""
    permit_operated(work, "account.manage")
    account = await load_account(work, account_id)
    secret = new_totp_secret()
    account.totp_sealed = seal_totp(work, account_id, secret)
    account.totp_last_step = 0
    await end_sessions(work, account_id)
    audit.record(work, "account", "totp_reset", account_id)
    return secret


async def require_key(work: Work, person_id: UUID) -> PersonKey:
    """Return a person's present key row; raise `Conflict` (``person_has_no_key``)."""
    key = await present_person_key(work, person_id)
    if key is None:
        raise Conflict("person_has_no_key")
    return key


def _unlocks(locked: bytes, passphrase: str) -> bool:
    try:
        unlock_private_key(locked, normal(passphrase))
    except Invalid:
        return False
    return True
