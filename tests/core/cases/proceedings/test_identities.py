"""Who reported: opened by two of three custodians together, and by nobody else."""

from dataclasses import replace
from uuid import UUID

import pytest

from core import access
from core.app import App
from core.cases import cards, proceedings
from core.errors import Conflict, Denied, Invalid, NotFound
from core.sealing import Escrow
from core.work import Staff
from tests.builders import OPERATOR
from tests.core.cases.builders import submitted
from tests.core.cases.offices import Offices, a_card, a_colleague, the_offices

NAMED = {"reporter_name": "太叔知白", "reporter_contact": "000-1234"}


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


@pytest.fixture
async def custodians(desk: App, escrow: Escrow) -> list[Staff]:
    people = [await a_colleague(desk, "identity_custodian", "leading_group_office") for _ in range(3)]
    async with desk.work(OPERATOR, "cli") as work:
        await access.share_out(work, "identity", [one.person_id for one in people], escrow.identity)
    return people


async def _named_case(offices: Offices, intake: App) -> tuple[UUID, UUID]:
    item_id = (await submitted(intake, identity=NAMED)).item_id
    await offices.do(offices.clerk, lambda work: cards.card(work, item_id, a_card(offices.official_id)))
    await offices.do(offices.clerk, lambda work: cards.propose(work, item_id, "accepted", reason="属于受理范围"))
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item_id, approved=True))
    case = await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item_id))
    return case.id, item_id


async def _asked(offices: Offices, intake: App) -> UUID:
    case_id, item_id = await _named_case(offices, intake)
    return await offices.do(
        offices.supervisor,
        lambda work: proceedings.ask_for_identity(work, case_id, item_id, reason="需当面核对证据原件"),
    )


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0), (2, 1)])
async def test_any_two_custodians_open_it_for_who_asked(
    intake: App, offices: Offices, custodians: list[Staff], first: int, second: int
) -> None:
    wish = await _asked(offices, intake)
    (waiting,) = await offices.do(custodians[first], proceedings.identities_asked)
    assert (waiting.wish.id, waiting.reason) == (wish, "需当面核对证据原件")
    with pytest.raises(Conflict, match="not_released"):
        await offices.do(custodians[second], lambda work: proceedings.open_identity(work, wish))
    await offices.do(custodians[first], lambda work: proceedings.release_identity(work, wish))
    with pytest.raises(Denied, match="own_work"):
        await offices.do(custodians[first], lambda work: proceedings.open_identity(work, wish))
    with pytest.raises(Conflict, match="not_opened_yet"):
        await offices.do(offices.supervisor, lambda work: proceedings.read_identity(work, wish))
    await offices.do(custodians[second], lambda work: proceedings.open_identity(work, wish))
    assert await offices.do(offices.supervisor, lambda work: proceedings.read_identity(work, wish)) == NAMED


async def test_nobody_but_who_asked_reads_what_was_opened(
    intake: App, offices: Offices, custodians: list[Staff]
) -> None:
    wish = await _asked(offices, intake)
    await offices.do(custodians[0], lambda work: proceedings.release_identity(work, wish))
    await offices.do(custodians[1], lambda work: proceedings.open_identity(work, wish))
    for other in (offices.org, offices.receiver):
        with pytest.raises(NotFound):
            await offices.do(other, lambda work: proceedings.read_identity(work, wish))
    with pytest.raises(Denied):
        await offices.do(custodians[2], lambda work: proceedings.read_identity(work, wish))


async def test_who_works_on_the_case_is_no_custodian_of_it(
    intake: App, desk: App, offices: Offices, custodians: list[Staff]
) -> None:
    case_id, item_id = await _named_case(offices, intake)
    clerk = offices.clerk
    both = replace(clerk, held=(*clerk.held, *custodians[0].held))
    wish = await offices.do(
        offices.supervisor,
        lambda work: proceedings.ask_for_identity(work, case_id, item_id, reason="需当面核对证据原件"),
    )
    with pytest.raises(Denied, match="works_on_the_case"):
        await offices.do(both, lambda work: proceedings.release_identity(work, wish))
    del desk


async def test_halves_of_another_pair_open_nothing(desk: App, offices: Offices, custodians: list[Staff]) -> None:
    first, second, third = custodians
    async with desk.work(first, "console") as work:
        half = await access.own_half(work, "identity", third.person_id)
    async with desk.work(second, "console") as work:
        other = await access.own_half(work, "identity", third.person_id)
        with pytest.raises(Exception, match="halves_differ"):
            await access.joined(work, "identity", half, other)
    del offices


async def test_an_anonymous_report_has_no_identity_to_open(
    intake: App, offices: Offices, custodians: list[Staff]
) -> None:
    item_id = (await submitted(intake)).item_id
    await offices.do(offices.clerk, lambda work: cards.card(work, item_id, a_card(offices.official_id)))
    await offices.do(offices.clerk, lambda work: cards.propose(work, item_id, "accepted", reason="属于受理范围"))
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item_id, approved=True))
    case = await offices.do(offices.clerk, lambda work: proceedings.open_case(work, item_id))
    with pytest.raises(Conflict, match="no_identity"):
        await offices.do(
            offices.supervisor,
            lambda work: proceedings.ask_for_identity(work, case.id, item_id, reason="想知道是谁反映的"),
        )
    del custodians


async def test_the_key_is_shared_out_among_three_who_are_entitled(
    desk: App, escrow: Escrow, offices: Offices, custodians: list[Staff]
) -> None:
    ids = [one.person_id for one in custodians]
    for people in (ids[:2], [ids[0], ids[0], ids[1]]):
        with pytest.raises(Invalid, match="custodians_wrong"):
            async with desk.work(OPERATOR, "cli") as work:
                await access.share_out(work, "identity", people, escrow.identity)
    with pytest.raises(Denied, match="not_entitled"):
        async with desk.work(OPERATOR, "cli") as work:
            await access.share_out(work, "identity", [*ids[:2], offices.org.person_id], escrow.identity)


async def test_a_custodian_named_later_is_not_asked_about_what_waited_before(
    intake: App, desk: App, escrow: Escrow, offices: Offices, custodians: list[Staff]
) -> None:
    await _asked(offices, intake)
    late = await a_colleague(desk, "identity_custodian", "leading_group_office")
    people = [*custodians[:2], late]
    async with desk.work(OPERATOR, "cli") as work:
        await access.share_out(work, "identity", [one.person_id for one in people], escrow.identity)
    assert await offices.do(late, proceedings.identities_asked) == []
    assert len(await offices.do(custodians[0], proceedings.identities_asked)) == 1
