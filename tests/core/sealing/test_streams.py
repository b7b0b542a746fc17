"""What sealed streams promise."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Forged
from core.sealing import CHUNK, decrypt_stream, new_stream_key, sealed_size, stream_sealer


def _sealed(text: bytes, key: bytes) -> bytes:
    header, push = stream_sealer(key)
    whole = [text[start : start + CHUNK] for start in range(0, len(text) // CHUNK * CHUNK, CHUNK)]
    body = [push(chunk, False) for chunk in whole]  # noqa: FBT003 - the protocol has two arguments
    return header + b"".join(body) + push(text[len(whole) * CHUNK :], True)  # noqa: FBT003 - as above


async def _pieces(blob: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(blob), size):
        yield blob[start : start + size]


async def _opened(blob: bytes, key: bytes, size: int = 10_000) -> bytes:
    return b"".join([chunk async for chunk in decrypt_stream(_pieces(blob, size), key)])


@settings(max_examples=20)
@given(length=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]), piece=st.integers(1000, 200_000))
async def test_a_stream_comes_back_whole_in_whatever_pieces_it_is_read(length: int, piece: int) -> None:
    key, text = new_stream_key(), bytes(length)
    sealed = _sealed(text, key)
    assert len(sealed) == sealed_size(length)
    assert await _opened(sealed, key, piece) == text


@pytest.mark.parametrize("damage", ["cut", "lengthened", "changed", "chunk dropped", "other key", "empty"])
async def test_a_damaged_stream_is_seen(damage: str) -> None:
    key = new_stream_key()
    sealed = _sealed(b"x" * (2 * CHUNK + 5), key)
    chunk = (len(sealed) - 24) // 3
    broken = {
        "cut": sealed[:-1],
        "lengthened": sealed + b"x",
        "changed": sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:],
        "chunk dropped": sealed[: 24 + chunk] + sealed[24 + 2 * chunk :],
        "other key": sealed,
        "empty": b"",
    }[damage]
    with pytest.raises(Forged):
        await _opened(broken, new_stream_key() if damage == "other key" else key)
