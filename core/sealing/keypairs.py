"""X25519 key pairs: made, sealed to one another, and locked by a passphrase."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from nacl.bindings import (
    crypto_box_seal_open,
    crypto_box_SEALBYTES,
    crypto_pwhash_alg,
    crypto_pwhash_ALG_ARGON2ID13,
    crypto_scalarmult_base,
)
from nacl.encoding import HexEncoder, RawEncoder
from nacl.exceptions import CryptoError
from nacl.hash import blake2b
from nacl.public import PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from core.errors import Forged, Invalid

KEY_BYTES = 32
SEALED_KEY_BYTES = KEY_BYTES + crypto_box_SEALBYTES
_SALT_BYTES = 16
_COST_BYTES = 8


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 pair of raw 32-byte keys; the private one never shows in a representation."""

    public: bytes
    private: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Make a fresh random pair."""
        return cls.from_private(random(KEY_BYTES))

    @classmethod
    def from_private(cls, private: bytes) -> Self:
        """Rebuild the pair that belongs to a 32-byte private key."""
        return cls(public=crypto_scalarmult_base(private), private=private)

    def symmetric(self, label: bytes) -> bytes:
        """Return the 32-byte key of this ``label`` for `seal_box`: only the holder of the private key can make it."""
        return blake2b(label, digest_size=KEY_BYTES, key=self.private, person=b"jingshi keypair", encoder=RawEncoder)


@dataclass(frozen=True, slots=True)
class SharedKey:
    """The public half of a key that several people hold; ``purpose`` is such as ``intake:…`` or ``audit``."""

    id: UUID
    purpose: str
    public: bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """What one try at a passphrase costs: argon2id passes over ``memory`` bytes."""

    passes: int = 3
    memory: int = 64 * 1024 * 1024


def fingerprint(public: bytes) -> str:
    """Return the short name of a public key that people compare: 16 hex digits in fours."""
    digits = blake2b(public, digest_size=8, encoder=HexEncoder).decode()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def seal_private_key(private: bytes, *, to: bytes) -> bytes:
    """Seal a 32-byte private key to a public one (80 bytes); no sender can be told from it."""
    return SealedBox(PublicKey(to)).encrypt(private)


def open_private_key(sealed: bytes, *, key: KeyPair) -> KeyPair:
    """Return the pair whose private key was sealed to ``key``; raise `Forged` when it was not."""
    try:
        return KeyPair.from_private(crypto_box_seal_open(sealed, key.public, key.private))
    except CryptoError as error:
        raise Forged("seal_does_not_open") from error


def lock_private_key(private: bytes, passphrase: str, cost: Cost) -> bytes:
    """Lock a private key with argon2id over the passphrase; slow by design, so call it in a thread."""
    salt = random(_SALT_BYTES)
    header = cost.passes.to_bytes(_COST_BYTES, "big") + cost.memory.to_bytes(_COST_BYTES, "big") + salt
    return header + SecretBox(_stretch(passphrase, salt, cost)).encrypt(private)


def unlock_private_key(locked: bytes, passphrase: str) -> KeyPair:
    """Return the pair behind the passphrase; raise `Invalid` (``passphrase_wrong``) otherwise. Slow by design."""
    passes, memory = (int.from_bytes(locked[i * _COST_BYTES : (i + 1) * _COST_BYTES], "big") for i in range(2))
    body = locked[2 * _COST_BYTES :]
    try:
        private = SecretBox(_stretch(passphrase, body[:_SALT_BYTES], Cost(passes, memory))).decrypt(body[_SALT_BYTES:])
    except CryptoError as error:
        raise Invalid("passphrase_wrong", field="passphrase") from error
    return KeyPair.from_private(private)


def _stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return crypto_pwhash_alg(
        KEY_BYTES, passphrase.encode(), salt, cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13
    )
