"""The stub of the platform: what it answers is valid, and what it was sent is found again."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from aiogram.types import Message, User

from bench.botapi import Platform, Wire
from bench.client import Answer, Connection
from core.sealing import Receipt


@pytest.fixture
async def wire() -> AsyncIterator[Connection]:
    platform = Platform()
    server = await asyncio.get_running_loop().create_server(lambda: Wire(platform), "127.0.0.1", 0)
    connection = await Connection.to(server.sockets[0].getsockname()[1])
    yield connection
    connection.close()
    server.close()


async def asks(wire: Connection, path: str, **fields: object) -> Answer:
    body = urlencode(fields).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return await wire.send(head.encode() + body)


async def asks_in_json(wire: Connection, path: str, **fields: object) -> Answer:
    body = json.dumps(fields, ensure_ascii=False).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return await wire.send(head.encode() + body)


async def result(wire: Connection, method: str, **fields: object) -> Any:  # noqa: ANN401 - what JSON brings
    answer = await asks(wire, f"/bot100:token/{method}", **fields)
    assert answer.status == 200
    told = json.loads(answer.body)
    assert told["ok"] is True
    return told["result"]


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "editMessageReplyMarkup"])
async def test_a_message_is_answered_with_a_message_of_its_chat(wire: Connection, method: str) -> None:
    first, second = [Message.model_validate(await result(wire, method, chat_id=7, text="收到。")) for _ in range(2)]
    assert (first.chat.id, second.message_id) == (7, first.message_id + 1)


@pytest.mark.parametrize(
    "method", ["setWebhook", "deleteWebhook", "setMyCommands", "answerCallbackQuery", "deleteMessages"]
)
async def test_a_deed_is_done(wire: Connection, method: str) -> None:
    assert await result(wire, method) is True


async def test_a_bot_learns_who_it_is(wire: Connection) -> None:
    assert User.model_validate(await result(wire, "getMe")).is_bot


async def test_a_method_that_it_does_not_know_is_not_found(wire: Connection) -> None:
    assert (await asks(wire, "/bot100:token/sendDice", chat_id=7)).status == 404


async def test_the_receipts_of_a_chat_are_kept_and_nothing_else_is(wire: Connection) -> None:
    receipt = Receipt.new().text
    for chat, text in ((7, f"请记下：\n{receipt}\n只有它"), (7, f"再看一次：\n{receipt}\n"), (8, "没有什么")):
        await result(wire, "sendMessage", chat_id=chat, text=text)
    answer = await wire.send(b"GET /receipts HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert json.loads(answer.body) == {"7": [receipt]}
