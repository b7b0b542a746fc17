"""Whatever anybody asks for, in whatever order: a case goes only where the table leads; a refusal changes nothing."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.app import App
from core.cases import proceedings
from core.cases.proceedings import CaseSummary
from core.cases.rules.lifecycle import TRANSITIONS, events, may
from core.errors import JingshiError
from core.sealing import Escrow
from core.work import Staff, Work
from tests.core.cases.offices import (
    FEEDBACK,
    Offices,
    a_classification,
    a_decision,
    analysed,
    called,
    confirmed,
    opened,
    the_offices,
    verified,
)

Act = Callable[[Offices, Staff, UUID, str], Awaitable[object]]


async def _assign(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
    org, disc = offices.org.person_id, offices.disc.person_id
    await offices.do(staff, lambda work: proceedings.nominate(work, case_id, officer_org=org, officer_disc=disc))
    for officer in (offices.org, offices.disc):
        await offices.do(officer, lambda work: proceedings.declare(work, case_id, relation="none"))
    await offices.do(staff, lambda work: proceedings.assign(work, case_id))


async def _inquire(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
    made = await offices.do(
        offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="请说明有关情况")
    )
    await offices.do(staff, lambda work: proceedings.sign_inquiry(work, case_id, made.id))


async def _find(offices: Offices, staff: Staff, case_id: UUID, finding: str) -> None:
    async def draft(work: Work) -> UUID:
        await proceedings.add_evidence(work, case_id, text="登记表", source="document", exculpatory=False)
        told = {"facts": "经过", "explanation": "已答复", "exculpatory": "无影响"}
        return (await proceedings.draft_finding(work, case_id, finding=finding, **told)).id

    entry_id = await offices.do(offices.org, draft)
    await offices.do(staff, lambda work: proceedings.sign_finding(work, case_id, entry_id))


async def _refer(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
    made = await offices.do(offices.supervisor, lambda work: proceedings.refer(work, case_id, reason="已达处分程度"))
    await offices.do(staff, lambda work: proceedings.accept_referral(work, case_id, made.id))


def _meet(kind: str) -> Act:
    async def meet(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
        meeting_id = await called(offices, case_id, kind)
        members = offices.department if kind == "department_meeting" else offices.group
        present = frozenset(one.person_id for one in members)
        decisions = [a_decision(case_id)]
        await offices.do(
            staff, lambda work: proceedings.hold_meeting(work, meeting_id, present=present, decisions=decisions)
        )

    return meet


async def _malice(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
    made = await offices.do(
        offices.org,
        lambda work: proceedings.propose_malicious(
            work, case_id, reason="捏造事实", approval_document="河清纪〔2026〕3号"
        ),
    )
    await offices.do(staff, lambda work: proceedings.sign_malicious(work, case_id, made.id))


async def _put_away(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
    await offices.do(offices.clerk, lambda work: proceedings.give_feedback(work, case_id, FEEDBACK))
    await offices.do(staff, lambda work: proceedings.put_away(work, case_id, reason="封存"))


def _one(verb: Callable[[Work, UUID], Awaitable[object]]) -> Act:
    async def act(offices: Offices, staff: Staff, case_id: UUID, _finding: str) -> None:
        await offices.do(staff, lambda work: verb(work, case_id))

    return act


ACTS: dict[str, Act] = {
    "T8": _assign,
    "T9": _inquire,
    "T10": _one(
        lambda work, case_id: proceedings.take_reply(work, case_id, text="说明", received_on=work.clock.today())
    ),
    "T11": _find,
    "T12": _refer,
    "T13": _one(lambda work, case_id: proceedings.classify(work, case_id, a_classification())),
    "T14": _one(lambda work, case_id: proceedings.analyse(work, case_id, "分析意见")),
    "T15": _meet("department_meeting"),
    "T16": _meet("leading_group_meeting"),
    "T16c": _one(lambda work, case_id: proceedings.confirm(work, case_id, text="同意")),
    "T20n": _one(lambda work, case_id: proceedings.close_unproven(work, case_id, reason="无据", clarification=False)),
    "T21": _one(lambda work, case_id: proceedings.reopen(work, case_id, new_evidence="新的证据")),
    "T22": _one(lambda work, case_id: proceedings.conclude(work, case_id, how="minor_advice", reasons="批评教育")),
    "T23": _one(lambda work, case_id: proceedings.hold(work, case_id, reason="暂存待查")),
    "T23b": _one(lambda work, case_id: proceedings.resume(work, case_id, reason="恢复核实")),
    "T24": _put_away,
    "T25": _malice,
}
"""What each transition takes; acts that lead to several of them stand under the first."""

_SAME = {"T28": "T12", "T20u": "T20n", "T27": "T24"}
_HANDS = {
    "T8": "supervisor", "T9": "disc", "T10": "org", "T11": "disc", "T12": "receiver", "T13": "org", "T14": "supervisor",
    "T15": "department", "T16": "group", "T16c": "group", "T20n": "org", "T21": "group", "T22": "group",
    "T23": "supervisor", "T23b": "supervisor", "T24": "clerk", "T25": "disc",
}  # fmt: skip


_NOW_AND_THEN = st.integers(0, 7)


def _people(offices: Offices) -> dict[str, Staff]:
    return {
        "clerk": offices.clerk,
        "supervisor": offices.supervisor,
        "org": offices.org,
        "disc": offices.disc,
        "department": offices.department[0],
        "group": offices.group[0],
        "receiver": offices.receiver,
    }


def _is_a_step(before: CaseSummary, after: CaseSummary) -> bool:
    """Whether the table leads from one state to the other, by one step or by the few that an act takes."""
    reached, passed = {before.state}, set[str]()
    for _ in range(3):
        reached |= {row.target for row in TRANSITIONS.values() if row.sources & reached}
        passed |= reached
    return after.state in passed


async def _check_confirmed(offices: Offices, case_id: UUID) -> None:
    """I1, I3: two signatures and both meetings since it was last taken up, and no drafter signed their own work."""
    thread = (await offices.read(offices.supervisor, case_id)).thread
    kinds = [entry.step.kind for entry in thread]
    since = max((place for place, kind in enumerate(kinds) if kind == "reopened"), default=0)
    assert kinds[since:].count("heard") >= 2
    by_id = {str(entry.id): entry for entry in thread}
    signatures = [entry for entry in thread[since:] if entry.step.kind == "signed"]
    assert signatures
    for entry in signatures:
        drafted = by_id[entry.step.entry_id]  # type: ignore[attr-defined]
        assert drafted.author_id != entry.author_id


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
async def test_a_case_goes_only_where_the_table_leads(intake: App, offices: Offices, data: st.DataObject) -> None:
    begin = data.draw(st.sampled_from([opened, verified, analysed, confirmed]))
    case_id, people = await begin(offices, intake), _people(offices)
    for _ in range(14):
        before = await offices.summary(case_id)
        sensible = sorted({_SAME.get(name, name) for name in events(before.state)} & ACTS.keys())
        is_sensible = bool(sensible) and data.draw(_NOW_AND_THEN) != 0
        name = data.draw(st.sampled_from(sensible if is_sensible else sorted(ACTS)))
        hand = _HANDS[name] if data.draw(_NOW_AND_THEN) != 0 else data.draw(st.sampled_from(sorted(people)))
        finding = data.draw(
            st.sampled_from(["substantiated", "partly", "substantiated", "unfounded", "not_established"])
        )
        try:
            await ACTS[name](offices, people[hand], case_id, finding)
        except JingshiError:
            after = await offices.summary(case_id)
            assert after.state == before.state
            continue
        after = await offices.summary(case_id)
        led = [name, *(other for other, same in _SAME.items() if same == name)]
        assert any(may(before.state, one) for one in led) or name == "T10"
        assert hand == _HANDS[name] or (name, hand) in {
            ("T12", "disc"),
            ("T10", "disc"),
            ("T13", "disc"),
            ("T20n", "disc"),
        }
        assert _is_a_step(before, after)
        if after.state == "confirmed":
            await _check_confirmed(offices, case_id)
