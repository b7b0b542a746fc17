"""Accounts: made, closed, opened again, listed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import exists, or_, select, update

from core import audit, registry
from core.access.keys import add_person_key
from core.access.passwords import hash_password, in_turn, normal, require_different, require_fit
from core.access.permissions import permit_operated
from core.access.tables import Account, PersonKey, Session
from core.access.totp import new_totp_secret, seal_totp
from core.errors import Conflict, Invalid, NotFound
from core.sealing import Cost, KeyPair, lock_private_key
from core.work import Work

_USERNAME: Final = re.compile(r"[\w.-]{2,64}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just made; the TOTP secret (base32) is shown this once."""

    account_id: UUID
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its administrator sees it."""

    id: UUID
    person_id: UUID
    username: str
    created_at: datetime
    disabled_at: datetime | None
    has_key: bool


def normal_username(text: str) -> str:
    """Return a user name as it is stored and looked up: in one case and one composition."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


async def create_account(
    work: Work, *, person_id: UUID, username: str, password: str, passphrase: str, cost: Cost | None = None
) -> NewAccount:
    """Make a person's account with a key pair locked by their passphrase. The desk's verb, or its command's.

    Raises:
        Invalid: ``username_malformed``, ``secret_too_short``, ``secret_too_long``, ``passphrase_is_password``.
        NotFound: ``person_unknown``.
        Conflict: ``username_taken``, ``account_exists`` for the person.
    """
    permit_operated(work, "account.manage")
    cost = cost or Cost()
    username = normal_username(username)
    if not _USERNAME.fullmatch(username):
        raise Invalid("username_malformed", field="username")
    require_fit(password, field="password")
    require_fit(passphrase, field="passphrase")
    require_different(password, passphrase)
    await registry.person(work, person_id)
    await _require_free(work, person_id, username)
    pair = KeyPair.new()
    encoded = await in_turn(hash_password, password, cost)
    locked = await in_turn(lock_private_key, pair.private, normal(passphrase), cost)
    account = Account(id=uuid4(), person_id=person_id, username=username, password_hash=encoded, created_at=work.now())
    secret = new_totp_secret()
    account.totp_sealed = seal_totp(work, account.id, secret)
    work.session.add(account)
    add_person_key(work, person_id, pair, locked)
    audit.record(work, "account", "created", account.id, change=person_id.bytes)
    await work.session.flush()  # rows that point here may follow in the same flush, in any order
    return NewAccount(account.id, secret)


async def disable_account(work: Work, account_id: UUID) -> None:
    """Close an account: nobody signs in with it, its sessions and tokens end. A second time changes nothing."""
    permit_operated(work, "account.manage")
    account = await load_account(work, account_id)
    if account.disabled_at is None:
        account.disabled_at = work.now()
        await end_sessions(work, account_id)
        audit.record(work, "account", "disabled", account_id)


async def enable_account(work: Work, account_id: UUID) -> None:
    """Open a closed account again. A second time changes nothing."""
    permit_operated(work, "account.manage")
    account = await load_account(work, account_id)
    if account.disabled_at is not None:
        account.disabled_at = None
        audit.record(work, "account", "enabled", account_id)


async def accounts(work: Work) -> Sequence[AccountView]:
    """Return every account, by user name."""
    permit_operated(work, "account.manage")
    key = exists().where(PersonKey.person_id == Account.person_id, PersonKey.retired_at.is_(None))
    rows = (await work.session.execute(select(Account, key).order_by(Account.username))).all()
    return [
        AccountView(row.id, row.person_id, row.username, row.created_at, row.disabled_at, has_key)
        for row, has_key in rows
    ]


async def load_account(work: Work, account_id: UUID) -> Account:
    """Return an account's row, held until the end of the transaction; raise `NotFound` (``account_unknown``)."""
    row = await work.session.get(Account, account_id, with_for_update=True)
    if row is None:
        raise NotFound("account_unknown")
    return row


async def end_sessions(work: Work, account_id: UUID, *, keep: UUID | None = None) -> None:
    """End the sessions and tokens of an account, but for the one to ``keep``; their wrapped keys go."""
    query = update(Session).where(Session.account_id == account_id, Session.ended_at.is_(None))
    if keep is not None:
        query = query.where(Session.id != keep)
    await work.session.execute(query.values(ended_at=work.now(), wrapped_key=None))


async def _require_free(work: Work, person_id: UUID, username: str) -> None:
    query = select(Account.username).where(or_(Account.username == username, Account.person_id == person_id))
    for taken in await work.session.scalars(query):
        raise Conflict("username_taken" if taken == username else "account_exists")
