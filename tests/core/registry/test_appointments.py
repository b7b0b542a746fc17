"""Appointments hold from their first day to their last, and never overlap for the same person, role and unit."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import registry
from core.app import App
from core.errors import Conflict, Invalid, NotFound
from core.registry import BOT_ONLY, STAFF, UNAPPOINTED, Role, UnitKind
from core.work import Held, System
from tests.core.registry.builders import a_person, a_unit

CLI = System("tests")
DAY = date(2026, 1, 1)
HORIZON = 12  # days of the naive model; no end means to the last of them

appointment = st.tuples(
    st.sampled_from([Role.AUDITOR, Role.INTAKE_CLERK]),
    st.sampled_from(["here", "there"]),
    st.integers(0, HORIZON - 1),
    st.none() | st.integers(0, HORIZON - 1),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(appointment, max_size=6))
async def test_on_any_day_a_person_holds_what_a_naive_calendar_says(
    desk: App, wanted: list[tuple[Role, str, int, int | None]]
) -> None:
    calendar: dict[int, set[tuple[Role, str]]] = {day: set() for day in range(HORIZON)}
    async with desk.work(CLI, "cli") as work:
        units = {unit.code: unit for unit in await registry.units(work)}
        for code in {"here", "there"} - set(units):
            units[code] = await a_unit(work, code)
        person = await a_person(work)
        for role, code, first, last in wanted:
            days = range(first, HORIZON if last is None else last + 1)
            until = None if last is None else DAY + timedelta(last)
            fits = bool(days) and not any((role, code) in calendar[day] for day in days)
            try:
                await registry.appoint(work, person.id, role, units[code].id, since=DAY + timedelta(first), until=until)
            except (Conflict, Invalid):
                assert not fits
            else:
                assert fits
                for day in days:
                    calendar[day].add((role, code))
        codes = {unit.id: code for code, unit in units.items()}
        for day, expected in calendar.items():
            held = await registry.appointments_of(work, person.id, on=DAY + timedelta(day))
            assert {(each.role, codes[each.unit_id]) for each in held} == expected
            assert len(held) == len(expected)


async def test_an_appointment_ends_on_the_day_it_is_given_and_may_then_begin_anew(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        person, unit = await a_person(work), await a_unit(work, "finance")
        first = await registry.appoint(work, person.id, "auditor", unit.id, since=DAY)
        ended = await registry.end_appointment(work, first.id, on=DAY + timedelta(5))
        assert ended.until == DAY + timedelta(5)
        with pytest.raises(Conflict, match="appointment_overlaps"):
            await registry.appoint(work, person.id, "auditor", unit.id, since=DAY + timedelta(5))
        await registry.appoint(work, person.id, "auditor", unit.id, since=DAY + timedelta(6))


async def test_two_at_once_cannot_make_the_same_appointment(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        person, unit = await a_person(work), await a_unit(work, "finance")

    async def appoint() -> None:
        async with desk.work(CLI, "cli") as work:
            await registry.appoint(work, person.id, "auditor", unit.id, since=DAY)

    ends = await asyncio.gather(*(appoint() for _ in range(4)), return_exceptions=True)
    assert sorted(str(end) for end in ends) == ["None", *["appointment_overlaps"] * 3]


async def test_an_end_can_be_brought_forward_but_not_put_off(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        person, unit = await a_person(work), await a_unit(work, "finance")
        made = await registry.appoint(work, person.id, "auditor", unit.id, since=DAY, until=DAY + timedelta(9))
        assert (await registry.end_appointment(work, made.id, on=DAY + timedelta(3))).until == DAY + timedelta(3)
        with pytest.raises(Conflict, match="appointment_ended"):
            await registry.end_appointment(work, made.id, on=DAY + timedelta(4))
        with pytest.raises(Invalid, match="ends_before_it_begins"):
            await registry.end_appointment(work, made.id, on=DAY - timedelta(1))


async def test_a_role_outside_the_list_or_without_an_appointment_is_refused(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        person, unit = await a_person(work), await a_unit(work, "finance")
        with pytest.raises(Invalid, match="unknown_role"):
            await registry.appoint(work, person.id, "emperor", unit.id, since=DAY)
        for role in UNAPPOINTED:
            with pytest.raises(Invalid, match="role_not_appointed"):
                await registry.appoint(work, person.id, role, unit.id, since=DAY)


async def test_nobody_unknown_is_appointed_and_nobody_to_an_unknown_unit(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        person, unit = await a_person(work), await a_unit(work, "finance")
        with pytest.raises(NotFound, match="person_unknown"):
            await registry.appoint(work, unit.id, "auditor", unit.id, since=DAY)
        with pytest.raises(NotFound, match="unit_unknown"):
            await registry.appoint(work, person.id, "auditor", person.id, since=DAY)
        with pytest.raises(NotFound, match="appointment_unknown"):
            await registry.end_appointment(work, person.id, on=DAY)


async def test_what_is_held_names_the_deciding_body_and_people_are_found_by_it(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        office = await a_unit(work, "office", UnitKind.LEADING_GROUP_OFFICE)
        commission = await a_unit(work, "commission", UnitKind.DISCIPLINE_COMMISSION)
        archive = await a_unit(work, "archive")
        one, two = await a_person(work, "公冶听雨"), await a_person(work, "公孙望舒")
        for person, role, unit in (
            (one, Role.INTAKE_CLERK, office),
            (two, Role.INTAKE_CLERK, commission),
            (two, Role.ARCHIVIST, archive),
        ):
            await registry.appoint(work, person.id, role, unit.id, since=DAY)
        assert set(await registry.held_by(work, two.id, on=DAY)) == {
            Held("intake_clerk", commission.id, "discipline_commission"),
            Held("archivist", archive.id, None),
        }
        clerks = await registry.people_with_role(work, "intake_clerk", on=DAY)
        assert [person.name for person in clerks] == ["公冶听雨", "公孙望舒"]
        assert await registry.people_with_role(work, "intake_clerk", on=DAY, body="leading_group_office") == (one,)
        assert await registry.people_with_role(work, "intake_clerk", on=DAY, unit_id=commission.id) == (two,)
        assert await registry.people_with_role(work, "intake_clerk", on=DAY - timedelta(1)) == ()


def test_every_role_is_of_staff_or_of_a_bot_or_without_an_appointment() -> None:
    assert set(Role) == STAFF | BOT_ONLY | UNAPPOINTED
    assert len(STAFF) + len(BOT_ONLY) + len(UNAPPOINTED) == len(Role)
