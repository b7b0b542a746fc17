"""The second factor: time-based one-time codes (RFC 6238), each good for one sign-in. They alone go by real time."""

from datetime import UTC, datetime
from hmac import compare_digest
from uuid import UUID

import pyotp

from core.errors import Forged
from core.sealing import Context, open_box, seal_box
from core.work import Work

_ISSUER = "jingshi"
_SKEW = 1  # steps of 30 seconds that a telephone's clock may be off (RFC 6238, 5.2)


def new_totp_secret() -> str:
    """Return a fresh secret of 160 bits, in base32."""
    return pyotp.random_base32()


def totp_address(username: str, secret: str) -> str:
    """Return the ``otpauth://`` address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER)


def fitting_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """Return the time step whose code this is, if it lies within the skew of ``at`` and later than step ``after``."""
    totp = pyotp.TOTP(secret)
    given, here = code.replace(" ", "").encode(), totp.timecode(at)
    steps = range(max(here - _SKEW, after + 1), here + _SKEW + 1)
    return next((step for step in steps if compare_digest(totp.generate_otp(step).encode(), given)), None)


def real_now() -> datetime:
    """Return the time that telephones show, however the installation's clock was moved."""
    return datetime.now(UTC)  # noqa: TID251 - codes are made outside, by the real time


def seal_totp(work: Work, account_id: UUID, secret: str) -> bytes:
    """Seal an account's secret with the desk's key."""
    return seal_box(secret.encode(), key=work.keys.current("totp"), context=_place(account_id))


def open_totp(work: Work, account_id: UUID, sealed: bytes) -> str:
    """Return an account's secret; raise `Forged` when none of the desk's keys opens it."""
    for key in work.keys.all("totp"):
        try:
            return open_box(sealed, key=key, context=_place(account_id)).decode()
        except Forged:
            continue
    raise Forged("totp_secret_does_not_open")


def _place(account_id: UUID) -> Context:
    return Context("account", "totp_sealed", account_id)
