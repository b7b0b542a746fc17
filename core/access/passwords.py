"""Passwords and passphrases: the rules for new ones, and argon2id (RFC 9106), slow by design: `in_turn`."""

import asyncio
import os
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from nacl.utils import random

from core.access.limits import LONGEST_SECRET, SHORTEST_SECRET
from core.errors import Invalid, TooMany
from core.sealing import Cost

AT_ONCE: Final = 4  # each takes the 64 MiB of `Cost`
LONGEST_QUEUE: Final = 32
_BUSY: Final = 5  # seconds, in which the queue has moved on

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Turns:
    """Slow work in threads, a few at once, so that a flood of sign-ins does not take all memory."""

    def __init__(self) -> None:
        self.begin()
        os.register_at_fork(after_in_child=self.begin)  # threads stay behind at a fork

    def begin(self) -> None:
        """Begin with threads of this process, and nobody waiting."""
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._here = 0

    async def __call__(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what ``work`` returns, when its turn has come; raise `TooMany` (``too_busy``) for a full queue."""
        if self._here >= AT_ONCE + LONGEST_QUEUE:
            raise TooMany("too_busy", retry_after=_BUSY)
        self._here += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))
        finally:
            self._here -= 1


in_turn: Final = Turns()
"""The turns of this process."""


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
