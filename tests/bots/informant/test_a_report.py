"""A report in a chat, from the first word to the receipt and back."""

import pytest

from core.app import App, cases
from core.sealing import Receipt
from core.work import Reporter
from tests.bots.informant.conftest import Inform
from tests.bots.informant.talk import JPEG
from tests.peer.client import Attachment

WAYS = ("polling", "webhook")


async def standing(app: App, receipt: Receipt) -> cases.Standing:
    async with app.work(Reporter(), "telegram", write=False) as work:
        return await cases.standing(work, receipt)


@pytest.mark.parametrize("way", WAYS)
async def test_a_report_is_sealed_and_found_by_its_receipt(inform: Inform, way: str) -> None:
    async with inform(webhook=way == "webhook") as it:
        talk = await it.somebody()
        await talk.goes_to_files()
        await talk.sends(Attachment(JPEG, "窗口.jpg", "image/jpeg"))
        await talk.presses("question.done")
        await talk.says("不留", "可以")
        await talk.presses("review.submit")
        receipt = await talk.receipt()
        assert (await standing(it.app, receipt)).body == "leading_group_office"


async def test_what_is_added_with_the_receipt_is_in_the_thread(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await talk.presses("receipt.noted", "purge.leave")
        await talk.says("查询", receipt.text, "还有一点", "又一点")
        await talk.presses("facts.send")
        assert [message.kind for message in (await standing(it.app, receipt)).thread] == ["facts"]
        assert talk.t("thread.facts_added") in (await talk.last()).text


async def test_a_report_is_withdrawn_only_when_that_is_confirmed(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await talk.presses("receipt.noted", "purge.leave")
        await talk.says(f"/receipt {receipt.text}")
        await talk.presses("thread.withdraw", "withdraw.no")
        assert (await standing(it.app, receipt)).state == "acknowledged"
        await talk.says("/withdraw")
        await talk.presses("withdraw.yes")
        assert (await standing(it.app, receipt)).state == "withdrawal_asked"


async def test_the_messages_of_a_report_are_deleted_on_wish(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await talk.presses("receipt.noted", "purge.go")
        texts = [message.text for message in (await talk.sees()).messages]
        assert len(texts) == 1
        assert receipt.text not in texts[0]
