"""A station, its people and the department's staff, for tests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid4

from core import access, registry, stations
from core.app import App
from core.outbox import ChatAddress
from core.stations import Invited, Recognised
from core.work import Liaison, Reporter, Staff, Work
from tests.builders import OPERATOR, SINCE, a_person, a_unit
from tests.core.cases.offices import a_colleague

Result = TypeVar("Result")
NOBODY_YET = Reporter()
CHAT = "7013370042"
NAME = "澹台听雨"


@dataclass(frozen=True, slots=True)
class Network:
    """One station with a liaison, and somebody of the department; ``intake`` is where the chats are."""

    desk: App
    intake: App
    staff: Staff
    station_id: UUID
    person_id: UUID

    async def do(self, verb: Callable[[Work], Awaitable[Result]], *, staff: Staff | None = None) -> Result:
        """Let the department do something, in one piece of work."""
        async with self.desk.work(staff or self.staff, "console") as work:
            return await verb(work)

    async def in_chat(self, verb: Callable[[Work], Awaitable[Result]]) -> Result:
        """Let somebody in a chat do something."""
        async with self.intake.work(NOBODY_YET, "liaison") as work:
            return await verb(work)

    async def invited(self, person_id: UUID | None = None) -> Invited:
        return await self.do(lambda work: stations.invite(work, person_id or self.person_id))

    async def redeemed(self, word: str, chat: str = CHAT, language: str = "zh_CN") -> Liaison:
        return await self.in_chat(lambda work: stations.redeem(work, ChatAddress("liaison", chat, language), word))

    async def paired(self, chat: str = CHAT, person_id: UUID | None = None) -> Liaison:
        return await self.redeemed((await self.invited(person_id)).secret, chat)

    async def recognised(self, chat: str = CHAT) -> Recognised | None:
        return await self.in_chat(lambda work: stations.recognise(work, chat))

    async def standing(self, person_id: UUID | None = None) -> str:
        people = await self.do(lambda work: stations.people_of(work, self.station_id))
        return next(each.standing for each in people if each.person_id == (person_id or self.person_id))


async def a_network(desk: App, intake: App) -> Network:
    station_id = await a_unit(desk, "liaison_station")
    person_id = await somebody_of(desk, station_id, "station_liaison", NAME)
    return Network(desk, intake, await a_colleague(desk, "supervisor", "leading_group_office"), station_id, person_id)


async def somebody_of(
    desk: App, station_id: UUID, role: str = "station_liaison", name: str = NAME, *, until: date | None = None
) -> UUID:
    person_id = await a_person(desk, name)
    await appointed(desk, person_id, station_id, role, until=until)
    return person_id


async def appointed(
    desk: App, person_id: UUID, station_id: UUID, role: str = "station_liaison", *, until: date | None = None
) -> UUID:
    async with desk.work(OPERATOR, "cli") as work:
        return (await access.appoint(work, person_id, role, station_id, since=SINCE, until=until)).id


async def an_official(desk: App, name: str = "公冶望舒", post: str = "副局长", *, until: date | None = None) -> UUID:
    """Somebody in a post of section level; return who, as a person."""
    async with desk.work(OPERATOR, "cli") as work:
        unit = await registry.add_unit(
            work, code=f"u{uuid4().hex}", kind="district_department", name="区水利局", name_en="Water Bureau"
        )
        person = await registry.add_person(work, name, is_fictional=True)
        await registry.add_official(
            work, person.id, unit.id, post=post, rank="deputy_section", since=SINCE, until=until
        )
        return person.id
