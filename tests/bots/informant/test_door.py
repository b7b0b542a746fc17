"""The door of the webhook: only the platform comes in, and nothing that it brings breaks the bot."""

import asyncio
import logging

import httpx
import pytest

from jingshi.chats import PATH
from tests.bots.informant import door
from tests.bots.informant.conftest import Inform
from tests.bots.informant.places import answers_of, at, kept
from tests.peer.client import NO_TLS, PATIENCE, TOKEN, Peer

CHANNEL_POST = {"message_id": 5, "date": 1, "chat": {"id": -1005, "type": "channel", "title": "C"}, "text": "x"}


async def test_without_the_right_secret_nothing_is_applied(inform: Inform) -> None:
    async with inform(webhook=True) as it:
        talk = await at(it, "facts")
        await talk.says("/start")
        before = await kept(it, talk)
        for secret in ("", "wrong", door.secret_of(it)[:-1], door.secret_of(it) + "x", "\u00e9"):
            headers = {b"x-telegram-bot-api-secret-token": secret.encode("latin-1")} if secret else {}
            async with httpx.AsyncClient(base_url=it.pages, verify=NO_TLS) as stranger:
                answer = await stranger.post(PATH, json=door.message(talk, text="x"), headers=headers)
            assert (answer.status_code, answer.text) == (403, "")
        assert await kept(it, talk) == before


async def test_the_door_is_no_page_and_takes_no_body_that_is_too_large(inform: Inform) -> None:
    async with inform(webhook=True) as it, httpx.AsyncClient(base_url=it.pages, verify=NO_TLS) as somebody:
        assert (await somebody.get(PATH)).status_code == 404
        assert (await door.deliver(it, b"[" * (2**20 + 1))).status_code == 413
        assert (await somebody.get("/")).status_code == 200


async def test_what_is_no_update_is_passed_over_with_one_line_that_quotes_nothing(
    inform: Inform, caplog: pytest.LogCaptureFixture
) -> None:
    async with inform(webhook=True) as it:
        for body in (b"", b"{", b"[]", b'{"update_id": "heron"}', b'{"update_id": 1, "message": {"text": "heron"}}'):
            caplog.clear()
            assert (await door.deliver(it, body)).status_code == 200
            said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
            assert said == ["an update cannot be read and is passed over"]


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_updates_that_no_resident_causes_are_passed_over_and_hold_nobody_up(
    inform: Inform, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    async with inform(webhook=way == "webhook") as it:
        talk = await at(it, "facts")
        await it.bot.raw("channel_post", CHANNEL_POST)
        await it.bot.raw("message", {"text": "heron"})
        await it.bot.raw("something_of_next_year", {"text": "heron"})
        await talk.says("后来的话")
        assert (await answers_of(it, talk))["facts"] == "后来的话"
        assert [line for line in await it.bot.requests("sendMessage") if line["chat"] != talk.person.id] == []
        said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        assert said == ["an update cannot be read and is passed over"]


async def test_it_is_said_once_that_the_platform_cannot_be_reached_and_once_that_it_can(
    inform: Inform, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "jingshi.informant")
    lost = asyncio.Event()

    def hear(record: logging.LogRecord) -> bool:
        if "does not reach" in record.msg:
            lost.set()
        return True

    caplog.handler.addFilter(hear)
    platform = await peer.bot(TOKEN)
    await platform.down()
    async with inform(bot=platform) as it:
        async with asyncio.timeout(PATIENCE):
            await lost.wait()
        await platform.down(down=False)
        talk = await it.somebody()
        await talk.says("/help")
    assert caplog.text.count("does not reach the platform") == 1
    assert caplog.text.count("reaches the platform") == 1
