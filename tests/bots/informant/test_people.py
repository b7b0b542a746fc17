"""Groups, people who block the bot or are gone, and a token that is worthless."""

import logging

import httpx
import pytest

from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import answers_of, at, at_question, kept
from tests.bots.informant.waiting import until
from tests.peer.client import NO_TLS, TOKEN, Peer

WAYS = ("polling", "webhook")


async def test_in_a_group_it_declines_politely_in_both_languages_and_leaves(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        group = await it.bot.group("Neighbours", talk.person)
        member = talk.person.within(group)
        await member.says("/start 有人收了红包")
        await talk.settled()
        assert "私下的对话" in (await member.sees()).last.text
        assert "private chats only" in (await member.sees()).last.text
        assert [line["chat"] for line in await it.bot.requests("leaveChat")] == [group]
        await member.says("/report")
        await talk.settled()
        assert len((await member.sees()).from_bot) == 1
        assert await kept(it, talk) is None


async def test_added_to_a_group_it_declines_and_leaves_before_anybody_speaks(inform: Inform) -> None:
    async with inform() as it:
        talk = await it.somebody()
        group = await it.bot.group("Neighbours", talk.person)
        await talk.person.within(group).unblocks()
        await talk.settled()
        assert "private chats only" in (await talk.person.within(group).sees()).last.text
        assert [line["chat"] for line in await it.bot.requests("leaveChat")] == [group]


async def test_a_group_that_moved_before_it_was_declined_holds_nobody_up(inform: Inform, peer: Peer) -> None:
    bot = await peer.bot(TOKEN)
    lin = await bot.person("Lin")
    group = await bot.group("Neighbours", lin)
    await lin.within(group).says("/start")
    moved = await bot.migrate(group, lin)
    async with inform(webhook=True, bot=bot) as it:
        await it.bot.peer.settled()
        assert "private chats only" in (await lin.within(moved).sees()).last.text
        assert {line["status"] for line in await it.bot.attempts()} == {200}
        assert [fault for fault in await peer.faults() if fault.kind == "malformed"] == []


async def test_who_blocked_the_bot_in_the_middle_goes_on_where_they_were(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "what")
        await talk.says("/start")
        await it.bot.trouble("answer", "sendMessage", code=403, description="Forbidden: bot was blocked by the user")
        await talk.says("等了一上午")
        await talk.person.blocks()
        await talk.settled()
        assert {line["status"] for line in await it.bot.attempts()} == {200}
        await talk.person.unblocks()
        await talk.says("九月")
        assert await at_question(talk) == "happened_where"
        assert (await answers_of(it, talk))["what"] == "等了一上午"


async def test_an_account_that_is_gone_is_not_written_to_again_and_again(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "what")
        await talk.says("/start")
        await it.bot.trouble("delay", "sendMessage", seconds=0.2)
        await talk.person.says("等了一上午")
        await talk.person.is_deactivated()
        await talk.settled()
        assert [line["status"] for line in await it.bot.attempts()] == [200, 200]
        assert [line["code"] for line in await it.bot.requests("sendMessage")] == [200, 403]


@pytest.mark.parametrize("way", WAYS)
async def test_a_token_that_is_revoked_is_said_in_one_line_and_the_pages_go_on(
    inform: Inform, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    async with inform(webhook=way == "webhook") as it:
        talk = await at(it, "facts")
        await talk.says("/start")
        await it.bot.revoke()
        for text in ("一", "二", "三"):
            await talk.person.says(text)

        async def said() -> list[str]:
            return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]

        await until(said)
        async with httpx.AsyncClient(base_url=it.pages, verify=NO_TLS) as resident:
            assert (await resident.get("/")).status_code == 200
            assert (await resident.get("/readyz")).status_code == 200
    assert await said() == ["the informant bot is off: the platform refuses its token; the pages go on"]
