"""A round that is opened, planned and prompted for many stations, while whoever plans and sends is killed.

The clock is a demo's. First it shows the morning of the prompt: workers plan and are killed. Then it shows half an hour
later: all prompts are due at once, workers send and are killed, and the last one is left to finish. All the while heads
of stations write to the bot, and wait for its answers.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle, pairwise
from random import Random
from typing import Any, Final

from sqlalchemy import Select, func, select

from bench.client import OK
from bench.figures import Figure, Target, figure
from bench.homes import OPERATOR, Home
from bench.processes import Server
from bench.round_homes import Manned, manned
from bench.sender import WORKER
from bench.speed import INTAKE
from core import stations
from core.app import App
from core.outbox.tables import Delivery
from core.policy.calendar import SHANGHAI
from core.stations.tables import Obligation, Reminder
from tests.peer.client import TOKEN, Bot, Peer, Person, most_in_a_second
from tests.peer.running import peer

_PROMPT: Final = datetime(2026, 9, 1, 9, 0, 30, tzinfo=SHANGHAI)
_ALL_DUE: Final = timedelta(minutes=30)
_PLANNING_LIFE: Final = (0.5, 1.2)  # of the time in which a worker starts and plans its first batch
_SENDING_LIFE: Final = (3.0, 10.0)  # seconds
_EVERY: Final = 0.1
_WRITES_EVERY: Final = 1.0
_WITHIN: Final = 300.0
_GAP: Final = 1.0
_PLANNED: Final = select(func.count()).select_from(Reminder)
_OBLIGED: Final = select(func.count(Obligation.station_id.distinct()))  # of one round
_NONE: Final = Target("=", 0)
_COPIES: Final = Target("≤", 2)
_PER_SECOND: Final = Target("≥", 25)
_AT_MOST: Final = Target("≤", 30)
_REPLY: Final = Target("<", 1_000)


@dataclass(frozen=True, slots=True)
class Prompted:
    """What became of a round.

    ``early`` workers were killed before all was planned. ``unreached`` people got no prompt, and ``left_out`` are those
    of them who are not on the call list either; ``copies`` is the most that one person got, ``twice`` are those who got
    more than one. ``doubled`` are the obligations and reminders beyond one each. ``moments`` are those of the prompts,
    ``most`` the most messages of any kind in a rolling second. ``replies`` are the seconds of the answers to heads.
    """

    stations: int
    people: int
    kills: int
    early: int
    seed: int
    unreached: int
    left_out: int
    copies: int
    twice: int
    doubled: int
    most: int
    refused: int
    moments: Sequence[float] = field(repr=False)
    replies: Sequence[float] = field(repr=False)

    @property
    def rate(self) -> float:
        """Prompts per second in the longest run without a pause."""
        run = longest_run(self.moments)
        return (len(run) - 1) / (run[-1] - run[0])


async def prompting(home: Home, number: int, people: int, kills: int, seed: int) -> Prompted:
    """Let workers open, plan and prompt a round, kill them so many times at random moments, and look what came of it.

    Raises `TimeoutError` when the last worker does not finish.
    """
    chance = Random(seed)  # noqa: S311 - when to kill
    app = App.for_process(replace(home.settings, now=_PROMPT + _ALL_DUE), "intake")
    try:
        async with peer() as platform:
            bot = await platform.bot(TOKEN)
            manning = await manned(app, bot, number, people)
            await bot.limit()
            told = _told(home, platform)
            async with _answering(home, told, bot, manning.heads) as replies:
                early = await _planned(app, home, told, manning, kills // 2, chance)
                await _sent(app, home, told, kills - kills // 2, chance)
            return await _found(app, bot, manning, replies, kills=kills, early=early, seed=seed)
    finally:
        await app.close()


def prompting_figures(name: str, found: Prompted) -> Iterator[Figure]:
    """Yield the lines of a round."""
    label = f"{name}, a round of {found.stations:,} stations, {found.people:,} people, {found.kills} × kill -9"
    yield figure(f"{label}: killed before all was planned", found.early, "workers")
    yield figure(f"{label}: people left out", found.left_out, "people", target=_NONE)
    yield figure(f"{label}: on the call list instead of prompted", found.unreached - found.left_out, "people")
    yield figure(f"{label}: most copies of one prompt", found.copies, "messages", target=_COPIES)
    yield figure(f"{label}: prompted twice", found.twice, "people")
    yield figure(f"{label}: obligations and reminders doubled", found.doubled, "rows", target=_NONE)
    yield figure(f"{label}: sent", found.rate, "1/s", target=_PER_SECOND)
    yield figure(f"{label}: most in any second", found.most, "messages", target=_AT_MOST)
    yield figure(f"{label}: refused by the platform", found.refused, "messages", target=_NONE)
    yield figure(f"{label}: slowest answer meanwhile", max(found.replies) * 1000, "ms", target=_REPLY)


def longest_run(moments: Sequence[float]) -> Sequence[float]:
    """Return the most moments that follow each other without a pause of a second. Pure."""
    runs: list[list[float]] = [[]]
    ordered = sorted(moments)
    for before, at in pairwise([ordered[0], *ordered]):
        if at - before >= _GAP:
            runs.append([])
        runs[-1].append(at)
    return max(runs, key=len)


def _told(home: Home, platform: Peer) -> Mapping[str, str]:
    return {
        **home.environment,
        "JINGSHI_LIAISON_TOKEN": TOKEN,
        "JINGSHI_TELEGRAM_API": platform.url,
        "JINGSHI_PUBLIC_URL": f"http://127.0.0.1:{home.port}",
        "JINGSHI_NOW": _PROMPT.isoformat(),
    }


@asynccontextmanager
async def _answering(
    home: Home, told: Mapping[str, str], bot: Bot, heads: Sequence[Person]
) -> AsyncIterator[list[float]]:
    """Run intake, and let one head after another write to the bot; give the seconds of the answers."""
    replies: list[float] = []
    with Server.running(INTAKE, told, home.port) as intake:
        await intake.answers()
        async with asyncio.timeout(_WITHIN):
            while (await bot.profile())["webhook"] is None:  # noqa: ASYNC110 - another process
                await asyncio.sleep(_EVERY)
        talking = asyncio.create_task(_talk(heads, replies))
        try:
            yield replies
        finally:
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)


async def _talk(heads: Sequence[Person], replies: list[float]) -> None:
    for head in cycle(heads):
        seen = len((await head.sees()).from_bot)
        begun = time.perf_counter()
        await head.says("/start")
        await head.sees_when(lambda view: len(view.from_bot) > seen)  # noqa: B023 - awaited at once
        replies.append(time.perf_counter() - begun)
        await asyncio.sleep(max(_WRITES_EVERY - replies[-1], 0))


class _Lives:
    """Workers, one after the other, whose clock begins at a moment and never goes back."""

    def __init__(self, home: Home, told: Mapping[str, str], at: datetime) -> None:
        self._home, self._environment, self._at = home, told, at
        self._begun = time.perf_counter()

    def start(self) -> Server:
        now = self._at + timedelta(seconds=time.perf_counter() - self._begun)
        return Server(WORKER, {**self._environment, "JINGSHI_NOW": now.isoformat()}, self._home.port)


async def _planned(app: App, home: Home, told: Mapping[str, str], manning: Manned, kills: int, chance: Random) -> int:
    """Let workers plan, and kill so many of them; return how many of these died before all was planned."""
    lives, early, usual = _Lives(home, told, _PROMPT), 0, 0.0
    for _ in range(kills):
        worker, begun = lives.start(), time.perf_counter()
        if usual:
            await asyncio.sleep(usual * chance.uniform(*_PLANNING_LIFE))
        else:
            await _until(app, select(func.count() > 0).select_from(Reminder))
            usual = time.perf_counter() - begun
        worker.kill()
        early += await _ask(app, _PLANNED) < len(manning.chats)
    worker = lives.start()
    try:
        await _until(app, select(func.count() >= len(manning.chats)).select_from(Reminder))
    finally:
        worker.stop()
    return early


async def _sent(app: App, home: Home, told: Mapping[str, str], kills: int, chance: Random) -> None:
    """Let workers send, kill so many of them, and leave the last one to finish."""
    lives = _Lives(home, told, _PROMPT + _ALL_DUE)
    for _ in range(kills):
        worker = lives.start()
        await asyncio.sleep(chance.uniform(*_SENDING_LIFE))
        worker.kill()
    worker = lives.start()
    try:
        owed = Delivery.state.in_(("queued", "sending"))
        await _until(app, select(func.count() == 0).select_from(Delivery).where(owed))
    finally:
        worker.stop()


async def _until(app: App, question: Select[bool]) -> None:
    """Ask the database until it says yes; raises `TimeoutError`."""
    async with asyncio.timeout(_WITHIN):
        while not await _ask(app, question):  # noqa: ASYNC110 - a worker is another process
            await asyncio.sleep(_EVERY)


async def _ask(app: App, question: Select[Any]) -> int:
    async with app.work(OPERATOR, "cli", write=False) as work:
        return int(await work.session.scalar(question) or 0)


async def _found(app: App, bot: Bot, manning: Manned, replies: Sequence[float], **told: int) -> Prompted:
    lines = await bot.sent()
    copies = Counter(dict.fromkeys(manning.chats.values(), 0))
    copies.update(line["chat"] for line in lines if line["chat"] in copies)
    unreached = {person_id for person_id, chat in manning.chats.items() if not copies[chat]}
    async with app.work(manning.staff, "console", write=False) as work:
        listed = {each.person_id for each in await stations.call_list(work)}
    obliged, planned = await _ask(app, _OBLIGED), await _ask(app, _PLANNED)
    rows = await _ask(app, select(func.count()).select_from(Obligation))
    return Prompted(
        stations=manning.stations,
        people=len(manning.chats),
        unreached=len(unreached),
        left_out=len(unreached - listed),
        copies=max(copies.values()),
        twice=sum(number > 1 for number in copies.values()),
        doubled=rows - obliged + planned - len(manning.chats),
        most=most_in_a_second([float(line["at"]) for line in lines]),
        refused=sum(line["code"] != OK for line in await bot.requests("sendMessage")),
        moments=[float(line["at"]) for line in lines if line["chat"] in copies],
        replies=replies,
        **told,
    )
