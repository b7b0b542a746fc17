"""What the ledger says after an attempt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.outbox.outcomes import (
    ATTEMPTS,
    ChatAddress,
    Halted,
    Moved,
    Outcome,
    Refused,
    Sent,
    Standing,
    TryAgain,
    Uncertain,
    Unreachable,
    backoff,
    settled,
)

outcomes = st.sampled_from([Sent(), Halted(7), TryAgain(), Unreachable(), Moved("-100"), Uncertain(), Refused()])


def after(outcome: Outcome, attempt: int = 1, *, repeated: bool = False, repeatable: bool = True) -> Standing:
    return settled(outcome, attempt=attempt, repeated=repeated, repeatable=repeatable)


def test_what_arrived_or_never_can_is_over() -> None:
    assert after(Sent()) == Standing("sent", 1, repeated=False)
    assert after(Unreachable()) == Standing("unreachable", 1, repeated=False)


def test_a_halt_and_a_refused_bot_take_no_attempt() -> None:
    assert after(Halted(7)) == Standing("queued", 0, repeated=False, pause=timedelta(seconds=7))
    assert after(Refused()) == Standing("queued", 0, repeated=False)


def test_a_fault_of_the_platform_is_tried_for_more_than_a_day_and_then_given_up() -> None:
    pauses = [after(TryAgain(), attempt).pause for attempt in range(1, ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=2)
    assert after(TryAgain(), ATTEMPTS).state == "failed"
    assert backoff(ATTEMPTS) == timedelta(hours=4)


def test_a_moved_chat_is_tried_at_once_but_not_for_ever() -> None:
    assert after(Moved("-100")) == Standing("queued", 1, repeated=False)
    assert after(Moved("-100"), ATTEMPTS).state == "failed"


def test_what_nobody_knows_is_sent_once_more_if_it_is_repeatable() -> None:
    first = after(Uncertain())
    assert (first.state, first.repeated) == ("queued", True)
    assert after(Uncertain(), 2, repeated=True).state == "unknown"


@given(st.lists(outcomes, max_size=60))
def test_a_notice_that_is_not_repeatable_never_leaves_again_after_an_uncertain_end(ends: list[Outcome]) -> None:
    assert times_that_it_may_have_been_sent(ends, repeatable=False) <= 1


@given(st.lists(outcomes, max_size=60))
def test_a_reminder_is_sent_twice_at_most_whatever_happens(ends: list[Outcome]) -> None:
    assert times_that_it_may_have_been_sent(ends, repeatable=True) <= 2


def times_that_it_may_have_been_sent(ends: list[Outcome], *, repeatable: bool) -> int:
    state = Standing("queued", 0, repeated=False)
    times = 0
    for end in ends:
        if state.state != "queued":
            break
        times += isinstance(end, Sent | Uncertain)
        state = after(end, state.attempt + 1, repeated=state.repeated, repeatable=repeatable)
        assert 0 <= state.attempt <= ATTEMPTS
    return times


@pytest.mark.parametrize("shown", [Moved("7013370042"), ChatAddress("informant", "7013370042", "en")])
def test_no_chat_shows_in_a_representation(shown: object) -> None:
    assert "7013370042" not in repr(shown)
