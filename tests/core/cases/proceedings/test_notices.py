"""Important information: who is told of what, by which criteria, and who read it when."""

from dataclasses import replace
from uuid import UUID

import pytest

from core import registry
from core.app import App
from core.cases import proceedings
from core.cases.proceedings import Importance
from core.errors import Conflict, KeyLocked, NotFound
from core.sealing import Escrow
from core.work import Staff
from tests.builders import OPERATOR, an_appointment
from tests.core.cases.offices import Offices, a_colleague, opened, the_offices, verified


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


@pytest.fixture
async def reader(desk: App) -> Staff:
    return await a_colleague(desk, "district_committee_reader", "district_committee")


async def _escalate(offices: Offices, case_id: UUID, **answers: object) -> proceedings.NoticeLine:
    given = Importance(facts="涉及安全生产，群众反映集中", **answers)  # type: ignore[arg-type]
    return await offices.do(offices.supervisor, lambda work: proceedings.escalate(work, case_id, given))


async def test_a_notice_is_numbered_says_that_nothing_is_verified_and_notes_who_read_it(
    intake: App, offices: Offices, reader: Staff
) -> None:
    case_id = await opened(offices, intake)
    line = await _escalate(offices, case_id, harm=True)
    assert (line.number, line.is_unverified, line.is_routed_up) == (1, True, False)
    assert line.readers == [(reader.person_id, None)]
    read = await offices.do(reader, lambda work: proceedings.read_notice(work, line.id))
    assert (read.facts, read.stage, read.criteria) == ("涉及安全生产，群众反映集中", "opened", ["harm"])
    first = offices.desk.clock.now()
    offices.desk.clock.move(first - first.replace(hour=0))
    await offices.do(reader, lambda work: proceedings.read_notice(work, line.id))
    (listed,) = await offices.do(offices.supervisor, proceedings.notices)
    assert listed.readers == [(reader.person_id, first)]
    assert (await offices.summary(case_id)).is_important


async def test_an_ordinary_case_about_a_deputy_is_not_escalated(intake: App, offices: Offices, reader: Staff) -> None:
    case_id = await opened(offices, intake)
    with pytest.raises(Conflict, match="no_criterion"):
        await _escalate(offices, case_id)
    assert (await _escalate(offices, case_id, retaliation=True)).readers == [(reader.person_id, None)]


async def test_a_verified_case_is_not_called_unverified(intake: App, offices: Offices, reader: Staff) -> None:
    del reader
    case_id = await verified(offices, intake)
    assert not (await _escalate(offices, case_id, possible_crime=True)).is_unverified


async def test_whom_it_is_about_or_names_is_not_told_and_it_goes_one_level_up(
    intake: App, desk: App, offices: Offices, reader: Staff
) -> None:
    case_id = await opened(offices, intake)
    async with desk.work(OPERATOR, "cli") as work:
        official = await registry.official(work, offices.official_id)
    await an_appointment(desk, official.person.id, "district_committee_reader", "district_committee")
    line = await _escalate(offices, case_id, harm=True)
    assert (line.readers, line.is_routed_up) == ([(reader.person_id, None)], True)
    named = await _escalate(offices, case_id, harm=True, named=frozenset({reader.person_id}))
    assert (named.number, named.readers, named.is_routed_up) == (2, [], True)


async def test_nobody_else_opens_a_notice(intake: App, desk: App, offices: Offices, reader: Staff) -> None:
    case_id = await opened(offices, intake)
    line = await _escalate(offices, case_id, harm=True)
    late = await a_colleague(desk, "district_committee_reader", "district_committee")
    with pytest.raises(NotFound):
        await offices.do(late, lambda work: proceedings.read_notice(work, line.id))
    with pytest.raises(KeyLocked):
        await offices.do(replace(reader, key=None), lambda work: proceedings.read_notice(work, line.id))
    assert await offices.do(late, proceedings.notices) == []
