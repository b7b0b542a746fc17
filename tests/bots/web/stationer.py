"""A station of which somebody has a link to their pages, and what people do there."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from starlette.applications import Starlette

from bots.web.site import texts
from core import stations
from core.app import App
from core.stations.people.pairing import liaison_of
from tests.bots.web.person import Person
from tests.core.stations.network import Network, a_network, an_official, somebody_of

IN_TIME = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
OFFICIAL = "公冶望舒"
WORDS = "周末用单位的车接亲戚"
ANSWERS: Mapping[str, str] = {
    "matter": "office_vehicle_or_staff",
    "what": WORDS,
    "happened_when": "七月中旬",
    "source": "own_observation",
}


@dataclass(frozen=True, slots=True)
class Stationed:
    """A round that is open, at a station with a liaison, a head and an official who lives there."""

    site: Starlette
    network: Network
    head_id: UUID
    official_id: UUID
    obligation_id: UUID

    @property
    def path(self) -> str:
        return f"/station/records/{self.obligation_id}"

    async def link(self, person_id: UUID | None = None) -> str:
        """Return the way in that the department hands out."""
        whose = person_id or self.network.person_id
        return "/station/" + await self.network.do(lambda work: stations.personal_link(work, whose))

    @asynccontextmanager
    async def somebody(self, person_id: UUID | None = None, language: str = "zh-CN") -> AsyncIterator[Person]:
        """Return the liaison, or somebody else of the station, who has opened their link."""
        async with Person.at(self.site, language=language) as person:
            await person.open(await self.link(person_id))
            assert person.answer.status_code == 200, person.text
            yield person

    async def record(self) -> stations.Record:
        """Return the record as the head sees it."""
        async with self.network.intake.work(
            await self.network.in_chat(lambda work: liaison_of(work, self.head_id)), "liaison"
        ) as work:
            return await stations.record(work, self.obligation_id)

    async def state(self) -> str:
        return (await self.record()).duty.state


def t(message_id: str, **placeholders: object) -> str:
    return texts("zh_CN")(message_id, **placeholders)


async def a_station(site: Starlette, desk: App, intake: App) -> Stationed:
    network = await a_network(desk, intake)
    head_id = await somebody_of(desk, network.station_id, "station_head", "端木站长")
    official_id = await an_official(desk, OFFICIAL)
    since = IN_TIME.date().replace(day=1)
    await network.do(lambda work: stations.add_residence(work, official_id, network.station_id, since=since))
    opened = await network.do(lambda work: stations.open_round(work, "2026Q3"))
    shown = await network.do(stations.matrix)
    return Stationed(site, network, head_id, official_id, shown.cells[network.station_id, opened.id].obligation_id)


async def write(person: Person, station: Stationed, **changes: str) -> None:
    """Write an entry from its first question to the record."""
    await walk(person, station, **changes)
    await person.press("action", "submit")


async def walk(person: Person, station: Stationed, *, until: str = "", **changes: str) -> None:
    """Answer every question before ``until`` (``""``: all of them, as far as the summary)."""
    answers = {"official": str(station.official_id), **ANSWERS, **changes}
    await person.open(f"{station.path}/entry")
    while asked := question(person):
        if asked == until:
            return
        await answer(person, answers[asked])
        assert person.answer.status_code == 200, person.text


async def answer(person: Person, value: str) -> None:
    """Press the answer, or write it and go on."""
    if ("answer", value) in person.reading.forms[0].buttons:
        await person.press("answer", value)
    elif value:
        await person.press("action", "next", answer=value)
    else:
        await person.press("action", "skip")


def question(person: Person) -> str:
    """Return the name of the question on the page, if there is one."""
    return dict(person.reading.forms[0].fields).get("question", "") if person.reading.forms else ""
