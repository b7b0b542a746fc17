"""The letter of inquiry: numbered when it is signed, made again the same, and without a trace of who reported."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from core import audit, documents
from core.app import App
from core.cases import proceedings
from core.documents import Letter
from core.errors import Denied, NotFound
from core.sealing import Escrow
from core.work import Staff, Work
from tests.conftest import FixedClock
from tests.core.cases.offices import REASON, Offices, the_offices, verifying
from tests.core.documents.papers import opened, text_of

SUBSTANCE = "据反映，三月二日上午你在 <茶水间> & 走廊打扑克。\n请说明当日的工作安排。"


@pytest.fixture
async def offices(desk: App, escrow: Escrow) -> Offices:
    return await the_offices(desk, escrow)


async def signed(offices: Offices, intake: App, substance: str = SUBSTANCE) -> UUID:
    case_id = await verifying(offices, intake)
    await sign(offices, case_id, substance)
    return case_id


async def sign(offices: Offices, case_id: UUID, substance: str = SUBSTANCE) -> None:
    draft = await offices.do(offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance=substance))
    await offices.do(offices.disc, lambda work: proceedings.sign_inquiry(work, case_id, draft.id))


async def taken(offices: Offices, staff: Staff, case_id: UUID, entry_id: UUID | None = None) -> Letter:
    async def take(work: Work) -> Letter:
        opening = await proceedings.begin_reading(work, case_id, REASON)
        return await documents.inquiry(work, case_id, opening_id=opening.id, entry_id=entry_id)

    return await offices.do(staff, take)


async def test_a_signed_inquiry_asks_neutrally_by_a_civil_date_and_has_nothing_of_the_report(
    intake: App, offices: Offices
) -> None:
    case_id = await signed(offices, intake)
    content = (await taken(offices, offices.org, case_id)).as_docx()
    found = text_of(content)
    assert found[:4] == [
        "云组函〔2026〕1号",
        "函询通知书",
        "公冶望舒同志：",
        "收到关于你在“敬业实绩”方面的反映，主要内容是：",
    ]
    assert found[4:6] == SUBSTANCE.split("\n")
    assert "请于2026年10月27日前（含当日）" in found[7]
    assert "不视为承认" in "".join(found)
    assert "不是结论" in found[6]
    assert found[-2:] == ["某单位", "2026年9月30日"]
    assert opened(content).sections[0].first_page_header.paragraphs[0].text == "某单位"
    for word in ("三楼茶水间有人打扑克", "举报", "匿名", "web", "own_observation"):
        assert word not in "".join(found)


async def test_a_letter_is_numbered_once_however_often_and_by_whom_it_is_taken(
    intake: App, offices: Offices, clock: FixedClock
) -> None:
    first, second = await signed(offices, intake), await signed(offices, intake)
    letters = [await taken(offices, staff, first) for staff in (offices.org, offices.disc, offices.supervisor)]
    clock.move(timedelta(days=400))
    letters.append(await taken(offices, offices.org, first))
    assert len({replace(letter, taken_out="").as_docx() for letter in letters}) == 1
    assert [letter.taken_out for letter in letters[::3]] == [
        "澹台听雨于2026-09-30 12:00取出",
        "澹台听雨于2027-11-04 12:00取出",
    ]
    assert letters[0].number == "云组函〔2026〕1号"
    assert (await taken(offices, offices.org, second)).number == "云组函〔2026〕2号"
    assert (await offices.summary(first)).version == 8  # signed and issued are the last of its steps


async def test_a_second_inquiry_has_a_number_of_its_own_and_the_first_can_still_be_taken_out(
    intake: App, offices: Offices
) -> None:
    case_id = await signed(offices, intake)
    today = offices.desk.clock.today()
    await offices.do(offices.org, lambda work: proceedings.take_reply(work, case_id, text="在值班", received_on=today))
    await sign(offices, case_id, "请补充当日值班安排")
    letter = await taken(offices, offices.org, case_id)
    assert (letter.number, letter.paragraphs[1]) == ("云组函〔2026〕2号", "请补充当日值班安排")
    thread = (await offices.read(offices.org, case_id)).thread
    first, _ = [each.id for each in thread if each.step.kind == "issued"]
    letter = await taken(offices, offices.org, case_id, first)
    assert (letter.number, letter.paragraphs[1]) == ("云组函〔2026〕1号", SUBSTANCE.partition("\n")[0])
    with pytest.raises(NotFound, match="inquiry_not_issued"):
        await taken(offices, offices.org, case_id, thread[0].id)


async def test_without_a_year_of_the_work_calendar_the_period_is_told_in_working_days(
    intake: App, offices: Offices, clock: FixedClock
) -> None:
    clock.move(timedelta(days=85))
    letter = await taken(offices, offices.org, await signed(offices, intake))
    assert any("15个工作日内" in line for line in letter.paragraphs)


async def test_a_draft_that_nobody_signed_is_no_letter(intake: App, offices: Offices) -> None:
    case_id = await verifying(offices, intake)
    await offices.do(offices.org, lambda work: proceedings.draft_inquiry(work, case_id, substance="经过"))
    with pytest.raises(NotFound, match="inquiry_not_issued"):
        await taken(offices, offices.org, case_id)


async def test_a_letter_takes_a_reason_and_a_part_and_leaves_a_record(intake: App, offices: Offices) -> None:
    case_id = await signed(offices, intake)
    with pytest.raises(Denied, match="reason_needed"):
        await offices.do(offices.org, lambda work: documents.inquiry(work, case_id, opening_id=uuid4()))
    with pytest.raises(NotFound):
        await taken(offices, offices.group[0], case_id)
    await taken(offices, offices.org, case_id)
    async with offices.desk.work(offices.org, "console") as work:
        found = [each.action for each in await audit.entries(work, subject_id=str(case_id))]
    assert [found.count(f"console:case:{action}") for action in ("read", "inquiry_exported")] == [1, 1]
