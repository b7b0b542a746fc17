"""Plain words and commands, in both languages, understood wherever they mean something."""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from bots.informant.chat import Chat
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import answers_of, asked, at, put, state_at
from tests.bots.informant.test_places import somebody_at, with_receipt

Said = Sequence[str]
AT_REST: Final[Mapping[str, Said]] = {
    "notice.title": (
        "举报",
        "我要举报",
        " 反映 ",
        "Report",
        "report something.",
        "/report",
        "/REPORT@peer_bot",
        "/report x",
    ),
    "asking.lead": (
        "查询",
        "回执码",
        "Answers",
        "receipt",
        "/receipt",
        "/receipt@peer_bot",
        "撤回",
        "withdraw",
        "/withdraw",
    ),
    "forget.ask": ("清除", "不再通知", "Forget me", "/forget"),
    "home.lead": ("取消", "cancel", "/cancel", "/start", "/start from-a-link", "帮助", "？", "HELP", "/help@peer_bot"),
    "not_understood": ("你好", "跳过", "/unknown", "举报信", "。"),
}
IN_FORM: Final[Mapping[str, Said]] = {
    "cancel.ask": ("取消", "不写了", "Cancel", "/cancel"),
    "restart.ask": ("/report",),
    "asking.form_stays": ("/receipt", "/withdraw"),
    "start.under_way": ("/start", "/start again"),
    "forget.ask": ("/forget",),
    "problem.required": ("跳过", "skip"),
}
WITH_RECEIPT: Final[Mapping[str, Said]] = {"receipt.first": ("查询", "举报", "取消", "/receipt", "/report", "/cancel")}
READING: Final[Mapping[str, Said]] = {"withdraw.ask": ("撤回", "/withdraw"), "home.lead": ("取消",)}


@pytest.mark.parametrize(
    ("place", "words"),
    [(Chat(), AT_REST), (None, IN_FORM), (with_receipt("receipt"), WITH_RECEIPT), (with_receipt("thread"), READING)],
    ids=["at rest", "in the form", "with a receipt", "reading"],
)
async def test_words_and_commands_of_both_languages_are_understood(
    inform: Inform, place: object, words: Mapping[str, Said]
) -> None:
    async with inform() as it:
        for expected, said in words.items():
            for text in said:
                if place is None:
                    talk = await at(it, "what")
                elif isinstance(place, Chat):
                    talk = await it.somebody()
                else:
                    talk = await somebody_at(it, place)  # type: ignore[arg-type]
                await talk.says(text)
                wanted = talk.t(expected, district="云汀区（虚构）").splitlines()[0]
                assert wanted in (await talk.last()).text, (text, expected)


async def test_in_a_form_words_that_may_be_an_answer_are_one(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "happened_where")
        for text in ("举报", "我想撤回", "Withdraw", "语言"):
            await put(
                it, talk, Chat(place="form", tag="t", state=await state_at(it.app, "happened_where", "zh_CN", {}))
            )
            await talk.says(text)
            assert (await answers_of(it, talk))["happened_where"] == text
            assert asked((await talk.last()).text) == "evidence"


async def test_what_is_added_to_a_report_may_hold_any_word(inform: Inform) -> None:
    async with inform() as it:
        talk = await somebody_at(it, with_receipt("facts"))
        await talk.says("返回", "跳过", "继续")
        assert talk.t("facts.held", length=len("返回\n跳过\n继续")) in (await talk.last()).text
        await talk.says("取消")
        assert talk.t("thread.none") in (await talk.last()).text


@pytest.mark.parametrize("word", ["补充", "Add"])
async def test_whoever_says_that_they_will_add_something_is_asked_what(inform: Inform, word: str) -> None:
    async with inform() as it:
        talk = await somebody_at(it, with_receipt("thread"))
        await talk.says(word)
        assert (await talk.last()).buttons == [[talk.t("facts.leave")]]


async def test_a_choice_that_was_typed_in_part_is_repeated_in_full(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "unit")
        await talk.says("建设")
        unit = (await answers_of(it, talk))["unit"]
        assert unit
        last = (await talk.last()).text
        assert asked(last) == "subject"
        assert last.startswith(talk.t("question.understood", answer="云汀区建设局"))


async def test_a_language_is_asked_for_by_its_name_in_either(inform: Inform) -> None:
    async with inform() as it:
        talk, english = await it.somebody(), await it.somebody("en")
        for text, language in (
            ("英文", english),
            ("中文", talk),
            ("语言", english),
            ("Chinese", talk),
            ("English", english),
        ):
            await talk.says(text)
            assert language.t("home.report") in (await talk.last()).buttons[0], text


async def test_the_language_changes_in_the_middle_and_answers_stay(inform: Inform) -> None:
    async with inform() as it:
        talk = await at(it, "what")
        await talk.says("/language")
        text = (await talk.last()).text
        assert asked(text, "en") == "what"
        talk.language = "en"
        assert talk.t("question.progress", number=7, total=14) in text
        await talk.says("Waited all morning", "/language zh_CN")
        assert asked((await talk.last()).text) == "happened_when"
        answers = await answers_of(it, talk)
        assert (answers["what"], answers["unit"]) == ("Waited all morning", "construction")


@pytest.mark.parametrize(
    ("program", "language"), [("zh-hant", "zh_CN"), ("en-gb", "en"), ("fr", "zh_CN"), ("", "zh_CN")]
)
async def test_somebody_new_is_spoken_to_in_the_language_of_their_program_if_it_is_one_of_ours(
    inform: Inform, program: str, language: str
) -> None:
    async with inform() as it:
        talk = await it.somebody(language)
        talk.person = await it.bot.person("Mei", language=program)
        await talk.says("/start")
        assert talk.t("home.report") in (await talk.last()).buttons[0]


async def test_the_menu_of_the_program_names_every_command_in_both_languages(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        await talk.says("/start")
        commands = (await it.bot.profile())["commands"]
        menus = {place: [one["command"] for one in menu] for place, menu in commands.items()}
        assert len(menus) == 2
        assert len({tuple(menu) for menu in menus.values()}) == 1
        for name in next(iter(menus.values())):
            await talk.says(f"/{name}")
            assert talk.t("not_understood") not in (await talk.last()).text, name
            await put(it, talk, Chat())
