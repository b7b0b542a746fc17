"""What an envelope promises."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Forged
from core.sealing import Context, KeyPair, open_box, open_envelope, seal_box, seal_envelope
from core.sealing.envelope import STEP

HERE = Context("item", "envelope", UUID(int=1))


@given(text=st.binary(max_size=3 * STEP))
def test_every_recipient_reads_what_was_sealed(text: bytes) -> None:
    pairs = [KeyPair.new(), KeyPair.new()]
    blob = seal_envelope(text, to=[pair.public for pair in pairs], context=HERE)
    assert [open_envelope(blob, key=pair, context=HERE) for pair in pairs] == [text, text]


def test_nobody_else_opens_it() -> None:
    blob = seal_envelope(b"text", to=[KeyPair.new().public], context=HERE)
    with pytest.raises(Forged):
        open_envelope(blob, key=KeyPair.new(), context=HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Context("fact", "envelope", HERE.row),
        Context("item", "body", HERE.row),
        Context("item", "envelope", UUID(int=2)),
    ],
)
def test_it_opens_only_in_its_own_place(elsewhere: Context) -> None:
    pair = KeyPair.new()
    blob = seal_envelope(b"text", to=[pair.public], context=HERE)
    with pytest.raises(Forged):
        open_envelope(blob, key=pair, context=elsewhere)


@given(position=st.integers(min_value=0), flip=st.integers(1, 255))
def test_a_changed_byte_anywhere_is_seen(position: int, flip: int) -> None:
    pair = KeyPair.new()
    blob = bytearray(seal_envelope(b"text", to=[pair.public], context=HERE))
    blob[position % len(blob)] ^= flip
    with pytest.raises(Forged):
        open_envelope(bytes(blob), key=pair, context=HERE)


@given(cut=st.integers(min_value=0, max_value=1200))
def test_a_cut_envelope_is_seen(cut: int) -> None:
    pair = KeyPair.new()
    blob = seal_envelope(b"text", to=[pair.public], context=HERE)
    with pytest.raises(Forged):
        open_envelope(blob[: min(cut, len(blob) - 1)], key=pair, context=HERE)


def test_lengths_are_told_in_steps_only() -> None:
    pair = KeyPair.new()
    sizes = {len(seal_envelope(b"x" * length, to=[pair.public], context=HERE)) for length in range(STEP)}
    assert len(sizes) == 1


@given(text=st.binary(max_size=2 * STEP), key=st.binary(min_size=32, max_size=32))
def test_a_box_opens_with_its_key_in_its_place(text: bytes, key: bytes) -> None:
    assert open_box(seal_box(text, key=key, context=HERE), key=key, context=HERE) == text


def test_a_box_opens_with_no_other_key() -> None:
    blob = seal_box(b"text", key=bytes(32), context=HERE)
    for key, wrong in ((b"1" * 32, blob), (bytes(32), blob[:-1]), (bytes(32), b""), (bytes(32), b"\x02" + blob[1:])):
        with pytest.raises(Forged):
            open_box(wrong, key=key, context=HERE)


def test_a_private_key_shows_in_no_representation() -> None:
    pair = KeyPair.from_private(b"k" * 32)
    assert "kkkk" not in repr(pair)
