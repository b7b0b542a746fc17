"""The demo district's stations in chats: the bot that polls, the worker's ticks and its sender, under one clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from bots.liaison.application import Application
from bots.liaison.carrier import Carrier
from bots.liaison.texts import quarter as quarter_text
from bots.liaison.texts import texts
from core import outbox, stations
from core.app import App
from core.outbox.sender import Time
from core.registry import STATION
from core.sealing import load_process_keys
from core.work import Staff, Work
from jingshi.demo import lists
from jingshi.demo.district import District
from jingshi.demo.rounds import Deed
from jingshi.demo.stations import REMARK
from jingshi.worker import all_ticks, turn
from tests.conftest import FixedClock
from tests.peer.client import TOKEN, Bot, Peer, Person

Result = TypeVar("Result")

T: Final = texts("zh_CN")
_SPREAD: Final = timedelta(minutes=21)  # in which what is owed becomes due, and the longest that nobody is interrupted
_MATTERS: Final[Mapping[str, str]] = {
    "community_service": "社区服务",
    "office_vehicle_or_staff": "公车",
    "gifts_or_banquets": "礼品",
    "business_through_office": "买卖",
    "office_used_against_residents": "压人",
}
_SOURCES: Final[Mapping[str, str]] = {"own_observation": "亲眼", "told": "听别人", "document": "公开的材料"}


class Hurried(Time):
    """Seconds that pass thirty times as fast: the pace itself is measured elsewhere."""

    _TIMES: Final = 30

    def now(self) -> float:
        return super().now() * self._TIMES

    async def rest(self, seconds: float, stop: asyncio.Event) -> None:
        await super().rest(seconds / self._TIMES, stop)


@dataclass
class Year:
    """The people of the district's stations, each in a chat of their own once they are `paired`."""

    desk: App
    worker: App
    clock: FixedClock
    district: District
    staff: Staff
    bot: Bot
    sender: outbox.Sender
    people: dict[UUID, Person] = field(default_factory=dict)
    written: int = 0

    async def do(self, verb: Callable[[Work], Awaitable[Result]]) -> Result:
        """Let the department do something."""
        async with self.desk.work(self.staff, "console") as work:
            return await verb(work)

    async def pair_all(self) -> None:
        """Invite everybody who has a role at a station; each brings the link to the bot."""
        for person_id in sorted({each.person_id for each in self.district.postings if each.role in STATION}):
            person = self.people[person_id] = await self.bot.person()
            invited = await self.do(lambda work: stations.invite(work, person_id))  # noqa: B023 - awaited at once
            await self._says(person, f"/start {invited.secret}")
            await self._presses(person, T("who.yes"))

    async def comes_to(self, at: datetime) -> None:
        """Let the clock come to a moment: what is due then is done, and what is owed by it is sent."""
        self.clock.move(at - self.clock.now())
        await self._ticks()
        self.clock.move(_SPREAD)
        await self.sent()

    async def sent(self) -> None:
        """Let the worker send what is owed."""
        await self.sender.send_due(self.worker)
        await self._ticks()

    async def lose_chats(self, deeds: Iterable[Deed], *, lost: bool) -> None:
        """Let the chats of those who fill in be gone, or there again when they write."""
        for deed in deeds:
            for person in self.of(deed, "station_liaison", "building_contact"):
                await (person.blocks() if lost else person.unblocks())
                if not lost:
                    await self._says(person, "/start")

    async def file(self, deed: Deed) -> None:
        """Answer for a station in the chat of its first liaison, from the newest message about the round."""
        person = self.of(deed, "station_liaison")[0]
        if T("duty.nil") not in await self._buttons(person):  # one whose chat was gone: two rounds may be open
            await self._chooses(person, quarter_text("zh_CN", deed.quarter))
        if deed.is_refused:
            await self._presses(person, T("duty.write"))
            await self._presses(person, (await self._buttons(person))[0])
            await self._chooses(person, "其他", "婚姻")
            assert "个人生活" in (await person.sees()).last.text
        if not deed.entries:
            await self._presses(person, T("duty.nil"), T("nil.yes"))
            return
        for number in range(deed.entries):
            await self._writes(person, "duty.another" if number else "duty.write")
        await self._presses(person, T("duty.file"))

    async def send_back(self, deed: Deed) -> None:
        """Let the head send a record back."""
        (head,) = self.of(deed, "station_head")
        await self._presses(head, T("duty.show"), T("duty.return"))
        await self._says(head, REMARK)
        await self._presses(head, T("remark.yes"))

    async def file_again(self, deed: Deed) -> None:
        """Let the liaison see why it came back, and file it again."""
        person = self.of(deed, "station_liaison")[0]
        await self._presses(person, T("duty.show"))
        assert REMARK in (await person.sees()).last.text
        await self._presses(person, T("duty.file"))

    async def sign(self, deed: Deed) -> None:
        """Let the head sign, or the deputy."""
        (signer,) = self.of(deed, deed.signer)
        await self._presses(signer, T("duty.show"), T("duty.sign"), T("sign.yes"))

    def of(self, deed: Deed, *roles: str) -> Sequence[Person]:
        """Return the people of a station who hold one of the roles."""
        return [self.people[each] for role in roles for each in self.held(deed, role)]

    def held(self, deed: Deed, role: str) -> Sequence[UUID]:
        """Return who holds a role at a station."""
        return [p.person_id for p in self.district.postings if (p.role, p.unit_code) == (role, deed.station)]

    async def _writes(self, person: Person, begin: str) -> None:
        entries = lists.entries()
        told = entries[self.written % len(entries)]
        self.written += 1
        await self._presses(person, T(begin))
        await self._presses(person, (await self._buttons(person))[0])
        await self._chooses(person, _MATTERS[told["matter"]])
        await self._says(person, told["what"])
        await self._says(person, told["happened_when"])
        await self._chooses(person, _SOURCES[told["source"]])
        await self._presses(person, T("review.submit"))

    async def _ticks(self) -> None:
        for tick in all_ticks(self.worker):
            assert await turn(self.worker, tick), tick.name

    async def _says(self, person: Person, text: str) -> None:
        await person.says(text)
        await self.bot.peer.settled()

    async def _presses(self, person: Person, *labels: str) -> None:
        for label in labels:
            await person.presses(label)
            await self.bot.peer.settled()

    async def _chooses(self, person: Person, *parts: str) -> None:
        """Press buttons by a part of what is on them, on whatever page."""
        for part in parts:
            while not (found := [label for label in await self._buttons(person) if part in label]):
                await self._presses(person, T("page.after"))
            await self._presses(person, found[0])

    async def _buttons(self, person: Person) -> Sequence[str]:
        return [label for row in (await person.sees()).last.buttons for label in row]


@asynccontextmanager
async def a_year(
    desk: App, worker: App, clock: FixedClock, peer: Peer, district: District, staff: Staff
) -> AsyncIterator[Year]:
    """Run the bot and a sender as long as the block lasts."""
    told = replace(worker.settings, liaison_token=TOKEN, telegram_api=peer.url)
    worker.settings = told
    carrier, stop = Carrier.of(worker), asyncio.Event()
    intake = App(told, load_process_keys(told.keys, "intake"), clock=clock)
    sender = outbox.Sender("liaison", carrier, stop, time=Hurried())
    platform = await peer.bot(TOKEN)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Application(intake).run(stop))
            yield Year(desk, worker, clock, district, staff, platform, sender)
            stop.set()
    finally:
        await carrier.close()
        await intake.close()
