"""Whatever somebody sends: taken, or refused in words, and never kept where it does not belong."""

import pytest

from core.app import registry
from core.work import System
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import FORM, REVIEW, answers_of, asked, at, at_question, kept
from tests.peer import contents
from tests.peer.client import Attachment
from tests.peer.description import Json

VENUE: Json = {"venue": {"location": {"latitude": 30.0, "longitude": 120.0}, "title": "A", "address": "B"}}
DICE: Json = {"dice": {"emoji": "🎲", "value": 3}}
USELESS = (contents.POLL, contents.CONTACT, {**contents.LOCATION}, {**contents.LOCATION, **VENUE}, DICE)


async def test_a_message_of_full_length_is_refused_where_a_line_is_asked_for_and_taken_where_a_story_is(
    inform: Inform,
) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        await talk.says("长" * 4_096)
        assert await at_question(talk) == "what"
        assert "200" in (await talk.last()).text
        assert "what" not in await answers_of(it, talk)
        talk = await at(it, "facts")
        await talk.says("长" * 4_096)
        assert (await answers_of(it, talk))["facts"] == "长" * 4_096


async def test_of_a_story_that_is_too_long_the_messages_that_fit_are_kept_and_each_other_is_refused(
    inform: Inform,
) -> None:
    async with inform() as it:
        talk = await at(it, "facts")
        parts = [str(number) * 4_000 for number in range(10)]
        await talk.says(*parts)
        texts = (await talk.sees()).texts
        assert {asked(text) for text in texts} == {"facts"}
        refusals = [text for text in texts if "12002" in text]
        assert len(refusals) == 8
        assert (await answers_of(it, talk))["facts"] == "\n".join(parts[:2])
        await talk.says("还放得下")
        await talk.presses("question.done")
        assert await at_question(talk) == "attachments"
        assert (await answers_of(it, talk))["facts"] == "\n".join([*parts[:2], "还放得下"])


async def test_what_cannot_be_read_is_answered_in_words_and_changes_nothing(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        await talk.says("/start")
        before = await kept(it, talk)
        assert before is not None
        for content in USELESS:
            await talk.person.posts(content)
            await talk.settled()
            assert talk.t("unusable") in (await talk.last()).text, content
            assert await at_question(talk) == "what"
        await talk.person.sends("sticker", Attachment(b"RIFF", "s.webp", "image/webp"))
        await talk.settled()
        assert talk.t("unusable") in (await talk.last()).text
        after = await kept(it, talk)
        assert after is not None
        assert (after.state, after.files) == (before.state, before.files)


async def test_a_message_that_was_forwarded_is_text_like_any_other(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        for origin in (contents.from_user(4_711_000, "Bai"), contents.FROM_HIDDEN):
            await talk.person.says("转来的话", origin=origin)
            await talk.settled()
        answers = await answers_of(it, talk)
        assert (answers["what"], answers["happened_when"]) == ("转来的话", "转来的话")


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ("\u202e左边\u200f\u2066的字\u2069", "左边的字"),
        ("有\x00控制\x07符\x1b", "有控制符"),
        ("<b>粗</b>&amp;<script>alert(1)</script>", "<b>粗</b>&amp;<script>alert(1)</script>"),
        ("👍👍🏽 好", "👍👍🏽 好"),
    ],
    ids=["direction", "control", "html", "emoji"],
)
async def test_what_was_typed_is_shown_as_it_is_without_what_cannot_be_seen(
    inform: Inform, typed: str, noted: str
) -> None:
    async with inform() as it:
        talk = await at(it, "may_ask", what=typed)
        await talk.says("可以")
        assert noted in (await talk.last()).text.splitlines()
        assert typed == noted or typed not in (await talk.last()).text


async def test_a_story_of_any_shape_can_be_read_through_and_submitted(inform: Inform) -> None:
    async with inform() as it:
        for facts in (
            "👨‍👩‍👧" * 2_000,
            "从" + " " * 9_000 + "到",
            "从" + "\n" * 9_000 + "到",
            "从" + "\u3000" * 9_000 + "到",
        ):
            talk = await at(it, "may_ask", facts=facts)
            await talk.says("可以")
            assert await at_question(talk) == REVIEW
            assert talk.t("review.submit") in (await talk.last()).buttons[0]
            await talk.says("/cancel")
            await talk.presses("cancel.yes")


async def test_a_list_of_long_names_is_paged_and_each_can_be_pressed_or_typed(inform: Inform) -> None:
    async with inform() as it:
        async with it.app.work(System("init"), "cli") as work:
            for number in range(24):
                name = f"第{number:02}号" + "云汀区综合服务与社区事务协调联合办公室" * 8
                await registry.add_unit(work, code=f"long-{number}", kind="township", name=name[:200], position=number)
        talk = await at(it, "unit")
        await talk.says("/start")
        first = await talk.last()
        await talk.presses("page.after")
        second = await talk.last()
        assert first.id == second.id
        assert first.text != second.text
        assert asked(second.text) == "unit"
        assert all(len(label) <= 64 for row in second.buttons for label in row)
        choice = second.buttons[0][0]
        await talk.chooses(choice)
        assert await at_question(talk) == "subject"
        await talk.presses("question.back")
        await talk.says("第23号")
        assert (await answers_of(it, talk))["unit"] == "long-23"


async def test_the_question_stands_out_whatever_letters_come_before_it(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "attachments")
        await talk.sends(Attachment(b"PK", "👍🏽👍.zip", "application/zip"))
        content = (await talk.last()).raw["content"]
        marked = [
            content["text"]
            .encode("utf-16-le")[2 * one["offset"] : 2 * (one["offset"] + one["length"])]
            .decode("utf-16-le")
            for one in content["entities"]
        ]
        assert marked == [FORM.by_name["attachments"].label["zh_CN"]]
