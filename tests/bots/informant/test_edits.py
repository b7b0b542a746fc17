"""A message that somebody edits: honoured as long as it holds the answer and nothing was sent."""

import pytest

from core.cases.items.tables import Refusal
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import REVIEW, answers_of, at, at_question, items, kept
from tests.bots.web.walks import rows


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "from the summary"])
async def test_an_answer_that_is_edited_is_noted_as_it_is_now_and_the_report_stands_where_it_stood(
    inform: Inform,
    at_once: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        message = await talk.says("等了一上五")
        place = "happened_when"
        if not at_once:
            await talk.says("九月", "大厅", "1", "说来话长")
            await talk.presses("question.done", "question.skip")
            await talk.says("不留", "可以")
            place = REVIEW
        await talk.person.edits(message, "等了一上午")
        await talk.settled()
        assert talk.t("edit.taken") in (await talk.last()).text
        assert await at_question(talk) == place
        assert (await answers_of(it, talk))["what"] == "等了一上午"


async def test_one_of_several_messages_of_a_story_can_be_edited(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "facts")
        await talk.says("第一天")
        second = await talk.says("第二填")
        await talk.says("第三天")
        await talk.person.edits(second, "第二天")
        await talk.settled()
        assert (await answers_of(it, talk))["facts"] == "第一天\n第二天\n第三天"
        await talk.presses("question.done")
        await talk.person.edits(second, "第二天下午")
        await talk.settled()
        assert (await answers_of(it, talk))["facts"] == "第一天\n第二天下午\n第三天"
        assert await at_question(talk) == "attachments"


async def test_an_edit_that_the_question_refuses_changes_nothing_and_says_why(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "context")
        choice = await talk.says("工作时间里")
        line = await talk.says("等了一上午")
        for message, text, why in (
            (choice, "某个时候", "不在列表里"),
            (line, "长" * 201, "201"),
            (line, "\u200f", "需要回答"),
        ):
            await talk.person.edits(message, text)
            await talk.settled()
            assert why in (await talk.last()).text
            assert await at_question(talk) == "happened_when"
        answers = await answers_of(it, talk)
        assert (answers["context"], answers["what"]) == ("on_duty", "等了一上午")


async def test_an_edit_to_what_is_not_taken_here_ends_the_report_and_is_counted(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "topic")
        message = await talk.says("M1")
        await talk.person.edits(message, "（个人生活）宗教信仰")
        await talk.settled()
        assert talk.t("stopped.nothing") in (await talk.last()).text
        assert [row.category for row in await rows(it.app, Refusal)] == ["religion"]
        chat = await kept(it, talk)
        assert chat is None or chat.state is None


async def test_a_message_that_holds_the_answer_no_more_changes_nothing(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "context")
        message = await talk.says("1")
        await talk.presses("question.back")
        await talk.chooses("工作时间以外")
        await talk.person.edits(message, "工作时间里")
        await talk.settled()
        assert talk.t("edit.too_late") in (await talk.last()).text
        assert (await answers_of(it, talk))["context"] == "off_duty"


async def test_an_edit_after_the_report_was_sent_is_told_to_be_too_late(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "may_ask")
        message = await talk.says("可以")
        await talk.presses("review.submit")
        await talk.person.edits(message, "不用")
        await talk.settled()
        assert talk.t("edit.too_late") in (await talk.last()).text
        await talk.receipt()
        assert await items(it) == 1


async def test_an_edit_at_rest_is_passed_over_in_silence(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        message = await talk.says("你好")
        await talk.person.edits(message, "您好")
        await talk.settled()
        assert len((await talk.sees()).from_bot) == 1
