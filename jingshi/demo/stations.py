"""A year of the demo's stations: which officials live where, and four rounds, filed and signed, as ``rounds.csv`` says.

Nobody there has a chat: an invented one might be somebody's. They answer as by their personal links.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from typing import Final
from uuid import UUID

from core import cases, registry, stations
from core.app import App
from core.dialogue import RECORD, Dialogue, Done, Question, Review, load
from core.errors import Misconfigured
from core.policy.calendar import SHANGHAI
from core.registry import Role, UnitKind
from core.stations.rules.schedule import last_month
from core.work import Held, Liaison, Reporter, System, Work
from jingshi.demo import lists
from jingshi.demo.district import District
from jingshi.demo.laying import BEGIN
from jingshi.demo.rounds import STEP, Deed, stages, waves, year

RESIDENTS: Final = 3
"""Officials who live where a station is."""

REMARK: Final = "请写清楚大概的日期。"
"""With which a head sends a record back."""

_ACTOR: Final = System("demo")
_WORKER: Final = System("worker")
_REFUSED: Final = "family"  # one of the categories that the gate keeps nothing of
_MONTHS_BEFORE: Final = 2  # the last month of a quarter comes after two others

Act = Callable[[], Awaitable[None]]
Event = tuple[datetime, Act]


async def lay_residences(app: App, district: District) -> None:
    """Register that some officials live where each station is, since before the year."""
    async with app.work(_ACTOR, "cli") as work:
        officials = sorted(await registry.posts(work, on=BEGIN), key=lambda each: each.person.name)
        people = iter([each.person.id for each in officials])
        for unit in station_units(district):
            for _ in range(RESIDENTS):
                await stations.add_residence(work, next(people), unit.id, since=BEGIN)


def station_units(district: District) -> Sequence[registry.Unit]:
    """Return the stations in the order of the district."""
    return sorted(
        (unit for unit in district.units.values() if unit.kind is UnitKind.LIAISON_STATION),
        key=lambda unit: unit.position,
    )


@dataclass
class Year:
    """The rounds of a year, on the cores of the processes that take part in them."""

    intake: App
    worker: App
    district: District

    def __post_init__(self) -> None:
        self._entries = lists.entries()
        self._numbers = count()
        self._form = load(RECORD)

    def events(self) -> Sequence[Event]:
        """Return what happens and when; rounds come and go by the worker's clock."""
        events: list[Event] = []
        for quarter in dict.fromkeys(deed.quarter for deed in year()):
            events += self._by_the_clock(quarter)
        for (quarter, stage), deeds in waves().items():
            if stage:
                events += self._wave(stages(quarter)[stage].at, deeds)
        return events

    def _by_the_clock(self, quarter: str) -> Sequence[Event]:
        planned = stages(quarter)
        first, _ = last_month(quarter)
        opened = datetime.combine(first.replace(month=first.month - _MONTHS_BEFORE), time(8), SHANGHAI)
        locked = planned["call_list"].at + timedelta(days=1)
        return [(at, self._see_to_rounds) for at in (opened, *(stage.at for stage in planned.values()), locked)]

    async def _see_to_rounds(self) -> None:
        async with self.worker.work(_WORKER, "worker") as work:
            await stations.see_to_rounds(work)
            await stations.remind_due(work)

    def _wave(self, at: datetime, deeds: Sequence[Deed]) -> Sequence[Event]:
        """What these do after a reminder, hour by hour."""
        returned = [deed for deed in deeds if deed.is_returned]
        hours = ((self._fill_in, deeds), (self._send_back, returned), (self._file, returned), (self._sign, deeds))
        return [(at + hour * STEP, partial(self._each, do, some)) for hour, (do, some) in enumerate(hours, 1) if some]

    async def _each(self, do: Callable[[Work, Deed], Awaitable[None]], deeds: Sequence[Deed]) -> None:
        async with self.intake.work(Reporter(), "web") as work:
            for deed in deeds:
                await do(work, deed)

    async def _fill_in(self, work: Work, deed: Deed) -> None:
        work = self._as(Role.STATION_LIAISON, work, deed)
        obligation_id = await _obligation(work, deed)
        if deed.is_refused:
            await cases.refuse(work, category=_REFUSED, channel="liaison_station")
        for _ in range(deed.entries):
            await stations.add_entry(work, obligation_id, await self._entry(work, deed))
        await (stations.file if deed.entries else stations.file_nil)(work, obligation_id)

    async def _send_back(self, work: Work, deed: Deed) -> None:
        work = self._as(Role.STATION_HEAD, work, deed)
        await stations.send_back(work, await _obligation(work, deed), REMARK)

    async def _file(self, work: Work, deed: Deed) -> None:
        work = self._as(Role.STATION_LIAISON, work, deed)
        await stations.file(work, await _obligation(work, deed))

    async def _sign(self, work: Work, deed: Deed) -> None:
        work = self._as(deed.signer, work, deed)
        await stations.sign(work, await _obligation(work, deed))

    def _as(self, role: Role, work: Work, deed: Deed) -> Work:
        """Go on as the first at a station who holds a role."""
        held = Held(role, self.district.units[deed.station].id)
        return replace(work, actor=Liaison(self.district.people(role, deed.station)[0], (held,)))

    async def _entry(self, work: Work, deed: Deed) -> Done:
        """Answer the form of the record at once and confirm the summary."""
        number = next(self._numbers)
        officials = await stations.officials_of(work, self.district.units[deed.station].id)
        told = self._entries[number % len(self._entries)]
        dialogue = Dialogue(self._form, today=work.clock.today(), lists={stations.PROVIDER: officials})
        answers = {**told, "official": officials.all[number % len(officials.all)].name}
        start = dialogue.start("zh_CN")
        review = dialogue.answer_all(start.state, answers) if isinstance(start, Question) else start
        done = dialogue.submit(review.state) if isinstance(review, Review) else review
        if not isinstance(done, Done):
            raise Misconfigured(f"an entry of the demo does not fit the form: {told['what']}")
        return done


async def _obligation(work: Work, deed: Deed) -> UUID:
    return next(duty.obligation_id for duty in await stations.duties(work) if duty.quarter == deed.quarter)
