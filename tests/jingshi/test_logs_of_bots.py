"""Whatever goes wrong between a bot and its platform, no token, text, number or URL comes into a log."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.types import Message
from aiohttp import ClientError, web

from jingshi.logs import LEVELS, PlainFormatter
from tests.databases import free_port

SECRET = "planted-secret-of-the-bot"
TOKEN = f"424242:{SECRET}"
TEXT, PERSON, UPDATE = "三楼茶水间的事", 777000111, 909090909
PLANTED = (SECRET, "424242", "file_1", TEXT, str(PERSON), str(UPDATE), "://")
LOG = logging.getLogger("bots.informant")
MESSAGE = {
    "message_id": 1,
    "date": 1,
    "text": TEXT,
    "chat": {"id": PERSON, "type": "private"},
    "from": {"id": PERSON, "is_bot": False, "first_name": TEXT},
}

Answer = Callable[[web.Request], web.StreamResponse]


def refuse(status: int) -> Answer:
    description = f"{TEXT} {TOKEN} {PERSON}"
    return lambda _: web.json_response({"ok": False, "error_code": status, "description": description}, status=status)


def say(text: str, status: int = 200) -> Answer:
    return lambda request: web.Response(text=f"{text} {request.path} {TEXT}", status=status)


def cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


def send_elsewhere(request: web.Request) -> web.StreamResponse:
    return web.Response(status=307, headers={"Location": f"http://[{request.path}"})


def redirect_round(request: web.Request) -> web.StreamResponse:
    return web.Response(status=307, headers={"Location": request.path})


def well_at_first(request: web.Request, told: list[str]) -> web.StreamResponse:
    """Say who the bot is, deliver one message, and break down."""
    if request.path.endswith("/getMe"):
        return web.json_response({"ok": True, "result": {"id": 424242, "is_bot": True, "first_name": TEXT}})
    told.append(request.path)
    if len(told) == 1:
        return web.json_response({"ok": True, "result": [{"update_id": UPDATE, "message": MESSAGE}]})
    return refuse(502)(request)


async def fetch(bot: Bot) -> object:
    """Fetch a file; where the platform says of none, of whatever URL it has."""
    return await bot.download_file("photos/file_1.jpg")


REFUSALS = {
    "unauthorized": refuse(401),
    "not found": refuse(404),
    "bad request": refuse(400),
    "another poller": refuse(409),
    "server error": refuse(500),
    "a page of a proxy": say("<html>Bad Gateway", 502),
    "cut": cut,
    "sent to no URL": send_elsewhere,
    "sent round and round": redirect_round,
}
NONSENSE: dict[str, Answer] = {
    "no JSON": say("hello"),
    "another shape": lambda _: web.json_response({"ok": True, "result": {"id": TEXT}}),
}


class Lines(logging.Handler):
    """What a process would write to its standard error, and a bell that rings at each line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(PlainFormatter("intake"))
        self.written: list[str] = []
        self.bell = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))
        self.bell.set()

    async def hear(self, words: str) -> None:
        """Wait until a line holds these words."""
        async with asyncio.timeout(20):
            while not any(words in line for line in self.written):
                self.bell.clear()
                await self.bell.wait()


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log of a process, with the levels that it has there."""
    root, handler = logging.getLogger(), Lines()
    before = {name: logging.getLogger(name).level for name in ("", *LEVELS)}
    for name, level in {"": logging.INFO, **LEVELS}.items():
        logging.getLogger(name).setLevel(level)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@asynccontextmanager
async def served(answer: Answer) -> AsyncIterator[Bot]:
    """Give a bot that speaks to a server of the platform's shape, which answers as it is told."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return answer(request)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        async with a_bot(port) as bot:
            yield bot
    finally:
        await runner.cleanup()


def a_bot(port: int) -> Bot:
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(f"http://127.0.0.1:{port}"), timeout=10))


async def log_what_happens(bot: Bot, call: Callable[[Bot], Awaitable[object]]) -> None:
    """Log the error of a call in every way in which our code may do it."""
    with pytest.raises((AiogramError, ClientError)) as raised:
        await call(bot)
    try:
        raise raised.value
    except (AiogramError, ClientError) as error:
        LOG.exception("the platform does not answer")
        LOG.warning("the platform does not answer: %s", error)
        LOG.warning("the platform does not answer: %r", error)


def assert_nothing_planted(lines: Lines) -> None:
    assert lines.written != []
    assert [(word, line) for line in lines.written for word in PLANTED if word in line] == []


@pytest.mark.parametrize("answer", [*REFUSALS.values(), *NONSENSE.values()], ids=[*REFUSALS, *NONSENSE])
async def test_an_error_of_the_platform_is_logged_without_token_or_text(lines: Lines, answer: Answer) -> None:
    async with served(answer) as bot:
        await log_what_happens(bot, Bot.get_me)
    assert_nothing_planted(lines)


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
async def test_a_file_that_cannot_be_fetched_is_logged_without_its_url(lines: Lines, answer: Answer) -> None:
    async with served(answer) as bot:
        await log_what_happens(bot, fetch)
    assert_nothing_planted(lines)


@pytest.mark.parametrize("call", [Bot.get_me, fetch], ids=["call", "file"])
async def test_a_platform_that_cannot_be_reached_is_logged_without_token(
    lines: Lines, call: Callable[[Bot], Awaitable[object]]
) -> None:
    async with a_bot(free_port()) as bot:
        await log_what_happens(bot, call)
    assert_nothing_planted(lines)


async def test_polling_tells_neither_who_wrote_nor_what_nor_how_it_failed(lines: Lines) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def fail(message: Message) -> None:
        raise ValueError(message.text)

    told: list[str] = []
    async with served(lambda request: well_at_first(request, told)) as bot:
        polling = asyncio.ensure_future(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
        await lines.hear("Failed to fetch updates: TelegramServerError")
        await dispatcher.stop_polling()
        await polling
    assert [line for line in lines.written if "Cause exception" in line and "ValueError" in line] != []
    assert_nothing_planted(lines)
