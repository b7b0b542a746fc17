"""How a bot knows that a delivery comes from its platform, whichever library it is written with."""

import base64
import hmac
from hashlib import blake2b
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from core.sealing import ProcessKeys

_SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
_MOST_BYTES: Final = 2**20  # of one update


def webhook_secret(keys: ProcessKeys, bot: str) -> str:
    """Return the secret token of the webhook of ``bot``: 43 characters of A–Z, a–z, 0–9, ``_`` and ``-``.

    It is derived by keyed BLAKE2b (RFC 7693) from the key with which the process signs: the same after every start,
    stored nowhere, and nobody else's. The platform allows 1 to 256 of these characters (``setWebhook``).
    """
    code = blake2b(bot.encode(), digest_size=32, key=keys.current("signing"), person=b"jingshi webhook").digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


async def body_of(request: Request, secret: str) -> bytes | Response:
    """Return what was delivered, or the answer: 403 to whoever does not know the secret, 413 to what is too long."""
    given = request.headers.get(_SECRET_HEADER, "")
    if not hmac.compare_digest(given.encode(), secret.encode()):
        return Response(status_code=403)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return Response(status_code=413)
    return bytes(body)
