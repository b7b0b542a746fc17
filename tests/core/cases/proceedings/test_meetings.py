"""Meetings that are moved, called off, or put a case off: nothing is stuck, and nobody keeps a case for nothing."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import false

from core.app import App, access
from core.cases import proceedings
from core.cases.proceedings import DEFERRED, Decision, calling, members
from core.cases.proceedings.steps import Deferred, Heard
from core.cases.proceedings.thread import lock_case
from core.errors import Conflict, Denied, Invalid, NotFound
from core.sealing import Escrow
from core.work import Work
from tests.core.cases.offices import REASON, Offices, a_decision, analysed, called, heard, the_offices

DEPARTMENT = "department_meeting"
OFF = "参会人员出差，另行安排"


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def call_off(offices: Offices, meeting_id: UUID, reason: str = OFF) -> None:
    await offices.do(offices.supervisor, lambda work: proceedings.call_meeting_off(work, meeting_id, reason=reason))


async def to_call(offices: Offices) -> set[UUID]:
    """Return the cases for which my day asks the supervisor to call a meeting."""
    found = await offices.do(offices.supervisor, proceedings.waiting)
    return {one.id for one in found if one.what == "call"}


async def record(offices: Offices, meeting_id: UUID, decisions: Sequence[Decision], *, came: int = 3) -> None:
    present = frozenset(one.person_id for one in offices.department[:came])
    await offices.do(
        offices.department[0],
        lambda work: proceedings.hold_meeting(work, meeting_id, present=present, decisions=decisions),
    )


def deferred(case_id: UUID, **changes: object) -> Decision:
    votes = {"votes_for": 0, "votes_against": 0, "abstained": 0}
    return a_decision(case_id, **{**votes, "recommendation": DEFERRED, "form": "", "reasons": "材料不全", **changes})


async def test_a_case_is_on_one_agenda_at_a_time(offices: Offices, intake: App) -> None:
    case_id = await analysed(offices, intake)
    assert await to_call(offices) == {case_id}
    first = await called(offices, case_id, DEPARTMENT)
    assert await to_call(offices) == set()
    with pytest.raises(Conflict, match="on_another_agenda"):
        await called(offices, case_id, DEPARTMENT)
    await call_off(offices, first)
    assert await to_call(offices) == {case_id}
    await heard(offices, case_id, DEPARTMENT)
    assert (await offices.summary(case_id)).state == "department_meeting_done"


async def test_whoever_had_a_case_for_a_meeting_that_is_called_off_has_it_no_more(
    offices: Offices, intake: App
) -> None:
    case_id = await analysed(offices, intake)
    meeting_id = await called(offices, case_id, DEPARTMENT)
    assert (await offices.read(offices.department[0], case_id)).summary.id == case_id
    await call_off(offices, meeting_id)
    with pytest.raises(NotFound, match="case_not_found"):
        await offices.read(offices.department[0], case_id)
    sealed = await offices.do(offices.supervisor, lambda work: access.people_with_seal(work, "case", case_id))
    assert not sealed & {one.person_id for one in offices.department}
    assert {offices.supervisor.person_id, offices.org.person_id, offices.disc.person_id} <= sealed


async def test_members_who_heard_a_case_before_keep_it_when_a_later_meeting_is_called_off(
    offices: Offices, intake: App
) -> None:
    case_id = await analysed(offices, intake)
    await record(offices, await called(offices, case_id, DEPARTMENT), [deferred(case_id)])
    offices.desk.clock.move(timedelta(days=1))
    await call_off(offices, await called(offices, case_id, DEPARTMENT))
    assert (await offices.read(offices.department[0], case_id)).summary.state == "analysed"


async def test_a_case_that_is_put_off_waits_for_another_meeting_and_the_others_go_on(
    offices: Offices, intake: App
) -> None:
    ripe, unripe = await analysed(offices, intake), await analysed(offices, intake)
    meeting_id = await called(offices, ripe, DEPARTMENT, unripe)
    await record(offices, meeting_id, [a_decision(ripe), deferred(unripe)])
    states = [(await offices.summary(each)).state for each in (ripe, unripe)]
    assert states == ["department_meeting_done", "analysed"]
    assert unripe in await to_call(offices)
    assert await offices.do(offices.department[0], proceedings.meetings_to_hold) == []

    async def minutes(work: Work) -> proceedings.Minutes:
        opening = await proceedings.begin_reading_minutes(work, meeting_id, REASON)
        return await proceedings.read_minutes(work, meeting_id, opening_id=opening.id)

    told = [matter.heard for matter in (await offices.do(offices.department[0], minutes)).matters]
    assert [type(each) for each in told] == [Heard, Deferred]
    assert told[1].reasons == "材料不全"
    await heard(offices, unripe, DEPARTMENT)
    assert (await offices.summary(unripe)).state == "department_meeting_done"


async def test_a_case_is_put_off_by_a_meeting_that_has_its_quorum_and_never_by_vote(
    offices: Offices, intake: App
) -> None:
    case_id = await analysed(offices, intake)
    meeting_id = await called(offices, case_id, DEPARTMENT)
    with pytest.raises(Invalid, match="deferred_by_vote"):
        await record(offices, meeting_id, [deferred(case_id, votes_for=3)])
    with pytest.raises(Conflict, match="no_quorum"):
        await record(offices, meeting_id, [deferred(case_id)], came=1)
    aside = frozenset({offices.department[1].person_id})
    with pytest.raises(Conflict, match="no_quorum"):  # of the two who may take part one came
        await record(offices, meeting_id, [a_decision(case_id, votes_for=0, recused=aside)], came=2)
    await record(offices, meeting_id, [deferred(case_id, recused=aside)], came=2)
    assert (await offices.summary(case_id)).state == "analysed"


async def test_a_case_that_is_referred_leaves_the_agenda_and_the_meeting_goes_on(offices: Offices, intake: App) -> None:
    goes, stays = await analysed(offices, intake), await analysed(offices, intake)
    meeting_id = await called(offices, goes, DEPARTMENT, stays)
    made = await offices.do(offices.supervisor, lambda work: proceedings.refer(work, goes, reason="新的事实，涉嫌违纪"))
    await offices.do(offices.receiver, lambda work: proceedings.accept_referral(work, goes, made.id))
    with pytest.raises(NotFound, match="case_not_found"):
        await offices.read(offices.department[0], goes)
    found = await offices.do(offices.department[0], lambda work: proceedings.meeting(work, meeting_id))
    assert found.case_ids == [stays]
    await record(offices, meeting_id, [a_decision(stays)])
    assert [(await offices.summary(each)).state for each in (goes, stays)] == [
        "referred_discipline",
        "department_meeting_done",
    ]


async def test_whoever_stepped_aside_in_a_case_neither_moves_nor_calls_off_its_meeting(
    offices: Offices, intake: App
) -> None:
    case_id = await analysed(offices, intake)
    meeting_id = await called(offices, case_id, DEPARTMENT)

    async def step_aside(work: Work) -> None:
        case = await lock_case(work, case_id)
        await members.leave(work, case, offices.supervisor.person_id, declared=members.RECUSED)

    await offices.do(offices.org, step_aside)
    with pytest.raises(Denied, match="recused"):
        await call_off(offices, meeting_id)
    with pytest.raises(Denied, match="recused"):
        await offices.do(
            offices.supervisor, lambda work: proceedings.move_meeting(work, meeting_id, work.clock.today())
        )


async def test_a_meeting_that_was_never_held_is_called_off_without_a_loss_to_those_who_heard_its_case_at_another(
    offices: Offices, intake: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await analysed(offices, intake)
    forgotten = await called(offices, case_id, DEPARTMENT)
    with monkeypatch.context() as before:  # as in a home in which a case could be on two agendas
        before.setattr(calling, "ON_AN_AGENDA", calling.ON_AN_AGENDA.where(false()))
        await heard(offices, case_id, DEPARTMENT)
    await call_off(offices, forgotten)
    assert (await offices.read(offices.department[0], case_id)).summary.state == "department_meeting_done"
    await heard(offices, case_id, "leading_group_meeting")


async def test_a_meeting_is_moved_to_a_day_to_come_by_who_calls_it(offices: Offices, intake: App) -> None:
    meeting_id = await called(offices, await analysed(offices, intake), DEPARTMENT)
    today = offices.desk.clock.today()

    async def move(staff: object, days: int) -> None:
        await offices.do(
            staff,  # type: ignore[arg-type]
            lambda work: proceedings.move_meeting(work, meeting_id, today + timedelta(days)),
        )

    await move(offices.supervisor, 3)
    (found,) = await offices.do(offices.department[0], proceedings.meetings_to_hold)
    assert found.held_on == today + timedelta(3)
    with pytest.raises(Invalid, match="date_in_the_past"):
        await move(offices.supervisor, -1)
    for other in (offices.department[0], offices.clerk):
        with pytest.raises(Denied, match="not_permitted"):
            await move(other, 1)


async def test_what_is_held_or_called_off_stays_so(offices: Offices, intake: App) -> None:
    case_id = await analysed(offices, intake)
    off = await called(offices, case_id, DEPARTMENT)
    with pytest.raises(Invalid, match="reason_too_short"):
        await call_off(offices, off, "因故")
    await call_off(offices, off)
    held = await called(offices, case_id, DEPARTMENT)
    await record(offices, held, [a_decision(case_id)])
    for meeting_id, code in ((off, "meeting_called_off"), (held, "meeting_held")):
        with pytest.raises(Conflict, match=code):
            await call_off(offices, meeting_id)
        with pytest.raises(Conflict, match=code):
            await record(offices, meeting_id, [a_decision(case_id)])
