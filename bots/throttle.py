"""Wrong receipts are slowed per source, without keeping who the source is."""

import hmac
import ipaddress
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

    def take(self, source: str) -> None:
        """Take one try from the source; raise `TooMany` (``too_many_receipts``) when it has none left."""
        code = self._code(source)
        left = self._left(code)
        if left < 1:  # what is not there is not taken: the wait never grows beyond that for one try
            raise TooMany("too_many_receipts", retry_after=math.ceil((1 - left) * self._seconds))
        self._buckets[code] = (left - 1, self._clock.now())
        self._buckets.move_to_end(code)
        while len(self._buckets) > SOURCES:
            self._buckets.popitem(last=False)

    def give_back(self, source: str) -> None:
        """Return a try that the source did not need."""
        code = self._code(source)
        if code in self._buckets:
            self._buckets[code] = (min(self._left(code) + 1, float(self._tries)), self._clock.now())

    def _left(self, code: bytes) -> float:
        left, since = self._buckets.get(code, (float(self._tries), self._clock.now()))
        gained = max((self._clock.now() - since).total_seconds(), 0) / self._seconds
        return min(left + gained, float(self._tries))

    def _code(self, source: str) -> bytes:
        return hmac.digest(self._key, network(source).encode(), "sha256")


def network(source: str) -> str:
    """Return what counts as one source: an IPv4 address, or the /64 of an IPv6 address, which is one connection's."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv4Address):
        return source
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False))
