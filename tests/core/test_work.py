"""What the clock and the actors promise."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from core.sealing import KeyPair
from core.work import Clock, Reporter, Staff, System


def test_a_clock_may_start_elsewhere_and_runs_on() -> None:
    start = datetime(2026, 9, 30, 1, tzinfo=UTC)
    clock = Clock(start)
    first, second = clock.now(), clock.now()
    assert start <= first <= second < start + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 9, 30, 15, 59, tzinfo=UTC), date(2026, 9, 30)),
        (datetime(2026, 9, 30, 16, tzinfo=UTC), date(2026, 10, 1)),
    ],
)
def test_the_civil_date_is_that_of_shanghai(instant: datetime, day: date) -> None:
    assert Clock(instant).today() == day


def test_a_clock_that_is_moved_says_so_from_then_on() -> None:
    clock = Clock(datetime(2026, 9, 30, 1, tzinfo=UTC))
    clock.move(timedelta(days=2))
    assert clock.today() == date(2026, 10, 2)


def test_actors_are_told_apart_and_a_reporter_is_nobody() -> None:
    person = uuid4()
    staff = Staff(person, uuid4(), (), key=KeyPair.from_private(b"k" * 32))
    assert (str(Reporter()), str(System("worker")), str(staff)) == ("reporter", "system:worker", f"staff:{person}")
    assert "kkkk" not in repr(staff)
