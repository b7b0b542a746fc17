"""What happens to cases and items by the clock: replies fall due, what was turned away or signed away is destroyed."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import text

from core.app import App
from core.cases import cards, proceedings
from core.errors import Conflict, Denied
from core.sealing import Escrow
from core.work import System
from tests.core.cases.builders import submitted
from tests.core.cases.offices import Offices, a_card, a_colleague, put_away, the_offices, verified, verifying

WORKER = System("worker")


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def _count(app: App, table: str) -> int:
    async with app.work(WORKER, "worker", write=False) as work:
        return await work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - our own names


async def test_a_reply_that_does_not_come_is_marked_and_admits_nothing(
    intake: App, worker: App, offices: Offices
) -> None:
    case_id = await verifying(offices, intake)
    draft = await offices.do(
        offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="反映工作时间打扑克")
    )
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, draft.id))

    async def marked() -> int:
        async with worker.work(WORKER, "worker") as work:
            return await proceedings.mark_overdue(work)

    assert await marked() == 0
    worker.clock.move(timedelta(days=40))
    assert await marked() == 1
    assert await marked() == 0
    assert (await offices.summary(case_id)).state == "verifying"
    last = (await offices.read(offices.org, case_id)).thread[-1]
    assert (last.step.kind, last.author_id) == ("overdue", None)


@pytest.mark.parametrize(("outcome", "days"), [("minimised_out", 9), ("insufficient", 91), ("out_of_scope", 91)])
async def test_what_triage_turned_away_is_erased_in_its_time(
    intake: App, worker: App, offices: Offices, outcome: str, days: int
) -> None:
    item = await submitted(intake)
    await offices.do(offices.clerk, lambda work: cards.card(work, item.item_id, a_card(offices.official_id)))
    await offices.do(offices.clerk, lambda work: cards.propose(work, item.item_id, outcome, reason="不属于受理范围"))
    assert await offices.do(offices.supervisor, lambda work: cards.decide(work, item.item_id, approved=True)) == outcome

    async def cleared() -> int:
        async with worker.work(WORKER, "worker") as work:
            return len(await cards.clear_turned_away(work))

    assert await cleared() == 0
    worker.clock.move(timedelta(days=days))
    assert await cleared() == 1
    assert await cleared() == 0
    async with worker.work(WORKER, "worker", write=False) as work:
        left = await work.session.scalar(text("SELECT count(*) FROM item WHERE envelope IS NOT NULL"))
    assert (left, await _count(worker, "seal WHERE target_kind = 'item'")) == (0, 0)


async def test_without_a_calendar_what_is_private_goes_the_next_day_and_not_before(
    intake: App, worker: App, offices: Offices
) -> None:
    now = worker.clock.now()
    worker.clock.move(now.replace(year=now.year + 1) - now)  # a year of which no calendar is known
    item = await submitted(intake)
    await offices.do(offices.clerk, lambda work: cards.card(work, item.item_id, a_card(offices.official_id)))
    await offices.do(
        offices.clerk, lambda work: cards.propose(work, item.item_id, "minimised_out", reason="属于私人生活")
    )
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item.item_id, approved=True))

    async def cleared() -> int:
        async with worker.work(WORKER, "worker") as work:
            return len(await cards.clear_turned_away(work))

    assert await cleared() == 0
    worker.clock.move(timedelta(days=1))
    assert await cleared() == 1


async def test_an_unfounded_case_is_destroyed_by_two_signatures_after_its_time(
    intake: App, worker: App, desk: App, offices: Offices
) -> None:
    case_id = await verified(offices, intake, "unfounded")
    archivist = await a_colleague(desk, "archivist", "leading_group_office")
    await offices.do(
        offices.org, lambda work: proceedings.close_unproven(work, case_id, reason="失实", clarification=True)
    )
    await offices.do(offices.org, lambda work: proceedings.search(work, "扑克", reason="查找同类情况作参考"))
    await put_away(offices, case_id)

    async def listed() -> proceedings.CaseSummary:
        return await offices.summary(case_id)

    with pytest.raises(Conflict, match="kept_longer"):
        await offices.do(offices.clerk, lambda work: proceedings.propose_destruction(work, case_id, reason="期满"))
    desk.clock.move(offices.desk.clock.now() + relativedelta(months=6, days=1) - offices.desk.clock.now())
    made = await offices.do(offices.clerk, lambda work: proceedings.propose_destruction(work, case_id, reason="期满"))
    with pytest.raises(Denied):
        await offices.do(offices.clerk, lambda work: proceedings.sign_destruction(work, case_id, made.id))
    await offices.do(archivist, lambda work: proceedings.sign_destruction(work, case_id, made.id))
    async with worker.work(WORKER, "worker") as work:
        assert len(await proceedings.destroy_cases(work)) == 1
    assert (await listed()).state == "expunged"
    assert await _count(worker, "case_entry") == await _count(worker, "case_search") == 0
    assert await _count(worker, "seal WHERE target_kind IN ('case', 'item')") == 0
