"""The client that plays the platform: one update of a chat at a time, and again until it was answered."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from httptools import HttpRequestParser

from bench.client import Run
from bench.conversations import Conversation
from bench.deliveries import Deliveries

OK, LATER, NOTHING = 200, 503, 0
TOLD: Sequence[Conversation] = [
    [f"POST /{chat}/{place} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for place in range(5)] for chat in range(4)
]
EVERY = [f"/{chat}/{place}" for chat in range(4) for place in range(5)]


@dataclass
class Bot:
    """Answers with what is laid down, ``NOTHING`` by hanging up, else with 200; notes what came, and what it took."""

    ends: list[int] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    took: list[str] = field(default_factory=list)

    def end(self, update: str) -> int:
        self.came.append(update)
        end = self.ends.pop(0) if self.ends else OK
        if end == OK:
            self.took.append(update)
        return end


class Wire(asyncio.Protocol):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.parser = HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        end = self.bot.end(url.decode())
        if end == NOTHING:
            self.transport.close()
        else:
            self.transport.write(f"HTTP/1.1 {end} x\r\nContent-Length: 0\r\n\r\n".encode())


@asynccontextmanager
async def answering(bot: Bot) -> AsyncIterator[int]:
    server = await asyncio.get_running_loop().create_server(lambda: Wire(bot), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def delivered(bot: Bot, *, at_once: int = 2, again_every: int | None = None) -> Run:
    async with answering(bot) as port:
        return await Deliveries(port, TOLD, at_once=at_once, again_every=again_every).finish()


async def test_every_update_is_delivered_once_and_in_the_order_of_its_chat() -> None:
    bot = Bot()
    run = await delivered(bot, at_once=3)
    assert sorted(bot.took) == EVERY
    for chat in range(4):
        assert [update for update in bot.took if update.startswith(f"/{chat}/")] == EVERY[5 * chat : 5 * chat + 5]
    assert (len(run.latencies), run.refused, run.unanswered) == (20, 0, 0)


async def test_what_is_refused_or_cut_off_comes_again_before_what_follows_it() -> None:
    bot = Bot([OK, LATER, NOTHING, NOTHING, OK])
    run = await delivered(bot, at_once=1)
    assert bot.took == EVERY
    assert bot.came[:6] == [EVERY[0], *[EVERY[1]] * 4, EVERY[2]]
    assert (len(run.latencies), run.refused, run.unanswered) == (20, 1, 2)


async def test_every_tenth_update_comes_a_second_time_and_is_counted_once() -> None:
    bot = Bot()
    run = await delivered(bot, at_once=1, again_every=10)
    assert [update for update in EVERY if bot.took.count(update) == 2] == [EVERY[9], EVERY[19]]
    assert len(run.latencies) == 20


async def test_somebody_waits_until_so_many_were_answered() -> None:
    bot = Bot()
    async with answering(bot) as port:
        deliveries = Deliveries(port, TOLD, at_once=1)
        delivering = asyncio.ensure_future(deliveries.finish())
        await deliveries.reached(7)
        assert len(deliveries.run.latencies) >= 7
        await delivering
