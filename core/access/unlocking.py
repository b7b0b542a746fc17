"""The private key at hand: unlocked by the passphrase for a session, lent to a machine, locked again."""

from datetime import timedelta
from uuid import UUID

from core import audit
from core.access.credentials import require_key
from core.access.limits import TOKEN_LONGEST
from core.access.passwords import in_turn, normal
from core.access.permissions import permit
from core.access.sessions import SignedIn, begin_session, session_of, sign_out, wrap
from core.access.tables import Session
from core.access.tries import Begin, count_try, forget_tries
from core.errors import Denied, Invalid, NotFound
from core.sealing import unlock_private_key
from core.work import Staff, Work

_NAME_LENGTH = 100


async def unlock(begin: Begin, secret: str, passphrase: str) -> None:
    """Unlock the private key of who is signed in, for as long as the session with this secret lasts.

    Raises `Invalid` (``passphrase_wrong``), `TooMany`, `NotSignedIn`, and `Denied` (``not_for_machines``) for a token.
    """
    async with begin() as work:
        staff = permit(work, "session.unlock")
        await _require_person(work, staff)
        await count_try(work, "passphrase", str(staff.account_id))
        key = await require_key(work, staff.person_id)
    pair = await in_turn(unlock_private_key, key.locked_private_key, normal(passphrase))
    async with begin() as work:
        row = await session_of(work, secret)
        if row.id != staff.session_id:
            raise Denied("not_your_session")
        wrap(row, secret, pair)
        await forget_tries(work, "passphrase", str(staff.account_id))
        audit.record(work, "session", "unlocked", row.id)


async def lock(work: Work) -> None:
    """Lock the private key of the session at hand."""
    staff = permit(work, "session.unlock")
    row = await work.session.get_one(Session, staff.session_id)
    row.wrapped_key = None
    audit.record(work, "session", "locked", row.id)


async def create_token(work: Work, *, name: str, days: int) -> SignedIn:
    """Make a token with which a machine acts for who is signed in, and lend it their key if that is unlocked.

    Raises `Invalid` (``token_name``, ``token_days``), and `Denied` (``not_for_machines``) to a token.
    """
    staff = permit(work, "token.manage")
    await _require_person(work, staff)
    name = name.strip()
    if not 0 < len(name) <= _NAME_LENGTH or not name.isprintable():
        raise Invalid("token_name", field="name", limit=_NAME_LENGTH)
    if not 0 < days <= TOKEN_LONGEST.days:
        raise Invalid("token_days", field="days", limit=TOKEN_LONGEST.days)
    made = begin_session(work, staff.account_id, "token", timedelta(days=days), name=name, key=staff.key)
    audit.record(work, "token", "created", made.session_id)
    return made


async def revoke_token(work: Work, token_id: UUID) -> None:
    """End a token of one's own; raise `NotFound` (``token_unknown``)."""
    permit(work, "token.manage")
    row = await work.session.get(Session, token_id)
    if row is None or row.kind != "token":
        raise NotFound("token_unknown")
    await sign_out(work, token_id)


async def _require_person(work: Work, staff: Staff) -> None:
    """Raise `Denied` for a token: a machine makes no further tokens and knows no passphrase."""
    row = await work.session.get(Session, staff.session_id) if staff.session_id else None
    if row is None or row.kind != "sign_in":
        raise Denied("not_for_machines")
