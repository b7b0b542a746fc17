"""Attachments as libsodium's secretstream in chunks of 64 KiB; the last chunk is padded, so that a size says little."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from typing import Final

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES as EXTRA,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_HEADERBYTES as HEADER,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    sodium_pad,
    sodium_unpad,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_FINAL as FINAL,
)
from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE as MESSAGE,
)
from nacl.exceptions import CryptoError
from nacl.utils import random

from core.errors import Forged
from core.sealing.keypairs import KEY_BYTES

CHUNK: Final = 64 * 1024
_SEALED_CHUNK: Final = CHUNK + EXTRA


def new_stream_key() -> bytes:
    """Return a fresh 32-byte key for one file."""
    return random(KEY_BYTES)


def sealed_size(size: int) -> int:
    """Return how many bytes a file of ``size`` bytes takes when sealed."""
    return HEADER + (size // CHUNK + 1) * _SEALED_CHUNK


def stream_sealer(key: bytes) -> tuple[bytes, Callable[[bytes, bool], bytes]]:
    """Return the header to write first, and ``push(chunk, last)``, which seals one chunk.

    Every chunk but the last has exactly `CHUNK` bytes; the last has fewer (possibly none) and is padded to `CHUNK`.
    """
    state = crypto_secretstream_xchacha20poly1305_state()
    header = crypto_secretstream_xchacha20poly1305_init_push(state, key)

    def push(chunk: bytes, last: bool) -> bytes:  # noqa: FBT001 - the two arguments of a protocol step
        text = sodium_pad(chunk, CHUNK) if last else chunk
        return crypto_secretstream_xchacha20poly1305_push(state, text, None, FINAL if last else MESSAGE)

    return header, push


async def decrypt_stream(sealed: AsyncIterable[bytes], key: bytes) -> AsyncIterator[bytes]:
    """Yield the plain chunks of a sealed file; raise `Forged` when any byte is wrong or the end is missing.

    ``sealed`` may come in pieces of any size.
    """
    state = crypto_secretstream_xchacha20poly1305_state()
    buffer, begun, ended = bytearray(), False, False
    async for piece in sealed:
        buffer += piece
        if not begun and len(buffer) >= HEADER:
            crypto_secretstream_xchacha20poly1305_init_pull(state, bytes(buffer[:HEADER]), key)
            del buffer[:HEADER]
            begun = True
        while begun and len(buffer) >= _SEALED_CHUNK and not ended:
            chunk, ended = _pull(state, bytes(buffer[:_SEALED_CHUNK]))
            del buffer[:_SEALED_CHUNK]
            yield chunk
    if buffer or not ended:
        raise Forged("file_cut_short")


def _pull(state: crypto_secretstream_xchacha20poly1305_state, sealed: bytes) -> tuple[bytes, bool]:
    try:
        text, tag = crypto_secretstream_xchacha20poly1305_pull(state, sealed)
    except (CryptoError, RuntimeError, ValueError) as error:
        raise Forged("file_does_not_open") from error
    last = tag == FINAL
    return (sodium_unpad(text, CHUNK) if last else text), last
