"""A quarter in a chat: pairing, nothing to report, an entry, the head's signature; and each thing done once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bots.liaison.carrier import Carrier
from core import drafts, outbox
from core.app import App
from core.outbox.templates import ROUND
from core.texts import LANGUAGES
from core.work import System
from tests.bots.liaison.conftest import OFFICIAL, PHONE, Station, Stationed, Talk
from tests.conftest import FixedClock
from tests.core.stations.network import NAME
from tests.peer.client import TOKEN, Peer

WORDS = "周末用单位的车接亲戚"


@pytest.fixture
async def carrier(worker: App, peer: Peer) -> AsyncIterator[Carrier]:
    worker.settings = replace(worker.settings, liaison_token=TOKEN, telegram_api=peer.url, stations_phone=PHONE)
    carrier = Carrier.of(worker)
    yield carrier
    await carrier.close()


async def prompted(it: Stationed, carrier: Carrier, talk: Talk, template: str = "round_prompt") -> None:
    """Let the worker send a message of the round."""
    address = outbox.ChatAddress("liaison", str(talk.person.id), talk.language)
    assert await carrier.carry(address, template, it.obligation_id) == outbox.Sent()


async def writes(talk: Talk) -> None:
    """Write an entry, from the record as it stands until it is noted."""
    await talk.presses("duty.write", OFFICIAL, "公车")
    await talk.says(WORDS, "11月12日")
    await talk.presses("听别人说的", "review.submit")


@pytest.mark.parametrize("webhook", [False, True])
async def test_somebody_pairs_by_a_link_and_is_asked_whether_it_is_them(station: Station, webhook: bool) -> None:  # noqa: FBT001 - a column
    async with station(webhook=webhook) as it:
        talk = await it.somebody()
        await talk.says("/start")
        assert talk.t("stranger.lead") in (await talk.last()).text
        await talk.says(f"/start {(await it.network.invited()).secret}")
        assert talk.t("who.ask", name=NAME) in (await talk.last()).text
        await talk.presses("who.yes")
        shown = await talk.last()
        assert shown.buttons[0] == [talk.t("duty.nil")]


async def test_six_digits_pair_as_well_and_not_me_ends_it(station: Station) -> None:
    async with station() as it:
        talk = await it.somebody("en")
        code = (await it.network.invited()).code
        await talk.says(f"{code[:3]} {code[3:]}")
        await talk.presses("who.no", "disown.no")
        assert await it.network.recognised(str(talk.person.id)) is not None
        await talk.says("/stop", (await it.network.invited()).code)
        await talk.presses("who.no", "disown.yes")
        assert talk.t("stranger.lead") in (await talk.last()).text
        assert await it.network.recognised(str(talk.person.id)) is None


async def test_wrong_digits_are_slowed(station: Station) -> None:
    async with station() as it:
        talk = await it.somebody()
        for _ in range(it.app.policy.count("pairing_tries")):
            await talk.says("000000")
            assert talk.t("refused.digits_unknown", number=PHONE) in (await talk.last()).text
        await talk.says((await it.network.invited()).code)
        assert talk.t("refused.too_many") in (await talk.last()).text


async def test_wrong_digits_from_many_chats_are_slowed_and_a_link_still_pairs(station: Station) -> None:
    async with station() as it:
        of_one, of_all = (it.app.policy.count(name) for name in ("pairing_tries", "pairing_tries_of_all"))
        for _ in range(of_all // of_one):
            guesser = await it.somebody()
            for _ in range(of_one):
                await guesser.says("000000")
        talk = await it.somebody()
        invited = await it.network.invited()
        await talk.says(invited.code)
        assert talk.t("refused.too_many") in (await talk.last()).text
        await talk.says(f"/start {invited.secret}")
        assert talk.t("who.ask", name=NAME) in (await talk.last()).text


@pytest.mark.parametrize("digits", ["零一二三四五六七八九", "０１２３４５６７８９"])
async def test_digits_told_by_voice_pair_and_a_greeting_is_no_wrong_try(station: Station, digits: str) -> None:
    async with station() as it:
        talk = await it.somebody()
        for _ in range(it.app.policy.count("pairing_tries") + 1):
            await talk.says("你好")
            assert talk.t("stranger.lead") in (await talk.last()).text
        code = "".join(digits[int(each)] for each in (await it.network.invited()).code)
        await talk.says(f"{code[:3]}-{code[3:]}")
        assert talk.t("who.ask", name=NAME) in (await talk.last()).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_to_report_takes_two_taps_from_the_prompt_to_the_thanks(
    station: Station, carrier: Carrier, language: str
) -> None:
    async with station() as it:
        talk = await it.paired(language=language)
        await prompted(it, carrier, talk)
        await talk.presses("duty.nil", "nil.yes")
        assert talk.t("thanks.nil") in (await talk.last()).text
        assert talk.taps == 2
        record = await it.record()
        assert (record.duty.state, record.duty.is_nil) == ("submitted", True)


async def test_what_is_typed_does_what_the_buttons_do(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.says("没有", "是的，就这样交")
        assert talk.t("thanks.nil") in (await talk.last()).text


async def test_an_entry_takes_eight_messages_at_most_and_is_filed_and_signed(
    station: Station, carrier: Carrier
) -> None:
    async with station(webhook=True) as it:
        talk = await it.paired()
        await prompted(it, carrier, talk)
        await writes(talk)
        assert WORDS in (await talk.last()).text
        await talk.presses("duty.file")
        assert talk.t("thanks.filed") in (await talk.last()).text
        assert talk.taps <= 8
        assert await it.state() == "submitted"
        head = await it.paired(it.head_id)
        await prompted(it, carrier, head, "record_to_sign")
        await head.presses("duty.show")
        assert WORDS in (await head.last()).text
        await head.presses("duty.sign", "sign.yes")
        assert head.taps <= 3
        assert head.t("thanks.signed") in (await head.last()).text
        assert await it.state() == "signed"
        await head.says("还有一件事")
        assert head.t("over", number=PHONE) in (await head.last()).text


async def test_every_question_is_answered_by_typing_alone(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.says("有情况，写一条", "以后再写", "接着写那一条", "公冶", "6")
        shown = (await talk.last()).text
        assert talk.t("question.chosen", answer="其他") in shown
        assert "\n2 " in shown
        await talk.says("上一题", "2", "跳过")
        assert "需要回答" in (await talk.last()).text
        await talk.says(WORDS, "记不清", "2", "好的")
        assert talk.t("entry.added") in (await talk.last()).text
        (entry,) = (await it.record()).entries
        assert (entry.answers["category"], entry.answers["evidence"]) == ("office_vehicle_or_staff", "told")
        assert "happened_when" not in entry.answers


async def test_an_entry_put_aside_is_gone_on_with_until_its_round_is_locked(
    station: Station, worker: App, clock: FixedClock
) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.presses("duty.write", OFFICIAL, "公车")
        await talk.says(WORDS)
        await talk.presses("question.later")
        assert "10月13日" in (await talk.last()).text
        clock.move(datetime(2026, 10, 13, 10, 0, tzinfo=UTC) - clock.now())
        async with worker.work(System("worker"), "worker") as work:
            await drafts.expire(work)
        await talk.presses("duty.resume")
        assert talk.t("question.progress", number=4, total=5) in (await talk.last()).text
        await talk.says("十月初")
        await talk.presses("听别人说的", "review.submit", "duty.file")
        assert (await it.record()).duty.is_late


async def test_a_choice_is_changed_from_the_summary(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.presses("duty.write", OFFICIAL, "公车")
        await talk.says(WORDS, "11月12日")
        await talk.presses("听别人说的", "review.change", "您是怎么知道的", "亲眼", "review.submit")
        (entry,) = (await it.record()).entries
        assert entry.answers["evidence"] == "own_observation"


async def test_the_head_sends_what_cannot_wait_ahead_and_signs_the_rest(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        for _ in range(2):
            await talk.presses("duty.write" if not (await it.record()).entries else "duty.another", OFFICIAL, "公车")
            await talk.says(WORDS, "11月12日")
            await talk.presses("听别人说的", "review.submit")
        await talk.presses("duty.file")
        head = await it.paired(it.head_id)
        await head.presses("duty.hurry", "第 2 条")
        assert WORDS in (await head.last()).text
        await head.says("不")
        await head.presses("duty.hurry", "第 2 条", "hurry.yes")
        assert head.t("hurried") in (await head.last()).text
        record = await it.record()
        assert (len(record.entries), record.hurried) == (1, 1)
        await head.presses("duty.sign", "sign.yes")
        assert await it.state() == "signed"


async def test_a_head_sends_a_record_back_with_a_remark(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await writes(talk)
        await talk.presses("duty.file")
        head = await it.paired(it.head_id)
        assert NAME in (await head.last()).text
        await head.presses("duty.return")
        await head.says("请写清楚")
        assert await it.state() == "submitted"
        await head.presses("remark.anew")
        await head.says("请写清楚日期")
        assert "请写清楚日期" in (await head.last()).text
        await head.presses("remark.yes")
        assert await it.state() == "returned"
        assert head.t("standing.sent_back", remark="请写清楚日期") in (await head.last()).text
        await talk.says("/start")
        said = talk.t("standing.returned", remark="请写清楚日期")
        assert said in (await talk.last()).text
        await talk.presses("duty.drop", "第 1 条", "drop.not")
        assert len((await it.record()).entries) == 1
        await talk.presses("duty.drop", "第 1 条", "drop.yes")
        assert not (await it.record()).entries
        assert said in (await talk.last()).text


async def test_what_is_private_ends_the_entry_and_keeps_nothing(station: Station) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.presses("duty.write", OFFICIAL, "page.after", "其他", "婚姻")
        assert "个人生活" in (await talk.last()).text
        assert not (await it.record()).entries


async def test_an_update_delivered_five_times_has_one_effect(station: Station) -> None:
    async with station(webhook=True) as it:
        talk = await it.paired()
        await talk.presses("duty.write", OFFICIAL, "公车")
        await talk.says(WORDS, "七月中旬")
        await talk.presses("听别人说的")
        await it.bot.lose_answers(4)
        await talk.presses("review.submit")
        assert len([one for one in await it.bot.attempts() if one["lost"]]) == 4
        assert len((await it.record()).entries) == 1


async def test_a_stranger_at_the_door_is_refused(station: Station) -> None:
    async with station(webhook=True) as it:
        await it.paired()
        assert (await it.deliver({"update_id": 1}, secret="wrong")).status_code == 403


async def test_every_message_of_a_round_names_station_quarter_and_day(station: Station, carrier: Carrier) -> None:
    async with station() as it:
        talk = await it.paired()
        name = (await it.record()).duty.station_name
        for template in ROUND:
            await prompted(it, carrier, talk, template)
            text = (await talk.last()).text
            assert name in text
            assert "2026年第3季度" in text
            assert PHONE in text
            assert "owed." not in text
