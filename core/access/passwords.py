"""Passwords and passphrases: the rules for new ones, and argon2id (RFC 9106), slow by design: use a thread."""

import unicodedata
from base64 import b64encode
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from nacl.utils import random

from core.access.limits import LONGEST_SECRET, SHORTEST_SECRET
from core.errors import Invalid
from core.sealing import Cost


def normal(text: str) -> str:
    """Return a secret as it is hashed: the same however a keyboard composes it (NIST SP 800-63B (2017), 5.1.1.2)."""
    return unicodedata.normalize("NFKC", text)


def require_fit(text: str, *, field: str) -> None:
    """Raise `Invalid` (``secret_too_short``, ``secret_too_long``) unless a new secret has a fit length."""
    if len(normal(text)) < SHORTEST_SECRET:
        raise Invalid("secret_too_short", field=field, shortest=SHORTEST_SECRET)
    if len(normal(text)) > LONGEST_SECRET:
        raise Invalid("secret_too_long", field=field, longest=LONGEST_SECRET)


def require_different(password: str, passphrase: str) -> None:
    """Raise `Invalid` (``passphrase_is_password``): who learns the one must not have the other."""
    if normal(password) == normal(passphrase):
        raise Invalid("passphrase_is_password", field="passphrase")


def hash_password(password: str, cost: Cost) -> str:
    """Return the encoded argon2id hash of a password, salt and cost included."""
    hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory // 1024, parallelism=1)
    return hasher.hash(normal(password))


def password_fits(encoded: str, password: str) -> bool:
    """Return whether the password is the one that was hashed."""
    try:
        return PasswordHasher().verify(encoded, normal(password))
    except VerifyMismatchError:
        return False


def _hash_of_nothing(cost: Cost) -> str:
    salt, digest = (b64encode(random(length)).decode().rstrip("=") for length in (16, 32))
    return f"$argon2id$v=19$m={cost.memory // 1024},t={cost.passes},p=1${salt}${digest}"


NOBODYS_HASH: Final = _hash_of_nothing(Cost())
"""A hash that no password has, to work on for a user name that nobody has."""
