"""What can go wrong, as one small family of nouns; each edge translates it once.

``code`` is stable and is what catalogues, problem types and tests refer to. ``params`` carry ids and numbers, never
report text, names or secrets.
"""

from typing import ClassVar


class JingshiError(Exception):
    """The root of every expected failure."""

    kind: ClassVar[str] = "error"

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, *params.values())
        self.code = code
        self.params = params


class Invalid(JingshiError):
    """What was given does not fit; ``field`` in ``params`` names where, if anywhere."""

    kind = "invalid"


class TooLarge(Invalid):
    """What was given is larger than the limit in ``params['limit']`` (bytes or characters)."""

    kind = "too_large"


class NotSignedIn(JingshiError):
    """The caller has shown no valid credential."""

    kind = "not_signed_in"


class KeyLocked(JingshiError):
    """The caller's private key has not been unlocked in this session."""

    kind = "key_locked"


class Denied(JingshiError):
    """The caller is known and may not do this."""

    kind = "denied"


class NotFound(JingshiError):
    """There is no such thing, or the caller may not know of it."""

    kind = "not_found"


class Conflict(JingshiError):
    """The thing is not in a state in which this can be done."""

    kind = "conflict"


class Stale(JingshiError):
    """Somebody changed the thing since the caller read it."""

    kind = "stale"


class TooMany(JingshiError):
    """Asked too often; ``retry_after`` is in whole seconds."""

    kind = "too_many"

    def __init__(self, code: str, *, retry_after: int) -> None:
        super().__init__(code, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(JingshiError):
    """The store cannot be written or read now; nothing was changed. ``retry_after`` is in whole seconds."""

    kind = "unavailable"

    def __init__(self, code: str, *, retry_after: int = 5) -> None:
        super().__init__(code, retry_after=retry_after)
        self.retry_after = retry_after


class Forged(JingshiError):
    """A row or file does not carry the signature or seal that it must carry."""

    kind = "forged"


class Misconfigured(JingshiError):
    """The installation cannot start or run as it is; the message is for the operator."""

    kind = "misconfigured"

    def __init__(self, message: str) -> None:
        super().__init__("misconfigured")
        self.message = message

    def __str__(self) -> str:
        return self.message


class RightMissing(Misconfigured):
    """The database refuses this process something that it was not given."""
