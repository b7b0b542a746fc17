"""An update that comes again has one effect, whatever broke in between, and is answered each time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.sealing import Receipt
from tests.bots.informant import door
from tests.bots.informant.conftest import Inform, Informing
from tests.bots.informant.places import REVIEW, answers_of, asked, at, at_question, items, standing
from tests.bots.informant.talk import Talk
from tests.bots.informant.waiting import until
from tests.bots.outage import out_of_reach
from tests.conftest import FixedClock
from tests.peer.client import Bot

WAYS = ("polling", "webhook")
A_SECOND_TRY = 20.0  # seconds of patience where a bot that polls pauses before it tries again


async def receipts_shown(talk: Talk) -> list[Receipt]:
    lines = [line for text in (await talk.sees()).texts for line in text.splitlines()]
    return [Receipt.parse(line) for line in lines if line.count("-") == 6]


def failed(bot: Bot, method: str) -> Callable[[], Awaitable[bool]]:
    """Return what tells whether a request of a method was left without an answer."""

    async def happened() -> bool:
        return any(line["code"] == 444 for line in await bot.requests(method))

    return happened


async def test_an_answer_that_is_delivered_five_times_is_noted_once_and_the_question_put_each_time(
    inform: Inform,
) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "facts")
        await it.bot.lose_answers(4)
        await talk.says("只说一次。")
        assert [asked(text) for text in (await talk.sees()).texts] == ["facts"] * 5
        assert (await answers_of(it, talk))["facts"] == "只说一次。"


async def test_a_report_that_is_submitted_five_times_is_one_with_one_receipt(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, REVIEW)
        await talk.says("/start")
        await it.bot.lose_answers(4)
        await talk.presses("review.submit")
        shown = await receipts_shown(talk)
        assert len(shown) == 5
        assert len({receipt.code for receipt in shown}) == 1
        assert await items(it) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_who_submitted_before_a_crash_is_shown_the_receipt_after_it(inform: Inform, way: str) -> None:
    webhook = way == "webhook"
    async with inform(webhook=webhook) as it:
        talk = await at(it, REVIEW)
        await talk.says("/start")
        await it.bot.trouble("drop_before", "sendMessage", times=1_000)
        await talk.person.presses(talk.t("review.submit"))
        await until(failed(it.bot, "sendMessage"))
        assert await items(it) == 1
    assert await receipts_shown(talk) == []
    await it.bot.calm()
    async with inform(webhook=webhook, bot=it.bot) as again:
        await it.bot.peer.settled()
        assert (await standing(again.app, await talk.receipt())).state == "acknowledged"
        assert await items(again) == 1


async def test_who_answered_before_a_crash_is_asked_the_next_question_after_it(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "what")
        await it.bot.trouble("drop_before", "sendMessage", times=1_000)
        await talk.person.says("等了一上午")
        await until(failed(it.bot, "sendMessage"))
    await it.bot.calm()
    async with inform(webhook=True, bot=it.bot) as again:
        await it.bot.peer.settled()
        assert await at_question(talk) == "happened_when"
        assert (await answers_of(again, talk))["what"] == "等了一上午"


async def test_a_receipt_that_may_not_be_sent_yet_is_sent_when_the_platform_says(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, REVIEW)
        await talk.says("/start")
        await it.bot.too_many("sendMessage", retry_after=17)
        await talk.presses("review.submit")
        first, second = (await it.bot.attempts())[-2:]
        assert (first["status"], first["pause"], second["status"]) == (503, 17, 200)
        assert len(await receipts_shown(talk)) == await items(it) == 1


@pytest.mark.parametrize("way", WAYS)
async def test_what_was_said_while_the_platform_was_away_for_ten_minutes_is_answered_after(
    inform: Inform, way: str
) -> None:
    async with inform(webhook=way == "webhook") as it:
        talk = await at(it, "facts")
        talk.patience = A_SECOND_TRY
        await talk.says("/start")
        await it.bot.down()
        for text in ("第一句", "第二句"):
            await talk.person.says(text)
        await it.bot.peer.move_clock(600)
        await it.bot.down(down=False)
        await talk.settled()
        assert await at_question(talk) == "facts"
        assert (await answers_of(it, talk))["facts"] == "第一句\n第二句"


async def test_an_api_that_stumbles_costs_no_answer_and_doubles_none(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        for effect in ("answer", "delay", "drop_before", "drop_after"):
            talk = await at(it, "facts")
            await it.bot.trouble(effect, "sendMessage", seconds=0.1, times=2)
            await talk.says(effect)
            assert await at_question(talk) == "facts", effect
            assert (await answers_of(it, talk))["facts"] == effect
            await it.bot.calm()


async def test_while_the_database_is_away_updates_are_asked_to_come_later_and_none_is_lost(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "facts")
        await talk.says("/start")

        async def refused() -> bool:  # a first failure is followed by a pause only where ``Retry-After`` asks for one
            return any(line["status"] == 503 and line["pause"] > 0 for line in await it.bot.attempts())

        with out_of_reach(it.app):
            await talk.person.says("等了一上午")
            await until(refused)
        await talk.settled()
        assert (await answers_of(it, talk))["facts"] == "等了一上午"


async def test_messages_of_a_chat_that_come_at_the_same_moment_are_all_taken(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "facts")
        await talk.says("/start")
        said = [f"第{number}句。" for number in range(8)]
        answers = await asyncio.gather(*(door.deliver(it, door.message(talk, text=text)) for text in said))
        assert {answer.status_code for answer in answers} == {200}
        assert sorted((await answers_of(it, talk))["facts"].splitlines()) == said


async def test_one_update_that_is_delivered_twice_at_the_same_moment_is_applied_once(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "facts")
        await talk.says("/start")
        update = door.message(talk, text="同一句")
        answers = await asyncio.gather(*(door.deliver(it, update) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {200}
        assert (await answers_of(it, talk))["facts"] == "同一句"


@pytest.mark.parametrize("way", WAYS)
async def test_chats_that_go_on_at_once_do_not_mix(inform: Inform, way: str) -> None:
    async with inform(webhook=way == "webhook") as it:
        talks = [await at(it, "facts") for _ in range(4)]

        async def tells(talk: Talk) -> None:
            for part in "甲乙丙":
                await talk.person.says(f"{talk.person.id}{part}")

        await asyncio.gather(*map(tells, talks))
        await talks[0].settled()
        for talk in talks:
            wanted = [f"{talk.person.id}{part}" for part in "甲乙丙"]
            assert (await answers_of(it, talk))["facts"].splitlines() == wanted


async def test_two_devices_that_press_and_write_at_once_lose_nothing_and_double_nothing(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "facts")
        old = await talk.says("/start")
        await talk.says("开头")

        async def writes() -> None:
            for text in ("一", "二", "三"):
                await talk.person.says(text)

        async def presses() -> None:
            for _ in range(3):
                await talk.person.presses(talk.t("question.back"), message=old + 1)

        await asyncio.gather(writes(), presses())
        await talk.settled()
        await gone_back_at_most_once(it, talk)


async def gone_back_at_most_once(it: Informing, talk: Talk) -> None:
    """The first press that was not too late went back; what was written then answered the question there."""
    answers = await answers_of(it, talk)
    facts = answers["facts"].splitlines()
    assert facts[0] == "开头"
    assert facts == ["开头", *[part for part in "一二三" if part in facts]]
    assert len([answer for answer in (await talk.sees()).answers if not answer.alert]) <= 1


async def test_a_report_goes_on_where_it_was_days_and_a_restart_later_and_begins_anew_when_its_time_is_over(
    inform: Inform, clock: FixedClock
) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        await talk.says("/start")
    clock.move(timedelta(days=6))
    async with inform(bot=it.bot) as it:
        await talk.says("/start")
        assert talk.t("start.under_way") in (await talk.last()).text
        await talk.says("等了一上午")
        assert await at_question(talk) == "happened_when"
        clock.move(timedelta(days=8))
        await talk.says("九月")
        assert talk.t("not_understood") in (await talk.last()).text
        assert talk.t("home.report") in (await talk.last()).buttons[0]
        await talk.says("举报")
        await talk.presses("notice.begin")
        assert await at_question(talk) == "about_official"


async def test_a_chat_that_has_to_wait_holds_up_no_other_and_is_answered_once_when_it_may_be(inform: Inform) -> None:
    async with inform() as it:
        waits, goes_on = await at(it, "what"), await at(it, "what")
        words, wait = "Too Many Requests: retry after 3", {"retry_after": 3}
        chat = waits.person.id
        await it.bot.trouble("answer", "sendMessage", chat=chat, code=429, description=words, parameters=wait)
        await waits.person.says("等了一上午")

        async def refused() -> bool:
            return any(line["code"] == 429 for line in await it.bot.requests("sendMessage"))

        await until(refused)
        await goes_on.person.says("让人白跑")
        view = await goes_on.person.sees_when(lambda view: bool(view.from_bot))
        assert asked(view.last.text) == "happened_when"
        assert (await waits.sees()).from_bot == []
        await waits.says("九月")
        assert [asked(text) for text in (await waits.sees()).texts] == ["happened_when", "happened_where"]
        assert len((await goes_on.sees()).from_bot) == 1
