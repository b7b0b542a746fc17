"""Homes with many stations, whose people are in chats of the platform: a round waits to be opened and prompted."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from bench.homes import OFFICE
from core import outbox, stations
from core.app import App
from core.registry.tables import Appointment, Person, Unit
from core.stations.tables import Invitation, Pairing
from core.work import Held, Reporter, Staff, Work
from tests.peer.client import Bot
from tests.peer.client import Person as Resident

KIND: Final = "liaison_station"
_SINCE: Final = date(2025, 9, 1)
_HEADS: Final = 20


@dataclass(frozen=True, slots=True)
class Manned:
    """A home with so many stations: the chat of everybody who fills in, and some heads, who may write to the bot."""

    stations: int
    chats: dict[UUID, int]
    heads: Sequence[Resident]
    staff: Staff


async def manned(app: App, bot: Bot, number: int, people: int) -> Manned:
    """Lay stations and people who are paired with chats of the platform; ``app`` is intake's core.

    Those who fill in are laid by plain inserts: they never write. The heads come by their invitations.
    """
    async with app.work(Reporter(), "bench") as work:
        staff = await _staff(work)
        places = await _stations(work, number)
    roles = [("station_liaison" if n < number else "building_contact", places[n % number]) for n in range(people)]
    filers = await _appointed(app, roles)
    chats = {person_id: await _chat(bot) for person_id in filers}
    await _pair(app, staff, {person_id: str(chat.id) for person_id, chat in chats.items()})
    heads = []
    for person_id in await _appointed(app, [("station_head", place) for place in places[:_HEADS]]):
        heads.append(await _chat(bot))
        await _invited(app, staff, person_id, str(heads[-1].id))
    # what they said to begin their chats is dropped: nobody is there yet to answer it
    await bot.peer.http.post(f"{bot.url}/deleteWebhook", json={"drop_pending_updates": True})
    return Manned(number, {person_id: chat.id for person_id, chat in chats.items()}, heads, staff)


async def _staff(work: Work) -> Staff:
    person_id = uuid4()
    office = (await work.session.scalars(select(Unit.id).where(Unit.code == OFFICE))).one()
    await work.connection.execute(insert(Person), [{"id": person_id, "name": "某主管", "is_fictional": True}])
    return Staff(person_id, uuid4(), (Held("supervisor", office, OFFICE),))


async def _stations(work: Work, number: int) -> Sequence[UUID]:
    """Return so many stations; what the home has too few of is laid."""
    found = list(await work.session.scalars(select(Unit.id).where(Unit.kind == KIND)))
    missing = [{"id": uuid4(), "code": f"s{n}", "kind": KIND, "name": f"第{n}站"} for n in range(len(found), number)]
    if missing:
        await work.connection.execute(insert(Unit), missing)
    return [*found, *(UUID(str(line["id"])) for line in missing)]


async def _appointed(app: App, roles: Sequence[tuple[str, UUID]]) -> Sequence[UUID]:
    people = [uuid4() for _ in roles]
    held = [
        {"id": uuid4(), "person_id": person_id, "role": role, "unit_id": place, "since": _SINCE}
        for person_id, (role, place) in zip(people, roles, strict=True)
    ]
    async with app.work(Reporter(), "bench") as work:
        names = [{"id": person_id, "name": "某联络员", "is_fictional": True} for person_id in people]
        await work.connection.execute(insert(Person), names)
        await work.connection.execute(insert(Appointment), held)
    return people


async def _pair(app: App, staff: Staff, chats: dict[UUID, str]) -> None:
    """Lay that people are paired, as `stations.redeem` does; the code by which a chat is found is anything."""
    async with app.work(Reporter(), "bench") as work:
        now = work.now()
        times = {"made_at": now, "code_until": now, "until": now, "used_at": now}
        words = [
            {
                "id": uuid4(),
                "person_id": person_id,
                "secret_hash": secrets.token_bytes(32),
                "code_hash": secrets.token_bytes(32),
                "made_by": staff.person_id,
                **times,
            }
            for person_id in chats
        ]
        await work.connection.execute(insert(Invitation), words)
        paired = [
            {
                "id": uuid4(),
                "person_id": word["person_id"],
                "invitation_id": word["id"],
                "chat_hash": secrets.token_bytes(32),
                "address_id": await outbox.keep(work, outbox.ChatAddress("liaison", chat, "zh_CN")),
                "language": "zh_CN",
                "paired_at": now,
                "active_at": now,
            }
            for word, chat in zip(words, chats.values(), strict=True)
        ]
        await work.connection.execute(insert(Pairing), paired)


async def _invited(app: App, staff: Staff, person_id: UUID, chat: str) -> None:
    async with app.work(Reporter(), "bench") as work:
        made = await stations.invite(replace(work, actor=staff), person_id)
        await stations.redeem(work, outbox.ChatAddress("liaison", chat, "zh_CN"), made.secret)


async def _chat(bot: Bot) -> Resident:
    person = await bot.person()
    await person.says("/start")
    return person
