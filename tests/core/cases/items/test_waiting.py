"""Which items wait for a word from staff: before they are decided about, and when something is added later."""

from uuid import UUID

import pytest

from core.app import App, cases
from core.cases import cards, proceedings
from core.sealing import Escrow
from core.work import Reporter
from tests.core.cases.builders import submitted
from tests.core.cases.offices import Offices, a_card, the_offices


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def waits(offices: Offices, item_id: UUID) -> bool:
    """Whether an item waits, as it says of itself, as the inbox lists it and as it is counted."""
    summary = await offices.do(offices.clerk, lambda work: cases.summary(work, item_id))
    listed = await offices.do(offices.clerk, lambda work: cases.inbox(work, waiting=True))
    counted = await offices.do(offices.clerk, cases.counts)
    assert (item_id in {each.id for each in listed.items}) == summary.waits
    assert counted.waiting == len(listed.items)
    return summary.waits


async def test_an_item_waits_until_it_is_decided_about_and_again_for_what_is_added(
    intake: App, offices: Offices
) -> None:
    made = await submitted(intake)
    item_id, clerk = made.item_id, offices.clerk
    assert await waits(offices, item_id)
    await offices.do(clerk, lambda work: cards.card(work, item_id, a_card(offices.official_id)))
    await offices.do(clerk, lambda work: cards.propose(work, item_id, "accepted", reason="属于受理范围，有可查的事实"))
    assert await waits(offices, item_id)
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item_id, approved=True))
    assert not await waits(offices, item_id)
    (free,) = await offices.do(clerk, proceedings.accepted_items)
    assert free.item_id == item_id
    await offices.do(clerk, lambda work: proceedings.open_case(work, item_id))
    assert not await waits(offices, item_id)
    assert await offices.do(clerk, proceedings.accepted_items) == []
    async with intake.work(Reporter(), "web") as work:
        await cases.add_facts(work, made.receipt, "当天还有另外两人在场")
    assert await waits(offices, item_id)
    await offices.do(clerk, lambda work: cases.answer(work, item_id, "已经记下。"))
    assert not await waits(offices, item_id)
