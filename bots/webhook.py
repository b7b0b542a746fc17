"""How a bot knows that a delivery comes from its platform, whichever library it is written with."""

import base64
from hashlib import blake2b

from core.sealing import ProcessKeys


def webhook_secret(keys: ProcessKeys, bot: str) -> str:
    """Return the secret token of the webhook of ``bot``: 43 characters of A–Z, a–z, 0–9, ``_`` and ``-``.

    It is derived by keyed BLAKE2b (RFC 7693) from the key with which the process signs: the same after every start,
    stored nowhere, and nobody else's. The platform allows 1 to 256 of these characters (``setWebhook``).
    """
    code = blake2b(bot.encode(), digest_size=32, key=keys.current("signing"), person=b"jingshi webhook").digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()
