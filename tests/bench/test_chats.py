"""What the figures of the chat promise: each triple makes its own ratio, and a miss is told as one."""

import pytest

from bench import chat_loss, chats, sender
from bench.client import Run
from bench.conversations import chat_of
from bench.figures import Figure
from bench.speed import Round

LOSS = chat_loss.ChatLoss(held=2_000, cut_off=64, accepted=2_000, read=2_000, kept=2_000)


def rounds(*rates: float) -> list[Round]:
    return [Round(Run([0.01] * 10, seconds=10 / rate, client_cpu=0.1), cpu=0.5, rss=100.0) for rate in rates]


def lines(at_once: int = 16, **changes: list[Round]) -> dict[str, Figure]:
    of_three = dict(zip(chats.KINDS, (rounds(20, 10, 40), rounds(10, 5, 20), rounds(8, 4, 10)), strict=True))
    found = chats.Triples(at_once, of_three | changes, rounds(100, 100, 100))
    return {each.name.partition("at once: ")[2]: each for each in chats.figures("SQLite", found)}


def test_rounds_are_compared_within_their_triple() -> None:
    found = lines()
    assert (found["updates"].value, found["updates"].reference) == (8, 10)
    assert found["share of the plain store's rate"].value == pytest.approx(0.8)
    assert found["share of the plain store's rate"].met is True
    assert found["share of the rate without a store (stretch)"].value == pytest.approx(0.4)
    assert found["share of the rate without a store (stretch)"].met is False
    assert found["updates without a store or an answer"].value == pytest.approx(100)


def test_targets_are_set_for_sixteen_at_once_alone() -> None:
    targets = {name: each.target for name, each in lines().items() if each.target and each.target != "= 0"}
    assert targets == {
        "share of the plain store's rate": "≥ 0.7",
        "share of the rate without a store (stretch)": "≥ 0.5",
        "p99": "< 60",
    }
    assert not [each for each in lines(64).values() if each.target and each.target != "= 0"]


@pytest.mark.parametrize("receipts", [{}, {chat_of(0): ["a", "b"], chat_of(1): ["c"]}, {chat_of(0): ["a"]}])
def test_a_conversation_without_one_receipt_is_noticed(receipts: dict[int, list[str]]) -> None:
    with pytest.raises(ValueError, match="one receipt"):
        chats.require_receipts(receipts, range(2))


def test_a_receipt_given_to_two_chats_is_noticed() -> None:
    chats.require_receipts({chat_of(0): ["a"], chat_of(1): ["b"]}, range(2))
    with pytest.raises(ValueError, match="one receipt"):
        chats.require_receipts({chat_of(0): ["a"], chat_of(1): ["a"]}, range(2))


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"read": 1_999}, ["lost"]),
        ({"kept": 2_001}, ["items beyond one a conversation"]),
        ({"kept": 1_999}, ["items beyond one a conversation"]),
    ],
)
def test_what_is_lost_or_there_twice_is_told(changes: dict[str, int], missed: list[str]) -> None:
    fields = {name: getattr(LOSS, name) for name in ("held", "cut_off", "accepted", "read", "kept")}
    found = list(chat_loss.loss_figures("SQLite", chat_loss.ChatLoss(**fields | changes)))
    assert [each.name.partition(": ")[2] for each in found if each.met is False] == missed


def test_the_sender_is_measured_from_the_first_message_to_the_last() -> None:
    rate, most, refused = sender.sending_figures("SQLite", sender.Sending(sent=251, seconds=10, most=31, refused=0))
    assert (rate.value, rate.met) == (25, True)
    assert (most.value, most.met) == (31, False)
    assert refused.met is True
