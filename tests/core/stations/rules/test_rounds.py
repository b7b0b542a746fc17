"""Where an obligation can stand, and the plan that reminds of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.policy.calendar import PUBLISHED, SHANGHAI
from core.policy.profile import SEED
from core.stations.rules.reminders import due_stage, is_quiet, plan
from core.stations.rules.rounds import ASKED, OPEN, STATES, STEPS, after, may
from core.stations.rules.schedule import known_days

QUARTERS = st.builds(lambda year, number: f"{year}Q{number}", st.integers(2000, 2100), st.integers(1, 4))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_leads_on_from_its_sources_and_is_refused_from_anywhere_else(state: str, name: str) -> None:
    if may(state, name):
        assert after(state, name) == STEPS[name].target
    else:
        with pytest.raises(Conflict) as caught:
            after(state, name)
        assert caught.value.code == "step_not_possible"


def test_what_is_signed_is_never_filled_in_again() -> None:
    for state in set(STATES) - OPEN:
        assert not any(may(state, name) for name in ("fill_in", "submit", "sign", "take_back", "send_back"))


def test_what_is_asked_can_be_answered_excused_and_missed() -> None:
    assert all(may(state, name) for state in ASKED for name in ("fill_in", "submit", "excuse", "miss"))


def test_the_plan_of_a_quarter_is_as_the_rules_have_it() -> None:
    found = {each.name: each.at for each in plan(known_days("2026Q3"))}
    assert {name: at.date() for name, at in found.items()} == {
        "prompt": date(2026, 9, 1),
        "first": date(2026, 9, 23),
        "second": date(2026, 9, 28),
        "due": date(2026, 9, 30),
        "grace": date(2026, 10, 8),
        "escalated": date(2026, 10, 10),
        "call_list": date(2026, 10, 13),
    }
    assert {at.astimezone(SHANGHAI).time() for at in found.values()} == {time(9)}


def test_a_reminder_that_would_fall_on_a_holiday_comes_on_the_working_day_before() -> None:
    found = {each.name: each.at.date() for each in plan(known_days("2026Q1"))}  # 29 March 2026 is a Sunday
    assert found["second"] == date(2026, 3, 27)
    assert PUBLISHED.is_working_day(found["second"])


@given(QUARTERS)
def test_the_stages_of_any_quarter_come_in_order_and_begin_in_its_last_month(quarter: str) -> None:
    days = known_days(quarter)
    stages = plan(days)
    assert [each.at for each in stages] == sorted(each.at for each in stages)
    assert stages[0].name == "prompt"
    assert (stages[0].at.year, stages[0].at.month) == (days.due_on.year, days.due_on.month)
    assert {"prompt", "first", "second", "due"} <= {each.name for each in stages}


@given(QUARTERS, st.integers(-40, 90), st.integers(0, 86_399))
def test_only_the_last_stage_that_has_begun_is_due(quarter: str, days: int, seconds: int) -> None:
    stages = plan(known_days(quarter))
    now = stages[0].at + timedelta(days=days, seconds=seconds)
    found = due_stage(stages, now)
    if found is None:
        assert now < stages[0].at
    else:
        assert found.at <= now
        assert not any(found.at < each.at <= now for each in stages)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - it is given one
def test_nobody_is_written_to_at_night(now: datetime) -> None:
    hour = now.astimezone(SHANGHAI).time()
    assert is_quiet(now) == (hour < SEED.time("reminders_from") or hour >= SEED.time("reminders_until"))
