"""Minutes of a held meeting, for those who may read every case that it heard."""

from uuid import UUID, uuid4

import pytest

from core import audit, documents
from core.app import App
from core.cases import proceedings
from core.documents import WrittenMinutes
from core.errors import Conflict, Denied, NotFound
from core.sealing import Escrow
from core.work import Staff, Work
from tests.core.cases.offices import REASON, Offices, a_decision, analysed, called, the_offices
from tests.core.documents.papers import text_of


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def taken(offices: Offices, staff: Staff, meeting_id: UUID) -> WrittenMinutes:
    async def take(work: Work) -> WrittenMinutes:
        opening = await proceedings.begin_reading_minutes(work, meeting_id, REASON)
        return await documents.minutes(work, meeting_id, opening_id=opening.id)

    return await offices.do(staff, take)


async def held(offices: Offices, case_id: UUID, *, absent: int = 0, **changes: object) -> UUID:
    meeting_id = await called(offices, case_id, "department_meeting")
    await decide(offices, meeting_id, case_id, absent=absent, **changes)
    return meeting_id


async def decide(offices: Offices, meeting_id: UUID, case_id: UUID, *, absent: int = 0, **changes: object) -> None:
    there = offices.department[: len(offices.department) - absent]
    present = frozenset(one.person_id for one in there)
    decisions = [a_decision(case_id, **{"votes_for": len(there), **changes})]
    await offices.do(
        there[0], lambda work: proceedings.hold_meeting(work, meeting_id, present=present, decisions=decisions)
    )


async def test_minutes_tell_agenda_presence_votes_recommendation_and_reasons(intake: App, offices: Offices) -> None:
    case_id = await analysed(offices, intake)
    reasons = "事实清楚 & 情节轻微。\n同意谈话提醒。"
    meeting_id = await held(offices, case_id, absent=1, reasons=reasons)
    written = [await taken(offices, reader, meeting_id) for reader in (offices.department[0], offices.supervisor)]
    assert written[0].as_docx() == written[1].as_docx()  # two of the same name, in the same minute
    found = text_of(written[0].as_docx())
    assert found[:3] == ["部长办公会纪要", "云组纪〔2026〕1号", "某单位\t2026年9月30日"]
    for said in (
        "关于审议1件案件的会议纪要",
        "应到3人，实到2人",
        "1．2026年第1号案件：公冶望舒（副主任）",
        "上班时间在茶水间打扑克",
        "回避：无",
        "参加表决2人，同意2票，反对0票，弃权0票",
        "会议意见：谈话；形式：谈话提醒。",
        f"理由：\n{reasons}",
        "出席：澹台听雨、澹台听雨\n请假：澹台听雨",
    ):
        assert said in "\n".join(found)


async def test_whoever_stepped_aside_in_a_case_is_named_and_reads_nothing_of_it(intake: App, offices: Offices) -> None:
    case_id = await analysed(offices, intake)
    aside = offices.department[2]
    meeting_id = await held(offices, case_id, votes_for=2, recused=frozenset({aside.person_id}))
    assert "回避：澹台听雨" in text_of((await taken(offices, offices.department[0], meeting_id)).as_docx())
    with pytest.raises(Denied, match="recused"):
        await taken(offices, aside, meeting_id)


async def test_minutes_take_a_held_meeting_a_reason_and_a_seat_and_leave_a_record(
    intake: App, offices: Offices
) -> None:
    case_id = await analysed(offices, intake)
    meeting_id = await called(offices, case_id, "department_meeting")
    with pytest.raises(Conflict, match="meeting_not_held"):
        await taken(offices, offices.department[0], meeting_id)
    await decide(offices, meeting_id, case_id)
    with pytest.raises(Denied, match="reason_needed"):
        await offices.do(offices.supervisor, lambda work: documents.minutes(work, meeting_id, opening_id=uuid4()))
    with pytest.raises(NotFound):
        await taken(offices, offices.group[0], meeting_id)
    await taken(offices, offices.supervisor, meeting_id)
    async with offices.desk.work(offices.supervisor, "console") as work:
        found = {each.action for each in await audit.entries(work, subject_id=str(meeting_id))}
    assert found >= {f"console:meeting:{action}" for action in ("opened", "minutes_read", "minutes_exported")}
