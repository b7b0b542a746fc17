"""What the platform may do to the stations' bot: nothing of it stops the bot, and each message ends as it should."""

import logging

import pytest

from bots.liaison.carrier import Carrier
from core import outbox
from jingshi.logs import LEVELS, PlainFormatter
from tests.bots.liaison.conftest import Station, Stationed, Talk
from tests.bots.liaison.test_a_record import carrier
from tests.peer.client import TOKEN

__all__ = ["carrier"]


async def carried(it: Stationed, carrier: Carrier, talk: Talk) -> outbox.Outcome:
    address = outbox.ChatAddress("liaison", str(talk.person.id), talk.language)
    return await carrier.carry(address, "round_prompt", it.obligation_id)


@pytest.mark.parametrize("webhook", [False, True])
async def test_what_cannot_be_read_is_passed_over_and_holds_nobody_up(
    station: Station,
    caplog: pytest.LogCaptureFixture,
    webhook: bool,  # noqa: FBT001 - a column
) -> None:
    async with station(webhook=webhook) as it:
        talk = await it.paired()
        await it.bot.raw("channel_post", {"message_id": 5, "date": 1, "chat": {"id": -1005, "type": "channel"}})
        await it.bot.raw("message", {"text": "heron"})
        await it.bot.raw("something_of_next_year", {"text": "heron"})
        await talk.presses("duty.nil", "nil.yes")
        assert talk.t("thanks.nil") in (await talk.last()).text
        said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        assert said == ["an update cannot be read and is passed over"]


async def test_whoever_blocks_the_bot_is_unreachable(station: Station, carrier: Carrier) -> None:
    async with station() as it:
        talk = await it.paired()
        await talk.person.blocks()
        assert await carried(it, carrier, talk) == outbox.Unreachable()


async def test_the_platform_is_left_in_peace_for_as_long_as_it_asks(station: Station, carrier: Carrier) -> None:
    async with station() as it:
        talk = await it.paired()
        await it.bot.too_many("sendMessage", retry_after=7)
        assert await carried(it, carrier, talk) == outbox.Halted(7)
        assert await carried(it, carrier, talk) == outbox.Sent()


async def test_a_message_is_tried_again_while_the_platform_has_a_fault(station: Station, carrier: Carrier) -> None:
    async with station() as it:
        talk = await it.paired()
        await it.bot.trouble("answer", "sendMessage", code=502, description="Bad Gateway")
        assert await carried(it, carrier, talk) == outbox.TryAgain()


async def test_a_message_whose_answer_was_lost_is_uncertain(station: Station, carrier: Carrier) -> None:
    async with station(webhook=True) as it:
        talk = await it.paired()
        await it.bot.trouble("drop_after", "sendMessage")
        assert await carried(it, carrier, talk) == outbox.Uncertain()


async def test_a_revoked_token_is_refused(station: Station, carrier: Carrier) -> None:
    async with station() as it:
        talk = await it.paired()
        await it.bot.revoke()
        assert await carried(it, carrier, talk) == outbox.Refused()


async def test_no_log_holds_the_token_a_name_or_a_word(
    station: Station, carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    formatter = PlainFormatter("intake")
    async with station() as it:
        talk = await it.paired()
        await talk.presses("duty.write")
        await talk.says("鹭鸶")
        await it.bot.raw("message", {"text": "鹭鸶"})
        await it.bot.trouble("answer", "sendMessage", code=400, description=f"鹭鸶 {TOKEN}")
        await it.bot.trouble("drop_after", "sendMessage")
        for _ in range(2):
            await carried(it, carrier, talk)
    logged = [each for each in caplog.records if each.levelno >= LEVELS.get(each.name.partition(".")[0], logging.INFO)]
    said = "\n".join(formatter.format(each) for each in logged)
    assert "an update cannot be read" in said
    for secret in (TOKEN, str(talk.person.id), "Lin", "鹭鸶"):
        assert secret not in said
