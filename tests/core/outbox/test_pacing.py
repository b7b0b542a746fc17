"""Pacing: what leaves is never too much for the platform, and nearly as much as it takes."""

from bisect import bisect_left
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outbox.pacing import CHAT_SPACING, Pacing

MOST = 30  # in a second, as the platform has it

chats = st.sampled_from("abc") | st.integers(0, 10_000).map(str)
arrivals = st.lists(st.tuples(chats, st.floats(0, 2)), max_size=80)
lateness = st.lists(st.floats(0, 0.3), min_size=1, max_size=20)


def leave(pacing: Pacing, owed: list[tuple[str, float]], late: list[float]) -> list[tuple[float, str]]:
    """Let messages go as a sender does: one that may leave, never earlier than now; ``owed`` is in order of time."""
    now, left, turn = 0.0, [], count()
    queue = list(owed)
    while queue:
        here = [each for each in queue[:12] if each[1] <= now]
        if not here:
            now = queue[0][1]
            continue
        first = min(here, key=lambda each: pacing.wait(now, each[0]))
        if pause := pacing.wait(now, first[0]):
            now += pause + late[next(turn) % len(late)]  # who sleeps is woken late
            continue
        pacing.note(now, first[0])
        queue.remove(first)
        left.append((now, first[0]))
    return left


def most_in_a_second(moments: list[float]) -> int:
    """How many the fullest rolling second holds; ``moments`` are in order."""
    return max((bisect_left(moments, at + 1) - index for index, at in enumerate(moments)), default=0)


def since_start(gaps: list[tuple[str, float]]) -> list[tuple[str, float]]:
    at, found = 0.0, []
    for chat, gap in gaps:
        at += gap / 40
        found.append((chat, at))
    return found


@given(arrivals, lateness)
def test_no_rolling_second_holds_more_than_the_platform_takes(gaps: list[tuple[str, float]], late: list[float]) -> None:
    left = leave(Pacing(), since_start(gaps), late)
    assert len(left) == len(gaps)
    assert most_in_a_second([at for at, _ in left]) <= MOST - 2


@given(arrivals, lateness)
def test_no_chat_gets_two_messages_in_a_second(gaps: list[tuple[str, float]], late: list[float]) -> None:
    left = leave(Pacing(), since_start(gaps), late)
    for chat in {chat for _, chat in left}:
        assert most_in_a_second([at for at, each in left if each == chat]) == 1


@given(st.lists(st.floats(0, 0.03), min_size=1, max_size=50))
def test_when_enough_is_due_at_least_25_leave_in_a_second_even_if_the_sender_is_woken_late(late: list[float]) -> None:
    owed = [(str(number), 0.0) for number in range(200)]
    moments = [at for at, _ in leave(Pacing(), owed, late)]
    assert (len(moments) - 1) / (moments[-1] - moments[0]) >= 25
    assert most_in_a_second(moments) <= MOST - 2


def test_what_is_sent_at_once_is_two_and_no_heap() -> None:
    pacing, now = Pacing(), 100.0
    sent = 0
    while pacing.wait(now, str(sent)) == 0:
        pacing.note(now, str(sent))
        sent += 1
    assert sent == 2


@given(st.floats(0, 60), arrivals)
def test_nothing_leaves_before_a_halt_is_over(seconds: float, gaps: list[tuple[str, float]]) -> None:
    pacing = Pacing()
    pacing.halt(seconds)
    pacing.halt(seconds / 2)  # a second answer to an earlier message must not end it early
    assert pacing.halted(0) == seconds
    assert all(at >= seconds for at, _ in leave(pacing, since_start(gaps), [0.0]))


@pytest.mark.parametrize("lasted", [0.3, 0.9, 1.7])
def test_a_sender_that_takes_over_keeps_the_limits_together_with_the_one_before(lasted: float) -> None:
    owed = [(str(number % 9), 0.0) for number in range(90)]
    before = [each for each in leave(Pacing(), owed, [0.0]) if each[0] < lasted]
    second = Pacing()
    second.begin(lasted)
    after = leave(second, [(chat, lasted) for chat, _ in owed], [0.0])
    assert most_in_a_second(sorted(at for at, _ in before + after)) <= MOST
    for chat in "012345678":
        assert most_in_a_second(sorted(at for at, each in before + after if each == chat)) <= 1


def test_chats_are_forgotten_as_soon_as_they_may_be_written_to_again() -> None:
    pacing = Pacing()
    for number in range(500):
        pacing.note(number * CHAT_SPACING, str(number))
    pacing.note(501 * CHAT_SPACING, "last")
    assert vars(pacing)["_chat_free_at"].keys() == {"last"}


def test_the_rate_leaves_room_for_messages_that_were_late_on_their_way() -> None:
    moments = [at for at, _ in leave(Pacing(), [(str(n), 0.0) for n in range(200)], [0.0])]
    arrived = sorted(at + (0.06 if number % 3 else 0.0) for number, at in enumerate(moments))
    assert most_in_a_second(arrived) <= MOST
