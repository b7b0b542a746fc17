"""A real aiogram bot talks to the peer, by long polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot as Aiogram
from aiogram import Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.peer.client import Attachment, Bot, Peer
from tests.peer.serving import serve

pytestmark = pytest.mark.unmeasured  # the peer is none of the product

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="是", callback_data="yes")]])


def echo() -> Dispatcher:
    """A bot that gives back what it gets."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def on_message(message: Message, bot: Aiogram) -> None:
        if message.document is None:
            await message.answer(f"<i>{message.text}</i>", parse_mode="HTML", reply_markup=KEYBOARD)
            return
        data = await bot.download(message.document)
        assert data is not None
        await message.answer_document(BufferedInputFile(data.read(), message.document.file_name or ""))

    @dispatcher.callback_query()
    async def on_press(query: CallbackQuery) -> None:
        await query.answer("好", show_alert=True)
        if isinstance(query.message, Message):
            await query.message.edit_text(f"{query.data}!")

    return dispatcher


@pytest.fixture
async def aiogram(bot: Bot) -> AsyncIterator[Aiogram]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(bot.peer.url))
    async with Aiogram(bot.token, session=session) as client:
        yield client


async def talk(bot: Bot) -> None:
    """Two people talk to the bot, and see what they should."""
    lin, mei = await bot.person("Lin"), await bot.person("Mei")
    await lin.says("你好")
    await mei.sends("document", Attachment(b"%PDF-1", "a.pdf"))
    await bot.peer.settled()
    assert (await lin.sees()).texts == ["你好"]
    assert (await lin.sees()).last.buttons == [["是"]]
    file = (await mei.sees()).last.file
    assert file is not None
    assert (file.name, await mei.opens(file.unique)) == ("a.pdf", b"%PDF-1")

    await lin.presses("是")
    await bot.peer.settled()
    seen = await lin.sees()
    assert [(answer.text, answer.alert) for answer in seen.answers] == [("好", True)]
    assert seen.texts == ["yes!"]


async def test_an_aiogram_bot_answers_by_long_polling(bot: Bot, aiogram: Aiogram) -> None:
    dispatcher = echo()
    polling = asyncio.create_task(
        dispatcher.start_polling(aiogram, handle_signals=False, handle_as_tasks=False, polling_timeout=30)
    )

    await talk(bot)

    await dispatcher.stop_polling()
    await polling


async def test_an_aiogram_bot_answers_by_webhook(bot: Bot, aiogram: Aiogram) -> None:
    dispatcher = echo()

    async def hook(request: Request) -> Response:
        await dispatcher.feed_raw_update(aiogram, await request.json())
        return Response()

    async with serve(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as url:
        await aiogram.set_webhook(f"{url}/hook", secret_token="s", allowed_updates=["message", "callback_query"])
        await talk(bot)
        await aiogram.delete_webhook()


async def test_an_aiogram_bot_understands_a_refusal(peer: Peer, bot: Bot, aiogram: Aiogram) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await aiogram.send_message(1, "x")

    assert [fault.kind for fault in await peer.faults()] == ["state"]
