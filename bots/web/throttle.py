"""Wrong receipts are slowed per source, without keeping who the source is."""

import hmac
import math
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from core.errors import TooMany
from core.work import Clock

SOURCES: Final = 10_000


class Throttle:
    """A token bucket for each source, in memory only, under a code that this process alone can compute and forgets.

    A source has ``tries`` free and gains as many in each ``window``. It is known by an HMAC whose key is made at the
    start and never leaves the process; at most `SOURCES` are remembered, the least recent is forgotten first.
    """

    def __init__(self, clock: Clock, *, tries: int, window: timedelta) -> None:
        self._clock = clock
        self._tries = tries
        self._seconds = window.total_seconds() / tries  # to gain one try
        self._key = secrets.token_bytes(32)
        self._buckets: OrderedDict[bytes, tuple[float, datetime]] = OrderedDict()

    def check(self, source: str) -> None:
        """Raise `TooMany` (``too_many_receipts``) while the source has no try left."""
        left = self._left(self._code(source))
        if left < 1:
            raise TooMany("too_many_receipts", retry_after=math.ceil((1 - left) * self._seconds))

    def count(self, source: str) -> None:
        """Take one try from the source."""
        code = self._code(source)
        self._buckets[code] = (self._left(code) - 1, self._clock.now())
        self._buckets.move_to_end(code)
        while len(self._buckets) > SOURCES:
            self._buckets.popitem(last=False)

    def _left(self, code: bytes) -> float:
        left, since = self._buckets.get(code, (float(self._tries), self._clock.now()))
        gained = max((self._clock.now() - since).total_seconds(), 0) / self._seconds
        return min(left + gained, float(self._tries))

    def _code(self, source: str) -> bytes:
        return hmac.digest(self._key, source.encode(), "sha256")
