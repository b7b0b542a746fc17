"""Envelope, version 1: text sealed to one or more public keys, bound to the row and column that holds it.

    version (1) · recipients (1) · per recipient: public key (32) and sealed data key (80) · nonce (24) · ciphertext

The body is XChaCha20-Poly1305 over text padded to steps of 1 KiB, so that a length says little. The additional data are
the head of the envelope and the `Context`; an envelope copied into another row, column or table does not open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal_open,
    sodium_pad,
    sodium_unpad,
)
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_NPUBBYTES as NONCE_BYTES
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.utils import random

from core.errors import Forged
from core.sealing.keypairs import KEY_BYTES, SEALED_KEY_BYTES, KeyPair

VERSION = 1
STEP = 1024
_HEAD = 2
_SLOT = KEY_BYTES + SEALED_KEY_BYTES


@dataclass(frozen=True, slots=True)
class Context:
    """Where an envelope belongs."""

    table: str
    column: str
    row: UUID | str

    def encode(self) -> bytes:
        """Return the bytes that bind an envelope to this place."""
        return b"\0".join(part.encode() for part in (self.table, self.column, str(self.row)))


def seal_envelope(text: bytes, *, to: Sequence[bytes], context: Context) -> bytes:
    """Seal ``text`` so that the holder of any of the private keys of ``to`` can open it."""
    data_key = random(KEY_BYTES)
    slots = b"".join(public + SealedBox(PublicKey(public)).encrypt(data_key) for public in to)
    head = bytes((VERSION, len(to))) + slots
    return head + _encrypt(text, data_key, head + context.encode())


def open_envelope(blob: bytes, *, key: KeyPair, context: Context) -> bytes:
    """Return the text; raise `Forged` when the key is no recipient's or anything was changed or moved."""
    if len(blob) < _HEAD or blob[0] != VERSION:
        raise Forged("envelope_version")
    end = _HEAD + blob[1] * _SLOT
    head = blob[:end]
    for start in range(_HEAD, end, _SLOT):
        if head[start : start + KEY_BYTES] == key.public:
            sealed = head[start + KEY_BYTES : start + _SLOT]
            return _decrypt(blob[end:], _open_data_key(sealed, key), head + context.encode())
    raise Forged("envelope_not_addressed")


def addressees(blob: bytes) -> frozenset[bytes]:
    """Return the public keys to which an envelope says that it was sealed; raise `Forged` for another version."""
    if len(blob) < _HEAD or blob[0] != VERSION:
        raise Forged("envelope_version")
    starts = range(_HEAD, _HEAD + blob[1] * _SLOT, _SLOT)
    return frozenset(blob[start : start + KEY_BYTES] for start in starts)


def seal_box(text: bytes, *, key: bytes, context: Context) -> bytes:
    """Seal ``text`` with a 32-byte symmetric key (drafts, TOTP secrets)."""
    head = bytes((VERSION,))
    return head + _encrypt(text, key, head + context.encode())


def open_box(blob: bytes, *, key: bytes, context: Context) -> bytes:
    """Return what `seal_box` sealed; raise `Forged` otherwise."""
    if not blob or blob[0] != VERSION:
        raise Forged("envelope_version")
    return _decrypt(blob[1:], key, blob[:1] + context.encode())


def _open_data_key(sealed: bytes, key: KeyPair) -> bytes:
    try:
        return crypto_box_seal_open(sealed, key.public, key.private)
    except (CryptoError, ValueError) as error:
        raise Forged("envelope_does_not_open") from error


def _encrypt(text: bytes, key: bytes, bound: bytes) -> bytes:
    nonce = random(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(sodium_pad(text, STEP), bound, nonce, key)


def _decrypt(blob: bytes, key: bytes, bound: bytes) -> bytes:
    try:
        padded = crypto_aead_xchacha20poly1305_ietf_decrypt(blob[NONCE_BYTES:], bound, blob[:NONCE_BYTES], key)
    except (CryptoError, ValueError) as error:
        raise Forged("envelope_does_not_open") from error
    return sodium_unpad(padded, STEP)
