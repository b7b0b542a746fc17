"""Buttons: each works once, in its place, for its person; any other press is told so and changes nothing."""

from core.outbox.tables import Address
from tests.bots.informant.conftest import Inform, Informing
from tests.bots.informant.places import REVIEW, answers_of, at, at_question, items, kept
from tests.bots.informant.talk import Talk
from tests.bots.web.walks import rows

GARBAGE = ("", "x", "1", "1..", "2.AAAAAAAA.BBBBBBBB", "report:begin", "\u4e2d" * 21, "a" * 64)
"""Data of buttons of another version, of another bot, and of none."""


async def alerted(talk: Talk) -> list[str]:
    """Return the alerts that presses brought."""
    return [answer.text for answer in (await talk.sees()).answers if answer.alert]


def press(talk: Talk, message_id: int, data: str, query: str) -> dict[str, object]:
    """Return a press of a button with any data, as the platform tells of it."""
    person = {"id": talk.person.id, "is_bot": False, "first_name": "Lin", "language_code": "zh-hans"}
    chat = {"id": talk.person.id, "type": "private", "first_name": "Lin"}
    message = {"message_id": message_id, "date": 1, "chat": chat, "text": "?"}
    return {"id": query, "from": person, "message": message, "chat_instance": "1", "data": data}


async def test_a_button_of_an_earlier_message_says_so_loses_its_keyboard_and_changes_nothing(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "context")
        await talk.says("/start")
        old = await talk.last()
        await talk.says("1")
        before = await kept(it, talk)
        await talk.person.presses("工作时间以外", message=old.id)
        await talk.settled()
        assert await alerted(talk) == [talk.t("press.old")]
        view = await talk.sees()
        assert next(message for message in view.messages if message.id == old.id).buttons == []
        assert view.last.buttons
        assert await kept(it, talk) == before


async def test_a_button_that_is_pressed_twice_works_once(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, REVIEW)
        await talk.says("/start")
        for _ in range(2):
            await talk.person.presses(talk.t("review.submit"))
        await talk.settled()
        assert await items(it) == 1
        assert await alerted(talk) == [talk.t("press.old")]
        await talk.receipt()
        for _ in range(2):
            await talk.person.presses(talk.t("here.go"))
        await talk.settled()
        assert len(await rows(it.app, Address)) == 1


async def test_a_button_of_a_report_before_does_nothing_to_the_next(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        await talk.begins()
        first = await talk.last()
        await talk.says("/cancel")
        await talk.presses("cancel.yes", "purge.leave")
        await talk.begins()
        await talk.person.presses("可能是，我拿不准", message=first.id)
        await talk.settled()
        assert await alerted(talk) == [talk.t("press.old")]
        assert await answers_of(it, talk) == {}
        assert await at_question(talk) == "about_official"


async def test_data_that_no_button_of_ours_has_is_told_as_out_of_date(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "context")
        await talk.says("/start")
        message = await talk.last()
        before = await kept(it, talk)
        for number, data in enumerate(GARBAGE):
            await it.bot.raw("callback_query", press(talk, message.id, data, f"{number}"))
        await talk.settled()
        assert await kept(it, talk) == before
        assert [line["code"] for line in await it.bot.requests("answerCallbackQuery")] == [400] * len(GARBAGE)
        assert len((await talk.sees()).from_bot) == 1


async def test_somebody_elses_button_is_told_to_be_somebody_elses(inform: Inform) -> None:
    async with inform() as it:
        talk, stranger = await at(it, REVIEW), await it.somebody("en", "Mei")
        await talk.says("/start")
        await stranger.person.presses(talk.t("review.submit"), of=talk.person)
        await stranger.settled()
        assert await alerted(talk) == [stranger.t("press.stranger")]
        assert await items(it) == 0
        assert (await talk.last()).buttons
        assert await kept(it, stranger) is None


async def test_a_choice_that_was_pressed_stands_under_its_question_without_buttons(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "context")
        await talk.says("/start")
        shown = await talk.last()
        await talk.chooses("工作时间里")
        settled = next(message for message in (await talk.sees()).messages if message.id == shown.id)
        assert settled.text.endswith("✔ 工作时间里")
        assert settled.buttons == []
        await still_one_keyboard(it, talk)


async def still_one_keyboard(_it: Informing, talk: Talk) -> None:
    assert [bool(message.buttons) for message in (await talk.sees()).from_bot] == [False, True]


async def test_the_buttons_of_the_greeting_work_also_where_nothing_of_the_chat_is_kept(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        await talk.says("/start")
        assert await kept(it, talk) is None
        await talk.presses("home.report", "notice.leave", "home.report", "notice.begin")
        assert await at_question(talk) == "about_official"
        assert await alerted(talk) == []
