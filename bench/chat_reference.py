"""The references of the chat: the least bot that takes the same updates and answers each with one message.

    python -m bench.chat_reference PORT API [sqlite:///FILE | postgresql://…]

It stands on what ours stands on: uvicorn, Starlette, aiogram. Without a database it stores nothing; with one it commits
one plain row for each update before it answers, as durably as ours. It checks, seals and remembers nothing.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import uvicorn
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message, Update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.conversations import PATH, SILENT_PATH
from bench.reference import Store, opened

_TOKEN: Final = "200:reference"  # noqa: S105 - of a bot that is none
_CONNECTIONS: Final = 64  # as ours


def create(api: str, url: str | None) -> Starlette:
    """Return the application; it stores at ``url``, or nowhere."""
    bot = Bot(_TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api), limit=_CONNECTIONS))
    speaking, silent = Dispatcher(disable_fsm=True), Dispatcher(disable_fsm=True)
    stores: list[Store] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if url is None:
            yield
        else:
            async with opened(url) as store:
                stores.append(store)
                yield
        await bot.session.close()

    @speaking.message()
    async def answer(message: Message) -> None:
        for store in stores:
            await store.put(message.text or "")
        await bot.send_message(message.chat.id, "收到。")

    @silent.message()
    async def listen(_message: Message) -> None:
        pass

    async def take(request: Request) -> Response:
        update = Update.model_validate_json(await request.body(), context={"bot": bot})
        await (speaking if request.url.path == PATH else silent).feed_update(bot, update)
        return Response()

    async def home(_request: Request) -> Response:
        return PlainTextResponse("here")

    routes = [Route("/", home), *(Route(path, take, methods=["POST"]) for path in (PATH, SILENT_PATH))]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(
        create(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None),  # noqa: PLR2004 - the last is optional
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="critical",
    )
