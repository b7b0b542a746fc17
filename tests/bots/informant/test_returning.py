"""Coming back with the receipt, in the chat and on the web: read, add, withdraw, be told."""

from collections.abc import AsyncIterator

import pytest

from bots.web.app import create
from core.app import App, cases
from core.attachments.tables import Attachment
from core.cases.items.tables import Fact, Item, Withdrawal
from core.outbox.addresses import open_merged
from core.outbox.tables import Address
from core.sealing import Escrow, Receipt
from core.work import Staff, System
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import standing
from tests.bots.informant.talk import JPEG
from tests.bots.web import walks
from tests.bots.web.person import Person
from tests.bots.web.walks import rows
from tests.builders import a_clerk
from tests.core.cases.builders import submitted
from tests.peer.client import Attachment as Sent


@pytest.fixture
async def browser(laid: App, intake: App) -> AsyncIterator[Person]:
    async with Person.at(create(intake)) as person:
        yield person


@pytest.fixture
async def clerk(desk: App, escrow: Escrow) -> Staff:
    return await (await a_clerk(desk, escrow=escrow)).staff(desk)


async def test_a_receipt_of_the_web_is_read_in_a_chat_and_one_of_a_chat_on_the_web(
    inform: Inform, browser: Person, desk: App, clerk: Staff
) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await browser.open("/receipt")
        await browser.press(to="/receipt", receipt=receipt.text)
        assert "由区领导小组办公室受理" in browser.text
        await browser.send("/report/whole", {**walks.WHOLE, "confirm": "1"})
        other = Receipt.parse(walks.receipt_on(browser))
        web = next(item for item in await rows(it.app, Item) if item.channel == "web")
        async with desk.work(clerk, "console") as work:
            await cases.ask_back(work, web.id, "是哪一天？<b>")
        await talk.presses("receipt.noted", "purge.leave")
        await talk.says("查询", other.text.lower().replace("-", " "))
        text = (await talk.last()).text
        assert "是哪一天？<b>" in text
        assert talk.t("state.heard_question") in text


async def test_wrong_receipts_are_told_apart_and_slowed_and_a_right_one_still_passes(inform: Inform) -> None:
    async with inform() as it:
        receipt = (await submitted(it.app)).receipt
        talk, other = await it.somebody(), await it.somebody()
        mistyped = receipt.code[:-1] + ("7" if receipt.code[-1] != "7" else "8")
        for said, told in (
            (mistyped, "receipt_mistyped"),
            (Receipt.new().text, "receipt_unknown"),
            ("13800", "receipt_malformed"),
        ):
            await talk.says(f"/receipt {said}")
            assert talk.t(f"problem.{told}") in (await talk.last()).text
        for _ in range(8):
            await talk.person.says(Receipt.new().text)
        await talk.settled()
        assert "请等" in (await talk.last()).text
        await other.says("/receipt 13800")
        assert "请等" not in (await other.last()).text
        await talk.says(receipt.text)
        assert talk.t("thread.none") in (await talk.last()).text


async def test_facts_with_files_are_sealed_to_the_report_when_they_are_sent_and_not_before(inform: Inform) -> None:
    async with inform() as it:
        receipt = (await submitted(it.app)).receipt
        talk = await it.somebody()
        await talk.says(f"/receipt {receipt.text}")
        await talk.presses("thread.add")
        await talk.person.sends("document", Sent(JPEG, "窗口.jpg", "image/jpeg"), caption="这是第二天拍的")
        await talk.settled()
        await talk.person.sends_album([Sent(JPEG, "a.jpg", "image/jpeg")] * 2)
        await talk.settled()
        await talk.says("长" * 4_000, "长" * 4_000)
        await talk.says("长" * 4_000)
        assert talk.t("facts.too_long", limit=10_000, length=12_010) in (await talk.last()).text
        assert talk.t("facts.files", number=3) in (await talk.last()).text
        assert await rows(it.app, Fact) == []
        await talk.presses("facts.send")
        assert talk.t("thread.facts_added") in (await talk.last()).text
        item = (await rows(it.app, Item))[0]
        assert [row.item_id for row in await rows(it.app, Attachment)] == [item.id] * 3
        assert len(await rows(it.app, Fact)) == 1


async def test_who_is_made_to_suffer_tells_the_commission_and_reads_its_answer_with_the_receipt_of_the_report(
    inform: Inform, desk: App, escrow: Escrow
) -> None:
    async with inform() as it:
        receipt = (await submitted(it.app)).receipt
        talk = await it.somebody()
        await talk.says(f"/receipt {receipt.text}")
        await talk.says("我因反映受到打击报复")
        assert talk.t("retaliation.lead") in (await talk.last()).text
        await talk.says("第三天就被调了岗", "返回")
        await talk.sends(Sent(JPEG, "通知.jpg", "image/jpeg"))
        assert len(await rows(it.app, Item)) == 1
        await talk.presses("complaint.send")
        assert talk.t("retaliation.sent") in (await talk.last()).text
        item = next(row for row in await rows(it.app, Item) if row.channel == "retaliation")
        assert item.body == "discipline_commission"
        assert [row.item_id for row in await rows(it.app, Attachment)] == [item.id]
        commission = await (await a_clerk(desk, "discipline_commission", escrow=escrow)).staff(desk)
        async with desk.work(commission, "console") as work:
            await cases.answer(work, item.id, "已经受理，请保存好通知。")
        await talk.presses("thread.again")
        text = (await talk.last()).text
        assert text.index(talk.t("retaliation.yours")) < text.index("已经受理，请保存好通知。")
        assert await rows(it.app, Fact) == []


async def test_a_complaint_is_given_up_without_a_trace(inform: Inform) -> None:
    async with inform() as it:
        receipt = (await submitted(it.app)).receipt
        talk = await it.somebody("en")
        for leave in ("complaint.leave", "/cancel"):
            await talk.says(f"/receipt {receipt.text}")
            await talk.presses("thread.retaliation")
            await talk.says("Moved to another desk")
            await talk.sends(Sent(JPEG, "notice.jpg", "image/jpeg"))
            await (talk.says(leave) if leave.startswith("/") else talk.presses(leave))
            assert talk.t("thread.none") in (await talk.last()).text
        assert len(await rows(it.app, Item)) == 1
        assert await rows(it.app, Attachment) == []


async def test_what_was_not_sent_leaves_nothing(inform: Inform) -> None:
    async with inform() as it:
        receipt = (await submitted(it.app)).receipt
        talk = await it.somebody()
        await talk.says(f"/receipt {receipt.text}", "其实还有")
        await talk.sends(Sent(JPEG, "窗口.jpg", "image/jpeg"))
        await talk.presses("facts.leave")
        assert await rows(it.app, Fact) == []
        assert await rows(it.app, Attachment) == []
        await talk.presses("thread.add")
        assert talk.t("facts.lead", limit=10_000, mebibytes=20) in (await talk.last()).text


async def test_facts_for_a_report_that_was_withdrawn_meanwhile_are_refused_in_words(inform: Inform) -> None:
    async with inform() as it:
        receipt = (await submitted(it.app)).receipt
        talk, same = await it.somebody(), await it.somebody()
        await talk.says(f"/receipt {receipt.text}", "还有一点")
        await same.says(f"/withdraw {receipt.text}", "/withdraw")
        await same.presses("withdraw.yes")
        assert talk.t("state.withdrawal_asked") in (await same.last()).text
        await talk.presses("facts.send")
        assert talk.t("problem.item_withdrawn") in (await talk.last()).text
        assert await rows(it.app, Fact) == []


async def test_a_withdrawal_that_is_asked_for_twice_is_one(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        receipt = (await submitted(it.app)).receipt
        talk = await it.somebody()
        await talk.says(f"/receipt {receipt.text}")
        await talk.presses("thread.withdraw")
        await it.bot.lose_answers(2)
        await talk.presses("withdraw.yes")
        assert len(await rows(it.app, Withdrawal)) == 1
        await talk.says("撤回")
        await talk.says(talk.t("withdraw.yes"))
        assert len(await rows(it.app, Withdrawal)) == 1
        assert (await standing(it.app, receipt)).state == "withdrawal_asked"


async def test_who_asks_twice_to_be_told_here_is_told_once(inform: Inform, worker: App) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await talk.presses("here.go")
        assert talk.t("here.noted") in (await talk.last()).text
        await talk.receipt()
        assert [talk.t("here.go")] not in (await talk.last()).buttons
        await talk.presses("receipt.noted", "purge.leave")
        await talk.says(f"/receipt {receipt.text}")
        await talk.presses("here.go")
        assert len(await rows(it.app, Address)) == 2
        item = (await rows(it.app, Item))[0]
        async with worker.work(System("worker"), "worker") as work:
            opened = await open_merged(work, [item.id])
        assert [address.chat for address in opened.values()] == [str(talk.person.id)]


async def test_a_report_that_was_deleted_is_told_to_be_unknown(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        await talk.says(f"/receipt {Receipt.new().text}")
        assert talk.t("problem.receipt_unknown") in (await talk.last()).text
        assert talk.t("asking.lead") in (await talk.last()).text
