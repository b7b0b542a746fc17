"""Sessions: signing in, being recognised, signing out. The secret lives in the cookie; the row keeps its hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Select, bindparam, or_, select, update

from core import audit, registry
from core.access.accounts import load_account, normal_username
from core.access.limits import SEEN_EVERY, SESSION_IDLE, SESSION_LASTS
from core.access.passwords import NOBODYS_HASH, in_turn, password_fits
from core.access.permissions import permit
from core.access.tables import Account, Session
from core.access.totp import fitting_step, open_totp, real_now
from core.access.tries import Begin, count_try, forget_tries
from core.errors import NotFound, NotSignedIn
from core.sealing import Context, KeyPair, open_box, seal_box
from core.work import Staff, Work

_PREFIXES = {"sign_in": "js_", "token": "jt_"}

# Every request asks and says these, and to put them together costs more than to run them.
_RECOGNISE: Final = (
    select(Session.id, Session.seen_at, Session.wrapped_key, Session.account_id, Account.person_id)
    .join(Account, Account.id == Session.account_id)
    .where(
        Session.secret_hash == bindparam("hash"),
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
        or_(Session.kind == "token", Session.seen_at > bindparam("idle")),  # a machine may be idle
        Account.disabled_at.is_(None),
    )
)
_SEEN: Final = update(Session).where(Session.id == bindparam("same_id")).values(seen_at=bindparam("now"))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session or token just begun; ``secret`` is shown this once and is all that proves it."""

    secret: str = field(repr=False)
    session_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session or token (``kind`` is ``sign_in`` or ``token``) as its owner sees it."""

    id: UUID
    kind: str
    name: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    unlocked: bool
    current: bool


async def sign_in(begin: Begin, *, username: str, password: str, totp: str) -> SignedIn:
    """Begin a session for who knows the password and shows a code that was not used before.

    Whatever is wrong, a user name that nobody has included, costs the same work and says the same.

    Raises:
        NotSignedIn: ``credentials_wrong``.
        TooMany: ``wait_before_next_try``, after several tries in vain on the user name.
    """
    username = normal_username(username)
    async with begin() as work:
        await count_try(work, "sign_in", username)
        account = await work.session.scalar(select(Account).where(Account.username == username))
    encoded = account.password_hash if account else NOBODYS_HASH
    fits = await in_turn(password_fits, encoded, password)
    async with begin() as work:
        signed = await _admit(work, account, totp) if account and fits else None
        if signed is None:
            audit.record(work, "session", "refused", account.id if account else "nobody")
    if signed is None:
        raise NotSignedIn("credentials_wrong")
    return signed


async def authenticate(work: Work, secret: str) -> Staff:
    """Return who shows this secret, with the roles they hold today and, if it is unlocked, their private key.

    Needs a transaction that writes: that the session was used is noted. Raises `NotSignedIn` (``session_unknown``).
    """
    staff, is_noted = await recognise(work, secret)
    if not is_noted:
        await note_seen(work, staff)
    return staff


async def recognise(work: Work, secret: str) -> tuple[Staff, bool]:
    """Return who shows this secret, as `authenticate` does, and whether it is noted already that they were seen.

    It changes nothing; whoever is told that it is not noted calls `note_seen`.
    """
    given = {"hash": _derive(secret, "hash"), "now": work.now(), "idle": work.now() - SESSION_IDLE}
    row = (await work.connection.execute(_RECOGNISE, given)).one_or_none()
    if row is None:
        raise NotSignedIn("session_unknown")
    staff = Staff(
        person_id=row.person_id,
        account_id=row.account_id,
        held=await registry.held_by(work, row.person_id, on=work.clock.today()),
        session_id=row.id,
        key=_unwrap(row.id, row.wrapped_key, secret),
    )
    return staff, work.now() - row.seen_at < SEEN_EVERY


async def note_seen(work: Work, staff: Staff) -> None:
    """Note that a session is used."""
    await work.connection.execute(_SEEN, {"same_id": staff.session_id, "now": work.now()})


async def sign_out(work: Work, session_id: UUID | None = None) -> None:
    """End the session at hand, or another one or a token of the same account; raise `NotFound` otherwise."""
    staff = permit(work, "session.end")
    own = _present(work).where(Session.account_id == staff.account_id)
    row = await work.session.scalar(own.where(Session.id == (session_id or staff.session_id)))
    if row is None:
        raise NotFound("session_unknown")
    row.ended_at, row.wrapped_key = work.now(), None
    audit.record(work, "session", "ended", row.id)


async def sessions(work: Work) -> Sequence[SessionView]:
    """Return one's own present sessions and tokens, the last used first."""
    staff = permit(work, "session.read")
    own = _present(work).where(Session.account_id == staff.account_id).order_by(Session.seen_at.desc(), Session.id)
    return [
        SessionView(
            id=row.id,
            kind=row.kind,
            name=row.name,
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
            unlocked=row.wrapped_key is not None,
            current=row.id == staff.session_id,
        )
        for row in await work.session.scalars(own)
    ]


def begin_session(
    work: Work, account_id: UUID, kind: str, lasts: timedelta, *, name: str = "", key: KeyPair | None = None
) -> SignedIn:
    """Add a session's row and return its secret; ``key`` is wrapped for it if given."""
    secret = _PREFIXES[kind] + secrets.token_urlsafe(32)
    now = work.now()
    row = Session(
        id=uuid4(),
        kind=kind,
        name=name,
        account_id=account_id,
        secret_hash=_derive(secret, "hash"),
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
    )
    if key is not None:
        wrap(row, secret, key)
    work.session.add(row)
    return SignedIn(secret, row.id, row.expires_at)


async def session_of(work: Work, secret: str) -> Session:
    """Return the row of a present session or token; raise `NotSignedIn` (``session_unknown``)."""
    row = await work.session.scalar(_present(work).where(Session.secret_hash == _derive(secret, "hash")))
    if row is None:
        raise NotSignedIn("session_unknown")
    return row


def wrap(row: Session, secret: str, key: KeyPair) -> None:
    """Keep a private key in the row such that only the session's secret opens it."""
    row.wrapped_key = seal_box(key.private, key=_derive(secret, "wrap"), context=_place(row.id))


def _unwrap(session_id: UUID, wrapped_key: bytes | None, secret: str) -> KeyPair | None:
    if wrapped_key is None:
        return None
    return KeyPair.from_private(open_box(wrapped_key, key=_derive(secret, "wrap"), context=_place(session_id)))


def _place(session_id: UUID) -> Context:
    return Context("session", "wrapped_key", session_id)


def _derive(secret: str, what: str) -> bytes:
    # the secret has 256 random bits: no slow hash is needed, and neither result tells the other
    return blake2b(secret.encode(), digest_size=32, person=what.encode()).digest()


def _present(work: Work) -> Select[Session]:
    idle = work.now() - SESSION_IDLE
    return select(Session).where(
        Session.ended_at.is_(None),
        Session.expires_at > work.now(),
        or_(Session.kind == "token", Session.seen_at > idle),  # a machine may be idle
    )


async def _admit(work: Work, checked: Account, code: str) -> SignedIn | None:
    """Begin a session on an account whose password fitted, unless it changed since or the code does not fit."""
    account = await load_account(work, checked.id)
    if account.disabled_at is not None or account.password_hash != checked.password_hash or not account.totp_sealed:
        return None
    secret = open_totp(work, account.id, account.totp_sealed)
    step = fitting_step(secret, code, at=real_now(), after=account.totp_last_step)
    if step is None:
        return None
    account.totp_last_step = step
    await forget_tries(work, "sign_in", account.username)
    signed = begin_session(work, account.id, "sign_in", SESSION_LASTS)
    staff = Staff(account.person_id, account.id, (), signed.session_id)
    audit.record(replace(work, actor=staff), "session", "begun", account.id)
    return signed
