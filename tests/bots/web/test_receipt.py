"""Coming back with the receipt: read, add, withdraw; and what happens to wrong receipts."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from core import cases
from core.app import App
from core.attachments.tables import Attachment
from core.cases.items.stages import set_stage
from core.cases.items.tables import Fact, Item
from core.cases.rules.stages import Stage
from core.sealing import Escrow, Receipt
from core.work import Staff, System
from tests.bots.web import walks
from tests.bots.web.person import Person
from tests.builders import a_clerk
from tests.conftest import FixedClock

NOTICE = ("notice.pdf", b"%PDF-1.7 notice", "application/pdf")


@pytest.fixture
async def receipt(somebody: Person) -> str:
    await somebody.send("/report/whole", {**walks.WHOLE, "confirm": "1"})
    return walks.receipt_on(somebody)


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Staff:
    return await (await a_clerk(desk, escrow=escrow)).staff(desk)


async def look(person: Person, code: str) -> None:
    await person.open("/receipt")
    await person.press(to="/receipt", receipt=code)


def changed(code: str, place: int) -> str:
    """Return the code with one character replaced by another of the alphabet."""
    return code[:place] + ("7" if code[place] != "7" else "8") + code[place + 1 :]


async def test_the_holder_reads_how_it_stands_and_every_answer_without_a_cookie(
    somebody_else: Person, receipt: str, intake: App, desk: App, clerk: Staff
) -> None:
    item = (await walks.rows(intake, Item))[0]
    async with desk.work(clerk, "console") as work:
        await cases.answer(work, item.id, "已经登记，<b>正在核实</b>。")
        await cases.ask_back(work, item.id, "是哪一天？")
    await look(somebody_else, receipt.lower().replace("-", " "))
    assert "有一个问题想请您补充" in somebody_else.text
    assert "2026年9月30日收到，由区领导小组办公室受理" in somebody_else.text
    assert "已经登记，<b>正在核实</b>。" in somebody_else.text
    assert somebody_else.text.index("答复") < somebody_else.text.index("是哪一天？")
    assert "set-cookie" not in somebody_else.answer.headers


async def test_the_receipt_stays_out_of_every_address(somebody: Person, receipt: str) -> None:
    await look(somebody, receipt)
    plain = receipt.replace("-", "")
    assert somebody.answer.url.path == "/receipt"
    assert not somebody.answer.url.query
    places = [*somebody.reading.links, *(form.action for form in somebody.reading.forms)]
    assert not any(plain in place or receipt in place for place in places)


async def test_facts_and_files_are_added_and_shown_as_added_only(somebody: Person, receipt: str, intake: App) -> None:
    await look(somebody, receipt)
    await somebody.press(to="/receipt/facts", files=[("files", NOTICE)], facts="当天的号是 A035")
    assert "补充的内容已经封存" in somebody.text
    assert "您补充了情况 2026年9月30日" in somebody.text
    assert "A035" not in somebody.answer.text
    assert await walks.count(intake, Fact) == 1
    assert [row.item_id is not None for row in await walks.rows(intake, Attachment)] == [True]


async def test_the_same_facts_sent_twice_are_added_once(somebody: Person, receipt: str, intake: App) -> None:
    await look(somebody, receipt)
    page = somebody.reading
    for _ in range(2):
        somebody.reading = page
        await somebody.press(to="/receipt/facts", files=[], facts="当天的号是 A035")
        assert "补充的内容已经封存" in somebody.text
    assert await walks.count(intake, Fact) == 1


async def test_other_facts_from_the_same_page_are_other_facts(somebody: Person, receipt: str, intake: App) -> None:
    await look(somebody, receipt)
    page = somebody.reading
    for facts, name in [("一", "a"), ("二", "a"), ("二", "b"), ("二", "b")]:
        somebody.reading = page
        pdf = (f"{name}.pdf", b"%PDF-1.7 " + name.encode(), "application/pdf")
        await somebody.press(to="/receipt/facts", files=[("files", pdf)], facts=facts)
        assert somebody.answer.status_code == 200
    assert await walks.count(intake, Fact) == 3


async def test_the_same_page_sent_for_two_reports_adds_to_both(
    somebody: Person, somebody_else: Person, receipt: str, intake: App
) -> None:
    await somebody_else.send("/report/whole", {**walks.WHOLE, "confirm": "1"})
    for code in (receipt, walks.receipt_on(somebody_else)):
        await somebody.send("/receipt/facts", {"receipt": code, "facts": "一样的话", "form_token": "t" * 43})
    assert await walks.count(intake, Fact) == 2


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ("", "还没有写内容"),
        ("\u202e\u0007", "还没有写内容"),
        ("长" * 10_001, "一次最多写"),
        ("长" * 40_001, "一次最多写"),
    ],
)
async def test_facts_that_cannot_be_taken_are_told_and_stay_in_the_field(
    somebody: Person, receipt: str, intake: App, facts: str, said: str
) -> None:
    await look(somebody, receipt)
    await somebody.press(to="/receipt/facts", files=[], facts=facts)
    assert somebody.answer.status_code == 422
    assert said in somebody.text
    form = next(form for form in somebody.reading.forms if "facts" in form.action)
    assert dict(form.fields)["facts"].replace("\x07", "") == facts.replace("\x07", "")
    assert await walks.count(intake, Fact) == 0


async def test_a_file_that_cannot_be_added_is_told_and_the_facts_stay(
    somebody: Person, receipt: str, intake: App
) -> None:
    await look(somebody, receipt)
    zip_file = ("papers.zip", b"PK\x03\x04", "application/zip")
    await somebody.press(to="/receipt/facts", files=[("files", zip_file)], facts="见附件")
    assert somebody.answer.status_code == 422
    assert "不收这一类文件" in somebody.text
    assert await walks.count(intake, Fact) == 0
    assert any(("facts", "见附件") in form.fields for form in somebody.reading.forms)


async def test_withdrawing_asks_first_and_then_says_so(
    somebody: Person, receipt: str, intake: App, worker: App
) -> None:
    await look(somebody, receipt)
    await somebody.press(to="/receipt/withdraw")
    assert "确定要撤回吗？" in somebody.text
    await somebody.press("confirm", "1")
    assert "正在撤回" in somebody.text
    assert not any("facts" in form.action for form in somebody.reading.forms)
    async with worker.work(System("worker"), "worker") as work:
        await cases.carry_out_withdrawals(work)
    await look(somebody, receipt)
    assert "已经撤回" in somebody.text
    assert [row.state for row in await walks.rows(intake, Item)] == ["withdrawn"]


async def test_not_withdrawing_leads_back(somebody: Person, receipt: str) -> None:
    await look(somebody, receipt)
    await somebody.press(to="/receipt/withdraw")
    await somebody.press(to="/receipt")
    assert "已经收到" in somebody.text


async def test_facts_for_a_withdrawn_report_are_refused_kindly(somebody: Person, receipt: str) -> None:
    await look(somebody, receipt)
    page = somebody.reading
    await somebody.send("/receipt/withdraw", {"receipt": receipt, "confirm": "1"})
    somebody.reading = page
    await somebody.press(to="/receipt/facts", files=[], facts="再补充一点")
    assert somebody.answer.status_code == 422
    assert "已经撤回，不能再补充了" in somebody.text


async def test_a_report_that_went_up_can_no_longer_be_withdrawn_and_says_so(somebody: Person) -> None:
    await somebody.send("/report/whole", {**walks.WHOLE, "subject_kind": "office_director", "unit": "", "confirm": "1"})
    code = walks.receipt_on(somebody)
    await look(somebody, code)
    assert "已经封存，待送上一级" in somebody.text
    assert not any("withdraw" in form.action for form in somebody.reading.forms)
    await somebody.send("/receipt/withdraw", {"receipt": code, "confirm": "1"})
    assert somebody.answer.status_code == 422
    assert "不能撤回了" in somebody.text


async def test_who_is_made_to_suffer_tells_the_commission_from_the_page_of_their_receipt(
    somebody: Person, receipt: str, intake: App
) -> None:
    await look(somebody, receipt)
    await somebody.press(to="/receipt/retaliation")
    assert "只封给区纪委监委" in somebody.text
    assert "不用记新的回执码" in somebody.text
    page = somebody.reading
    for _ in range(2):
        somebody.reading = page
        await somebody.press(to="/receipt/retaliation", files=[("files", NOTICE)], facts="第三天就被调了岗")
        assert somebody.answer.status_code == 200
        assert "只有区纪委监委能打开" in somebody.text
    assert "您关于打击报复的反映" in somebody.text
    assert "由区纪委监委受理" in somebody.text
    assert "第三天就被调了岗" not in somebody.answer.text
    assert sorted((row.channel, row.body) for row in await walks.rows(intake, Item)) == [
        ("retaliation", "discipline_commission"),
        ("web", "leading_group_office"),
    ]
    assert await walks.count(intake, Fact) == 0
    assert await walks.count(intake, Attachment) == 1


async def test_a_complaint_that_cannot_be_taken_stays_in_its_field_and_can_be_left(
    somebody: Person, receipt: str, intake: App
) -> None:
    for facts, said in (("", "还没有写内容"), ("长" * 10_001, "一次最多写"), ("长" * 40_001, "一次最多写")):
        await look(somebody, receipt)
        await somebody.press(to="/receipt/retaliation")
        await somebody.press(to="/receipt/retaliation", files=[], facts=facts)
        assert somebody.answer.status_code == 422
        assert said in somebody.text
        assert dict(somebody.reading.forms[0].fields)["facts"] == facts
    assert [form.action for form in somebody.reading.forms] == ["/receipt/retaliation", "/receipt"]
    assert await walks.count(intake, Item) == 1
    await somebody.send("/receipt/retaliation", {"receipt": Receipt.new().text, "facts": "没有这份反映"})
    assert somebody.answer.status_code == 404


async def test_the_page_tells_how_far_the_case_has_come_and_since_when(
    somebody: Person, receipt: str, intake: App, desk: App
) -> None:
    item = (await walks.rows(intake, Item))[0]
    said = {Stage.LOOKED_AT: "正在核实", Stage.CONCLUDED: "已经办结", Stage.PUT_AWAY: "已经结束"}
    for stage, words in said.items():
        async with desk.work(System("desk"), "console") as work:
            row = await work.session.get_one(Item, item.id)
            row.state = "merged"
            await set_stage(work, [item.id], stage)
        await look(somebody, receipt)
        assert words in somebody.text
        assert "2026年9月30日起是这样。" in somebody.text
        assert any("facts" in form.action for form in somebody.reading.forms) == (stage != Stage.PUT_AWAY)
        assert any("retaliation" in form.action for form in somebody.reading.forms)


@pytest.mark.parametrize("place", [0, 9, 26])
async def test_one_wrong_character_is_told_by_the_check_character(somebody: Person, receipt: str, place: int) -> None:
    await look(somebody, changed(receipt, place))
    assert somebody.answer.status_code == 422
    assert "有一个字符可能抄错了" in somebody.text
    assert ("receipt", changed(receipt, place)) in somebody.reading.forms[0].fields


async def test_something_that_is_no_receipt_is_told_by_its_length(somebody: Person) -> None:
    await look(somebody, "12345")
    assert somebody.answer.status_code == 422
    assert "21 个数字和字母" in somebody.text


async def test_an_unknown_receipt_gets_advice_and_no_more(somebody: Person, receipt: str) -> None:
    await look(somebody, Receipt.new().text)
    assert somebody.answer.status_code == 404
    assert "没有找到这个回执码" in somebody.text


async def test_of_a_thousand_wrong_receipts_ten_are_answered_and_the_rest_wait_but_a_right_one_passes(
    somebody: Person, somebody_else: Person, receipt: str, intake: App, clock: FixedClock
) -> None:
    statuses = [
        (await somebody.client.post("/receipt", data={"receipt": Receipt.new().text})).status_code for _ in range(1000)
    ]
    assert statuses == [404] * 10 + [429] * 990
    await look(somebody, receipt)
    assert somebody.answer.status_code == 200
    await look(somebody, Receipt.new().text)
    assert somebody.answer.status_code == 429
    seconds = int(somebody.answer.headers["retry-after"])
    assert 0 < seconds <= 60
    assert f"请等 {seconds} 秒再试" in somebody.text
    await look(somebody_else, receipt)
    assert somebody_else.answer.status_code == 200
    clock.move(timedelta(seconds=seconds))
    await look(somebody, Receipt.new().text)
    assert somebody.answer.status_code == 404


async def test_right_receipts_are_never_slowed(somebody: Person, receipt: str) -> None:
    for _ in range(30):
        await somebody.send("/receipt", {"receipt": receipt})
        assert somebody.answer.status_code == 200


async def test_a_forwarded_address_is_not_believed(somebody: Person) -> None:
    async def guess(number: int) -> int:
        headers = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}"}
        answer = await somebody.client.post("/receipt", data={"receipt": Receipt.new().text}, headers=headers)
        return answer.status_code

    assert [await guess(number) for number in range(11)] == [404] * 10 + [429]


async def test_the_source_of_a_wrong_receipt_is_in_no_table_and_no_log(
    somebody: Person, intake: App, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(12):
        await somebody.send("/receipt", {"receipt": Receipt.new().text})
    async with intake.database.transaction(write=False) as session:
        tables = ["item", "draft", "audit_entry", "refusal"]
        found = [(await session.execute(text(f"SELECT * FROM {table}"))).all() for table in tables]  # noqa: S608 - our own names
    assert "192.0.2.7" not in str(found) + caplog.text
