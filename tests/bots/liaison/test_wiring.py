"""Both bots beside the pages: each behind its own door, begun once the pages answer, and sent for by the worker."""

import asyncio
from dataclasses import replace

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bots.liaison.texts import texts
from core.app import App
from jingshi import chats
from tests.peer.client import TOKEN, Peer


async def test_each_bot_has_a_door_of_its_own() -> None:
    inner = chats.Front(Starlette(), path=chats.INFORMANT.path)
    outer = chats.Front(inner, path=chats.LIAISON.path)

    async def taken(_request: Request) -> Response:
        return PlainTextResponse("taken")

    outer.deliver = taken
    async with httpx.AsyncClient(transport=httpx.ASGITransport(outer), base_url="http://door") as platform:
        assert (await platform.post(chats.LIAISON.path)).text == "taken"
        assert (await platform.post(chats.INFORMANT.path)).status_code == 503
        assert (await platform.post("/elsewhere")).status_code == 404


async def test_the_bot_runs_once_the_pages_answer_and_until_it_is_stopped(intake: App, peer: Peer) -> None:
    bot = await peer.bot(TOKEN)
    intake.settings = replace(intake.settings, liaison_token=TOKEN, telegram_api=peer.url)
    assert chats.on(intake.settings) == [chats.LIAISON]
    front, answering, stop = chats.Front(Starlette()), asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(chats.run(chats.LIAISON, intake, front, answering, stop, lambda: None))
    answering.set()
    person = await bot.person()
    await person.says("/start")
    await peer.settled()
    assert texts("zh_CN")("stranger.lead") in (await person.sees()).last.text
    assert front.deliver is not None
    stop.set()
    await running
    assert front.deliver is None


async def test_the_worker_sends_for_the_bots_that_are_on(worker: App, peer: Peer) -> None:
    worker.settings = replace(worker.settings, liaison_token=TOKEN, telegram_api=peer.url)
    before = len(worker.jobs.ticks)
    async with chats.sending(worker, asyncio.Event()):
        assert len(worker.jobs.ticks) > before
