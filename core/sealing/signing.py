"""Ed25519 signatures over the clear facts of a row, so that a row forged in the database is seen."""

import json
from collections.abc import Mapping
from uuid import UUID

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from core.errors import Forged

Fact = str | int | bytes | UUID | None
Facts = Mapping[str, Fact]
"""Clear facts by name, such as the columns of a row that a signature covers."""


def canonical(kind: str, facts: Facts) -> bytes:
    """Return the one byte string that stands for these facts (sorted JSON; bytes as hex), headed by ``kind``."""
    plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in facts.items()}
    return json.dumps([kind, plain], sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=True).encode()


def sign(key: SigningKey, kind: str, facts: Facts) -> bytes:
    """Return the 64-byte signature over `canonical`."""
    return key.sign(canonical(kind, facts)).signature


def verify(key: VerifyKey, signature: bytes, kind: str, facts: Facts) -> None:
    """Raise `Forged` unless the signature is the key's over exactly these facts."""
    try:
        key.verify(canonical(kind, facts), signature)
    except (BadSignatureError, ValueError) as error:
        raise Forged("signature_wrong") from error
