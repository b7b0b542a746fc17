"""Requests that may arrive twice: the second gets the answer of the first, and nothing is done again."""

import json
from collections.abc import Awaitable, Callable
from hashlib import blake2b

from core.access.limits import LONGEST_REPEAT_KEY
from core.access.permissions import signed_in
from core.access.rows import add_if_new
from core.access.tables import Repeat
from core.errors import Conflict, Invalid
from core.work import Work

Result = dict[str, str | int | bool | None]


async def once(work: Work, *, key: str, request: bytes, act: Callable[[], Awaitable[Result]]) -> Result:
    """Return what ``act`` returns, or what it returned when this account sent the same request with this key before.

    ``key`` is the request's Idempotency-Key, ``request`` the bytes of method, path and body. A result holds ids and
    states, never text. An ``act`` that raises leaves no trace, so the request may be sent again.

    Raises `Conflict` (``idempotency_key_reused``) for the same key with another request, and `Invalid`
    (``idempotency_key_malformed``).
    """
    if not 0 < len(key) <= LONGEST_REPEAT_KEY:
        raise Invalid("idempotency_key_malformed", limit=LONGEST_REPEAT_KEY)
    account = signed_in(work).account_id
    key_hash = _hash(work, account.bytes + key.encode())
    request_hash = _hash(work, request)
    row = Repeat(key_hash=key_hash, request_hash=request_hash, result="", made_at=work.now())
    if await add_if_new(work.session, row):
        result = await act()
        row.result = json.dumps(result)
        return result
    known = await work.session.get_one(Repeat, key_hash)
    if known.request_hash != request_hash:
        raise Conflict("idempotency_key_reused")
    answer: Result = json.loads(known.result)
    return answer


def _hash(work: Work, text: bytes) -> bytes:
    return blake2b(text, key=work.keys.current("lookup-hmac"), digest_size=32).digest()
