"""The bucket of tries: pure arithmetic under a clock that the tests move."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots import throttle
from bots.throttle import Throttle, network
from core.errors import TooMany
from tests.conftest import FixedClock

MINUTE = timedelta(minutes=1)


def tries(bucket: Throttle, source: str) -> int:
    """Return how many tries a source gets at this moment."""
    taken = 0
    try:
        while True:
            bucket.take(source)
            taken += 1
    except TooMany:
        return taken


@given(st.integers(1, 20), st.integers(1, 30), st.integers(0, 3600))
def test_a_source_never_gets_more_than_its_tries_and_what_the_time_gives_back(
    free: int, minutes: int, seconds: int
) -> None:
    clock = FixedClock()
    bucket = Throttle(clock, tries=free, window=minutes * MINUTE)
    assert tries(bucket, "a") == free
    clock.move(timedelta(seconds=seconds))
    assert abs(tries(bucket, "a") - min(free, seconds * free / (minutes * 60))) <= 1


def test_the_wait_that_is_told_is_long_enough() -> None:
    clock = FixedClock()
    bucket = Throttle(clock, tries=10, window=10 * MINUTE)
    tries(bucket, "a")
    with pytest.raises(TooMany) as refused:
        bucket.take("a")
    clock.move(timedelta(seconds=refused.value.retry_after))
    bucket.take("a")


def test_a_source_does_not_slow_another() -> None:
    bucket = Throttle(FixedClock(), tries=3, window=MINUTE)
    assert (tries(bucket, "a"), tries(bucket, "b")) == (3, 3)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    clock = FixedClock()
    bucket = Throttle(clock, tries=3, window=MINUTE)
    tries(bucket, "a")
    clock.move(-MINUTE)
    assert tries(bucket, "a") == 0


def test_memory_holds_a_bounded_number_of_sources_and_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "SOURCES", 5)
    bucket = Throttle(FixedClock(), tries=3, window=MINUTE)
    for number in range(20):
        bucket.take(f"192.0.2.{number}")
    kept = vars(bucket)["_buckets"]
    assert len(kept) == 5
    assert not any(b"192.0.2" in code for code in kept)


def test_many_tries_at_one_moment_never_lengthen_the_wait() -> None:
    bucket = Throttle(FixedClock(), tries=10, window=10 * MINUTE)
    tries(bucket, "a")
    for _ in range(1000):
        with pytest.raises(TooMany) as refused:
            bucket.take("a")
        assert refused.value.retry_after == 60


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_the_addresses_of_one_connection_are_one_source(source: str, counted: str) -> None:
    assert network(source) == counted
