"""The sender of owed messages against a platform with the real limits: how fast it sends, and never too fast."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bench.figures import Figure, Target, figure
from bench.homes import Home
from bench.processes import Server
from core import outbox
from core.app import App, cases
from core.work import Reporter, System
from tests.core.cases.builders import a_report
from tests.peer.client import TOKEN, Bot, most_in_a_second
from tests.peer.running import peer

WORKER: Final = ("jingshi", "serve", "--only", "worker")
_FIRST: Final = 9_000_000  # numbers of the reports of this part, as bench.reading knows them
_PER_SECOND: Final = Target("≥", 25)
_AT_MOST: Final = Target("≤", 30)
_WITHIN: Final = 120.0
_EVERY: Final = 0.2


@dataclass(frozen=True, slots=True)
class Sending:
    """Messages that the platform took, in how many seconds from the first to the last, and the most in any second."""

    sent: int
    seconds: float
    most: int
    refused: int

    @property
    def rate(self) -> float:
        """Messages per second, from the first to the last."""
        return (self.sent - 1) / self.seconds


async def sending(home: Home, messages: int) -> Sending:
    """Owe a message to each of so many chats, start a worker, and look at what reaches the platform.

    Raises `TimeoutError` when it does not send them all.
    """
    async with peer() as platform:
        bot = await platform.bot(TOKEN)
        chats = [await _a_chat(bot) for _ in range(messages)]
        await _owe(home, chats)
        await bot.limit()
        told = {"JINGSHI_INFORMANT_TOKEN": TOKEN, "JINGSHI_TELEGRAM_API": platform.url}
        with Server.running(WORKER, {**home.environment, **told}, home.port):
            async with asyncio.timeout(_WITHIN):
                while len(sent := await bot.sent()) < messages:  # noqa: ASYNC110 - the peer is another process
                    await asyncio.sleep(_EVERY)
        refused = [line for line in await bot.requests("sendMessage") if line["code"] != 200]  # noqa: PLR2004 - OK
    return _of(sent, len(refused))


def sending_figures(name: str, found: Sending) -> Iterator[Figure]:
    """Yield the lines of the sender."""
    label = f"{name}, {found.sent:,} owed messages"
    yield figure(f"{label}: sent", found.rate, "1/s", target=_PER_SECOND)
    yield figure(f"{label}: most in any second", found.most, "messages", target=_AT_MOST)
    yield figure(f"{label}: refused by the platform", found.refused, "messages", target=Target("=", 0))


def _of(sent: list[dict[str, Any]], refused: int) -> Sending:
    moments = [float(line["at"]) for line in sent]
    return Sending(len(moments), max(moments) - min(moments), most_in_a_second(moments), refused)


async def _a_chat(bot: Bot) -> str:
    person = await bot.person()
    await person.says("/start")
    return str(person.id)


async def _owe(home: Home, chats: list[str]) -> None:
    """Report from each chat, ask to be told there, and owe it the message that there is an answer."""
    intake, desk = App.for_process(home.settings, "intake"), App.for_process(home.settings, "desk")
    try:
        items = []
        async with intake.work(Reporter(), "telegram") as work:
            for number, chat in enumerate(chats, start=_FIRST):
                made = await cases.submit(work, a_report(answers={"what": f"第 {number} 号"}))
                await outbox.tell_here(work, made.item_id, outbox.ChatAddress("informant", chat, "zh_CN"))
                items.append(made.item_id)
        async with desk.work(System("desk"), "console") as work:
            for item_id in items:
                await outbox.queue(work, outbox.REPLY_WAITING, item_id)
    finally:
        await intake.close()
        await desk.close()
