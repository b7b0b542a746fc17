"""What a receipt promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.sealing import Receipt
from core.sealing.receipts import ALPHABET

receipts = st.builds(Receipt.new)


@given(receipts)
def test_it_is_read_back_as_it_was_written_down(receipt: Receipt) -> None:
    for typed in (receipt.text, receipt.code, receipt.text.lower(), f"  {receipt.text.replace('-', ' ')}\n"):
        assert Receipt.parse(typed) == receipt


@given(receipts)
def test_look_alikes_and_full_width_letters_are_understood(receipt: Receipt) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in receipt.code)
    lookalike = receipt.code.replace("0", "O").replace("1", "l")
    assert Receipt.parse(wide) == Receipt.parse(lookalike) == receipt


@given(receipts, st.integers(0, 20), st.integers(1, 31))
def test_one_wrong_character_is_told_by_the_check_character(receipt: Receipt, place: int, shift: int) -> None:
    wrong = ALPHABET[(ALPHABET.index(receipt.code[place]) + shift) % 32]
    with pytest.raises(Invalid) as refusal:
        Receipt.parse(receipt.code[:place] + wrong + receipt.code[place + 1 :])
    assert refusal.value.code == "receipt_mistyped"


@given(receipts)
def test_one_beside_it_is_a_receipt_like_any_other_and_the_same_for_the_same_label(receipt: Receipt) -> None:
    found = [receipt.beside(f"retaliation {number}") for number in range(20)]
    assert [Receipt.parse(one.text) for one in found] == found
    assert found == [receipt.beside(f"retaliation {number}") for number in range(20)]
    assert len({one.lookup_hash for one in (receipt, *found)}) == 21


@pytest.mark.parametrize("typed", ["", "ABC", "A" * 20, "A" * 22, "U" * 21, "反映" * 10, "A" * 100_000])
def test_what_cannot_be_a_receipt_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Receipt.parse(typed)
    assert refusal.value.code == "receipt_malformed"


@given(receipts, receipts)
def test_two_receipts_share_nothing(one: Receipt, other: Receipt) -> None:
    assert one.lookup_hash != other.lookup_hash
    assert one.box.public != other.box.public
    assert bytes(one.signing_key.verify_key) != bytes(other.signing_key.verify_key)


def test_the_parts_of_a_receipt_never_change() -> None:
    receipt = Receipt.parse("000-000-000-000-000-000-000")
    assert receipt.lookup_hash.hex().startswith("e5152df2fcec")
    assert receipt.box.public.hex().startswith("8198fec756de")


def test_a_receipt_shows_in_no_representation() -> None:
    receipt = Receipt.new()
    assert receipt.code not in repr(receipt)
