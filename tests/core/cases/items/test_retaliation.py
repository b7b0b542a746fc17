"""A reporter who is made to suffer complains to the discipline commission, under the receipt that they have."""

from uuid import UUID

import pytest
from sqlalchemy import select

from core import access
from core.app import App, cases
from core.audit.tables import Entry
from core.cases.items.tables import Item
from core.errors import Denied, Invalid, NotFound
from core.sealing import Escrow, Receipt
from core.work import Reporter, Staff, System
from tests.builders import a_clerk
from tests.core.cases.builders import a_file, submitted

WORDS = "反映以后第三天，我被调离了窗口。"


@pytest.fixture
async def office(desk: App, escrow: Escrow) -> Staff:
    return await (await a_clerk(desk, escrow=escrow)).staff(desk)


@pytest.fixture
async def commission(desk: App, escrow: Escrow) -> Staff:
    return await (await a_clerk(desk, "discipline_commission", escrow=escrow)).staff(desk)


async def complain(intake: App, receipt: Receipt, text: str = WORDS, language: str = "zh_CN") -> None:
    async with intake.work(Reporter(), "web") as work:
        await cases.complain(work, receipt, text, language=language)


async def standing(intake: App, receipt: Receipt) -> cases.Standing:
    async with intake.work(Reporter(), "web", write=False) as work:
        return await cases.standing(work, receipt)


async def items(intake: App) -> dict[str, list[Item]]:
    """Every item by its channel."""
    async with intake.database.transaction(write=False) as session:
        rows = (await session.scalars(select(Item))).all()
    return {channel: [row for row in rows if row.channel == channel] for channel in {row.channel for row in rows}}


async def read(desk: App, staff: Staff, item_id: UUID) -> cases.OpenedItem:
    async with desk.work(staff, "console") as work:
        opening = await access.begin_opening(work, item_id, "初次阅看，提出办理意见")
        return await cases.open_item(work, item_id, opening_id=opening.id)


async def test_the_commission_reads_it_with_the_id_of_the_report_and_the_office_cannot(
    intake: App, desk: App, office: Staff, commission: Staff
) -> None:
    made, file = await submitted(intake), await a_file(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.complain(work, made.receipt, WORDS, (file,), language="zh_CN")
    item = (await items(intake))["retaliation"][0]
    assert item.body == "discipline_commission"
    opened = await read(desk, commission, item.id)
    assert opened.content.answers == {"facts": WORDS, "first_item": str(made.item_id)}
    assert [line.label for line in opened.content.summary] == ["因反映受到打击报复的情况", "原来那份反映的编号"]
    assert [view.name for view in opened.attachments] == ["notice.pdf"]
    with pytest.raises((Denied, NotFound)):
        await read(desk, office, item.id)


async def test_nothing_in_clear_says_to_which_report_a_complaint_belongs(intake: App) -> None:
    made = await submitted(intake)
    await complain(intake, made.receipt)
    found = await items(intake)
    first, second = found["web"][0], found["retaliation"][0]
    kept = ("id", "receipt_hash", "reporter_public_key", "reporter_verify_key", "public_key", "envelope", "signature")
    assert not {getattr(first, name) for name in kept} & {getattr(second, name) for name in kept}
    assert first.id.bytes not in (second.envelope or b"")
    async with intake.database.transaction(write=False) as session:
        trail = (await session.scalars(select(Entry))).all()
    about = {(each.action, str(each.subject_id)) for each in trail if each.action.startswith("web:")}
    assert about == {("web:item:received", str(first.id)), ("web:item:received", str(second.id))}


async def test_it_is_read_and_answered_under_the_receipt_of_the_report_and_apart_from_it(
    intake: App, desk: App, office: Staff, commission: Staff
) -> None:
    made = await submitted(intake)
    await complain(intake, made.receipt)
    item = (await items(intake))["retaliation"][0]
    async with desk.work(office, "console") as work:
        await cases.answer(work, made.item_id, "办公室的答复")
    async with desk.work(commission, "console") as work:
        await cases.ask_back(work, item.id, "是哪一天通知您的？")
    await complain(intake, made.receipt, "是九月三日。")
    told = await standing(intake, made.receipt)
    assert [message.text for message in told.thread] == ["办公室的答复"]
    (complaint,) = told.complaints
    assert (complaint.body, complaint.state) == ("discipline_commission", "acknowledged")
    assert [(one.kind, one.text) for one in complaint.thread] == [("question", "是哪一天通知您的？"), ("facts", None)]
    assert [entry.text for entry in (await read(desk, commission, item.id)).thread] == [
        "是哪一天通知您的？",
        "是九月三日。",
    ]


@pytest.mark.parametrize("kind", ["section_official", "organisation_department_staff", "office_director"])
async def test_it_goes_to_the_commission_whatever_the_report_was_about(intake: App, kind: str) -> None:
    made = await submitted(intake, subject_kind=kind)
    await complain(intake, made.receipt)
    assert [row.body for row in (await items(intake))["retaliation"]] == ["discipline_commission"]


async def test_a_report_that_was_withdrawn_does_not_silence_its_reporter(intake: App, worker: App) -> None:
    made = await submitted(intake)
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, made.receipt)
    async with worker.work(System("worker"), "worker") as work:
        await cases.carry_out_withdrawals(work)
    await complain(intake, made.receipt, language="en")
    told = await standing(intake, made.receipt)
    assert (told.state, [one.state for one in told.complaints]) == ("withdrawn", ["acknowledged"])


async def test_a_complaint_that_is_over_makes_room_for_another(intake: App, worker: App) -> None:
    made = await submitted(intake)
    await complain(intake, made.receipt)
    async with intake.work(Reporter(), "web") as work:
        await cases.withdraw(work, made.receipt.beside("retaliation 1"))
    async with worker.work(System("worker"), "worker") as work:
        await cases.carry_out_withdrawals(work)
    await complain(intake, made.receipt)
    told = await standing(intake, made.receipt)
    assert [one.state for one in told.complaints] == ["withdrawn", "acknowledged"]
    assert told.state == "acknowledged"


async def test_it_takes_words_and_a_receipt_of_ours(intake: App) -> None:
    made = await submitted(intake)
    for text, code in (("  ", "facts_empty"), ("长" * 10_001, "facts_too_long")):
        with pytest.raises(Invalid, match=code):
            await complain(intake, made.receipt, text)
    with pytest.raises(NotFound, match="receipt_unknown"):
        await complain(intake, Receipt.new())
    assert "retaliation" not in await items(intake)
