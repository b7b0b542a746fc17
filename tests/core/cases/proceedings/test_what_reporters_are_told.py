"""What the holder of a receipt is told while staff work on a case, and what becomes owed to them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import select

from core import deadlines, outbox
from core.app import App, cases
from core.cases import cards, proceedings
from core.cases.items.tables import ItemStage
from core.cases.proceedings import members, tables
from core.cases.rules.stages import stage_of
from core.errors import Conflict, Denied, Invalid
from core.outbox.tables import Delivery
from core.policy.calendar import reply_due
from core.sealing import Escrow, Receipt
from core.work import Reporter, System, Work
from tests.conftest import FixedClock
from tests.core.cases.builders import submitted
from tests.core.cases.offices import (
    Offices,
    a_card,
    a_colleague,
    confirmed,
    opened,
    put_away,
    the_offices,
    verified,
    verifying,
)

TOLD: Final = "您反映的事已经核实，按规定作了处理。谢谢您的监督。"
NAME: Final = {"reporter_name": "宇文知秋", "reporter_contact": "13800000000"}


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def standing(intake: App, receipt: Receipt) -> cases.Standing:
    async with intake.work(Reporter(), "web", write=False) as work:
        return await cases.standing(work, receipt)


async def carded(offices: Offices, intake: App, **changes: object) -> cases.Submitted:
    """A report with its card."""
    made = await submitted(intake, **changes)
    await offices.do(offices.clerk, lambda work: cards.card(work, made.item_id, a_card(offices.official_id)))
    return made


async def decided(offices: Offices, item_id: UUID, outcome: str, receiver: str = "") -> None:
    """What the clerk proposes and the supervisor decides."""
    await offices.do(
        offices.clerk, lambda work: cards.propose(work, item_id, outcome, reason="内部理由", receiver=receiver)
    )
    await offices.do(offices.supervisor, lambda work: cards.decide(work, item_id, approved=True))


async def joined(offices: Offices, intake: App, case_id: UUID, **changes: object) -> cases.Submitted:
    """Another report about the same person that joins a case."""
    made = await carded(offices, intake, **changes)
    await decided(offices, made.item_id, "accepted")
    await offices.do(
        offices.clerk, lambda work: proceedings.merge(work, made.item_id, case_id, reason="反映同一人同一事")
    )
    return made


async def clocks(offices: Offices, item_id: UUID) -> dict[str, list[deadlines.Due]]:
    found: dict[str, list[deadlines.Due]] = {}
    for each in await offices.do(offices.clerk, lambda work: deadlines.of_subject(work, item_id)):
        found.setdefault(each.kind, []).append(each)
    return found


async def give(offices: Offices, case_id: UUID, text: str = TOLD) -> None:
    await offices.do(offices.clerk, lambda work: proceedings.give_feedback(work, case_id, text))


async def test_a_report_that_joined_a_case_reads_like_the_one_that_began_it(intake: App, offices: Offices) -> None:
    first = await carded(offices, intake)
    await decided(offices, first.item_id, "accepted")
    case_id = (await offices.do(offices.clerk, lambda work: proceedings.open_case(work, first.item_id))).id
    second = await joined(offices, intake, case_id)
    begun, merged = [await standing(intake, one.receipt) for one in (first, second)]
    assert begun == merged
    assert (begun.state, begun.since, begun.may_withdraw) == ("accepted", None, False)


Way = Callable[[Offices, App], Awaitable[UUID]]


async def _closed(offices: Offices, intake: App) -> UUID:
    case_id = await verified(offices, intake, "unfounded")
    await offices.do(
        offices.org, lambda work: proceedings.close_unproven(work, case_id, reason="查无实据", clarification=True)
    )
    return case_id


async def _referred(offices: Offices, intake: App) -> UUID:
    case_id = await verified(offices, intake)
    made = await offices.do(offices.supervisor, lambda work: proceedings.refer(work, case_id, reason="已达处分程度"))
    await offices.do(offices.receiver, lambda work: proceedings.accept_referral(work, case_id, made.id))
    return case_id


async def _malicious(offices: Offices, intake: App) -> UUID:
    case_id = await verified(offices, intake, "unfounded")
    made = await offices.do(
        offices.org,
        lambda work: proceedings.propose_malicious(work, case_id, reason="捏造", approval_document="河清纪〔2026〕3号"),
    )
    await offices.do(offices.disc, lambda work: proceedings.sign_malicious(work, case_id, made.id))
    return case_id


async def _put_away(offices: Offices, intake: App) -> UUID:
    case_id = await _closed(offices, intake)
    await put_away(offices, case_id)
    return case_id


@pytest.mark.parametrize("way", [opened, verifying, verified, confirmed, _closed, _referred, _malicious, _put_away])
async def test_every_way_of_a_case_leaves_its_items_at_the_stage_of_its_state(
    intake: App, offices: Offices, way: Way
) -> None:
    case_id = await way(offices, intake)
    stage = stage_of((await offices.summary(case_id)).state)
    async with intake.database.transaction(write=False) as session:
        rows = (await session.scalars(select(ItemStage))).all()
    assert [row.stage for row in rows] == ([] if stage is None else [stage])
    hour = offices.desk.clock.now().replace(minute=0, second=0, microsecond=0)
    assert all(row.since == hour for row in rows)


async def test_a_receipt_tells_how_far_it_has_come_and_takes_facts_until_nobody_can_read_them(
    intake: App, offices: Offices
) -> None:
    case_id = await opened(offices, intake)
    mine = await joined(offices, intake, case_id)
    await _to_verification(offices, case_id)
    told = await standing(intake, mine.receipt)
    assert (told.state, told.may_add, told.may_withdraw) == ("looked_at", True, False)
    await _to_its_end(offices, case_id)
    told = await standing(intake, mine.receipt)
    assert (told.state, told.may_add) == ("concluded", True)
    await put_away(offices, case_id)
    told = await standing(intake, mine.receipt)
    assert (told.state, told.may_add) == ("put_away", False)
    with pytest.raises(Conflict, match="item_put_away"):
        async with intake.work(Reporter(), "web") as work:
            await cases.add_facts(work, mine.receipt, "还有一点")


async def test_a_case_that_is_taken_up_anew_is_looked_at_again(intake: App, offices: Offices) -> None:
    case_id = await opened(offices, intake)
    mine = await joined(offices, intake, case_id, identity=NAME)
    await _to_its_end(offices, case_id)
    assert (await standing(intake, mine.receipt)).state == "concluded"
    leader = offices.group[0]
    await _hear(offices, case_id, leader.person_id)
    await offices.do(leader, lambda work: proceedings.reopen(work, case_id, new_evidence="新的监控记录"))
    assert (await standing(intake, mine.receipt)).state == "looked_at"
    assert all(each.done_on for each in (await clocks(offices, mine.item_id))["result_named"])


@pytest.mark.parametrize("outcome", ["insufficient", "out_of_scope", "minimised_out"])
async def test_what_was_turned_away_says_so_and_nothing_of_the_clerks_reasons(
    intake: App, offices: Offices, outcome: str
) -> None:
    made = await carded(offices, intake)
    await decided(offices, made.item_id, outcome)
    told = await standing(intake, made.receipt)
    assert (told.state, list(told.thread)) == (outcome, [])
    assert told.may_add == (outcome != "minimised_out")
    assert (await clocks(offices, made.item_id))["feedback"][0].done_on is not None


async def test_what_was_passed_on_says_to_whom_in_the_language_of_the_report(intake: App, offices: Offices) -> None:
    for language, words in (("zh_CN", "由下面这个机关受理"), ("en", "is for the authority named here")):
        made = await carded(offices, intake, language=language)
        await decided(offices, made.item_id, "transferred", receiver="河清区信访局")
        told = await standing(intake, made.receipt)
        assert told.state == "transferred"
        assert [message.kind for message in told.thread] == ["answer"]
        text = told.thread[0].text or ""
        assert words in text
        assert "河清区信访局" in text
        assert "内部理由" not in text


async def test_what_was_deleted_by_the_rules_says_so_and_takes_nothing_more(
    intake: App, offices: Offices, worker: App, clock: FixedClock
) -> None:
    made = await carded(offices, intake)
    await decided(offices, made.item_id, "insufficient")
    clock.move(timedelta(days=91))
    async with worker.work(System("worker"), "worker") as work:
        assert list(await cards.clear_turned_away(work)) == [made.item_id]
    told = await standing(intake, made.receipt)
    assert (told.state, told.may_add) == ("put_away", False)
    with pytest.raises(Conflict, match="item_put_away"):
        async with intake.work(Reporter(), "web") as work:
            await cases.add_facts(work, made.receipt, "还有一点")


async def test_every_reporter_of_a_case_reads_the_feedback_and_is_told_that_it_is_there(
    intake: App, offices: Offices
) -> None:
    case_id = await opened(offices, intake)
    plain, named = await joined(offices, intake, case_id), await joined(offices, intake, case_id, identity=NAME)
    async with intake.work(Reporter(), "telegram") as work:
        await cases.tell_here(work, plain.receipt, outbox.ChatAddress("informant", "7", "zh_CN"))
    await _to_its_end(offices, case_id)
    due = (await clocks(offices, named.item_id))["result_named"][0]
    assert due.due_on == reply_due(offices.desk.clock.today(), 15)
    assert "result_named" not in await clocks(offices, plain.item_id)
    await give(offices, case_id)
    for one in (plain, named):
        told = await standing(intake, one.receipt)
        assert [(message.kind, message.text) for message in told.thread] == [("answer", TOLD)]
        ended = await clocks(offices, one.item_id)
        assert all(each.done_on for kind in ended for each in ended[kind])
    opened_case = await offices.read(offices.clerk, case_id)
    assert opened_case.thread[-1].step == proceedings.STEPS["feedback"](TOLD)  # type: ignore[call-arg]
    async with offices.desk.database.transaction(write=False) as session:
        assert len((await session.scalars(select(Delivery.id))).all()) == 1


async def test_the_three_months_count_from_the_day_of_receipt_and_do_not_wait_for_the_end(
    intake: App, offices: Offices
) -> None:
    case_id = await verifying(offices, intake)
    mine = await joined(offices, intake, case_id)
    first = (await clocks(offices, mine.item_id))["feedback"]
    assert [(each.begun_on, each.done_on) for each in first] == [(offices.desk.clock.today(), None)]
    assert first[0].due_on is not None
    assert (first[0].due_on.year * 12 + first[0].due_on.month) - (
        first[0].begun_on.year * 12 + first[0].begun_on.month
    ) == 3
    await give(offices, case_id, "您反映的事正在核实，还需要一些时间。")
    assert (await clocks(offices, mine.item_id))["feedback"][0].done_on is not None
    await _to_its_end(offices, case_id)
    assert [each.done_on is None for each in (await clocks(offices, mine.item_id))["feedback"]] == [False, True]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("已对公冶望舒作了处理。", "feedback_names_person"),
        ("已对公 冶 望 舒作了处理。", "feedback_names_person"),
        ("已给予诫勉。", "feedback_tells_too_much"),
        ("  ", "text_missing"),
        ("长" * 5001, "text_too_long"),
    ],
)
async def test_a_feedback_says_nothing_of_who_it_is_and_what_became_of_them(
    intake: App, offices: Offices, text: str, code: str
) -> None:
    case_id = await verifying(offices, intake)
    with pytest.raises(Invalid, match=code):
        await give(offices, case_id, text)


async def test_a_feedback_is_given_by_who_works_on_the_case_and_not_before_anybody_does(
    intake: App, desk: App, offices: Offices
) -> None:
    case_id = await opened(offices, intake)
    with pytest.raises(Conflict, match="feedback_too_early"):
        await give(offices, case_id)
    other = await a_colleague(desk, "intake_clerk", "leading_group_office")
    for staff in (offices.supervisor, other):
        with pytest.raises(Denied):
            await offices.do(staff, lambda work: proceedings.give_feedback(work, case_id, TOLD))


async def _to_verification(offices: Offices, case_id: UUID) -> None:
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(
        offices.supervisor, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc)
    )
    for officer in (offices.org, offices.disc):
        await offices.do(officer, lambda work: proceedings.declare(work, case_id, relation="none"))
    await offices.do(offices.supervisor, lambda work: proceedings.assign(work, case_id))


async def _to_its_end(offices: Offices, case_id: UUID) -> None:
    """Verify a case that was opened, with a finding that nothing is established, and close it."""
    if (await offices.summary(case_id)).state == "opened":
        await _to_verification(offices, case_id)

    async def draft(work: Work) -> UUID:
        told = {"facts": "经过", "explanation": "逐条答复", "exculpatory": "无"}
        return (await proceedings.draft_finding(work, case_id, finding="not_established", **told)).id

    entry_id = await offices.do(offices.org, draft)
    await offices.do(offices.disc, lambda work: proceedings.sign_finding(work, case_id, entry_id))
    await offices.do(
        offices.org, lambda work: proceedings.close_unproven(work, case_id, reason="查无实据", clarification=False)
    )


async def _hear(offices: Offices, case_id: UUID, person_id: UUID) -> None:
    """Give a member of the leading group their part in a case, as a meeting does."""

    async def join(work: Work) -> None:
        case = await work.session.get_one(tables.CaseFile, case_id)
        await members.join(work, case, person_id, members.Part.HEARING, await members.case_key(work, case))

    await offices.do(offices.supervisor, join)
