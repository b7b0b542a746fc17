"""Giving up, being forgotten, cleaning up: what goes is gone, and what was sent stays."""

from bots.informant.chat import Chat
from bots.informant.turn import CHANNEL
from core.app import drafts
from core.attachments.tables import Attachment
from core.drafts import DraftRow
from core.outbox.tables import Forgetting
from core.sealing import Receipt
from core.work import Reporter
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import answers_of, at, at_question, kept, put, standing
from tests.bots.informant.talk import JPEG
from tests.bots.web.walks import rows
from tests.peer.client import Attachment as Sent

PICTURE = Sent(JPEG, "窗口.jpg", "image/jpeg")


async def test_a_report_is_given_up_only_when_that_is_confirmed_and_then_nothing_of_it_is_left(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.sends(PICTURE)
        await talk.says("取消")
        await talk.presses("cancel.no")
        assert await at_question(talk) == "attachments"
        await talk.says("取消", "放弃，删除")
        assert talk.t("cancel.done") in (await talk.last()).text
        assert await rows(it.app, Attachment) == []
        await talk.presses("purge.leave")
        assert await rows(it.app, DraftRow) == []


async def test_a_draft_that_cannot_be_read_any_more_makes_room_for_a_new_one(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        async with it.app.work(Reporter(), CHANNEL) as work:
            await drafts.save(work, drafts.Draft(CHANNEL, str(talk.person.id)), {"from": "another version"})
        await talk.begins()
        assert await at_question(talk) == "about_official"


async def test_a_report_that_cannot_be_shown_any_more_is_closed_and_traps_nobody(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        await put(it, talk, Chat(place="thread", tag="t", receipt=Receipt.new()))
        await talk.says("/start")
        assert talk.t("refused.receipt_unknown") in (await talk.last()).text
        await talk.begins()
        assert await at_question(talk) == "about_official"


async def test_to_begin_again_is_asked_first_and_drops_what_was_written(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        await talk.says("/report")
        await talk.presses("restart.no")
        assert await at_question(talk) == "what"
        await talk.says("/report")
        await talk.presses("restart.yes", "notice.begin")
        assert await at_question(talk) == "about_official"
        assert await answers_of(it, talk) == {}


async def test_who_is_forgotten_leaves_no_draft_and_no_file_and_a_sealed_wish_not_to_be_told(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.sends(PICTURE)
        await talk.says("/forget")
        await talk.presses("forget.no")
        assert await at_question(talk) == "attachments"
        assert await rows(it.app, Forgetting) == []
        await talk.says("/forget")
        await talk.presses("forget.yes")
        assert talk.t("forget.done") in (await talk.last()).text
        assert len(await rows(it.app, Forgetting)) == 1
        assert await rows(it.app, Attachment) == []
        await talk.presses("purge.go")
        assert [message.text for message in (await talk.sees()).messages] == [(await talk.last()).text]
        assert await rows(it.app, DraftRow) == []


async def test_messages_go_as_well_when_that_is_typed(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await talk.says("抄好了", talk.t("purge.go"))
        texts = [message.text for message in (await talk.sees()).messages]
        assert len(texts) == 1
        assert receipt.text not in texts[0]
        assert talk.t("purge.done") in texts[0]


async def test_messages_that_the_platform_cannot_delete_now_are_deleted_when_it_can(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await it.somebody()
        await talk.reports()
        await talk.presses("receipt.noted")
        await it.bot.too_many("deleteMessages", retry_after=3)
        await talk.presses("purge.go")
        assert len((await talk.sees()).messages) == 1


async def test_messages_of_days_ago_stay_and_are_said_to_stay(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await it.bot.peer.move_clock(49 * 3_600)
        await talk.says("抄好了")
        await talk.presses("purge.go")
        view = await talk.sees()
        assert any(receipt.text in message.text for message in view.messages)
        assert "48" in view.last.text


async def test_the_receipt_is_kept_until_it_is_noted_and_no_longer(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        receipt = await talk.reports()
        await talk.says("你好")
        assert await talk.receipt() == receipt
        chat = await kept(it, talk)
        assert chat is not None
        assert (chat.state, chat.files, chat.parts) == (None, {}, {})
        await talk.presses("receipt.noted")
        after = await kept(it, talk)
        assert after is not None
        assert after.receipt is None
        assert (await standing(it.app, receipt)).state == "acknowledged"


async def test_of_somebody_who_chose_a_language_nothing_is_kept_once_the_receipt_is_noted(inform: Inform) -> None:
    async with inform() as it:
        for last in ("purge.go", "purge.leave"):
            talk = await it.somebody()
            await talk.says("/language", "/language")
            await talk.reports()
            await talk.presses("receipt.noted", last)
            assert await rows(it.app, DraftRow) == [], last
