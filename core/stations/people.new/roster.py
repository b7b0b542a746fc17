"""The stations and who is in them, and which officials live where one is, as the department registered it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Select, or_, select, update

from core import access, audit, registry
from core.access.rows import add_if_new
from core.dialogue.form import Choice, Choices
from core.errors import Conflict, Invalid, NotFound
from core.registry import Official, Role, Unit, UnitKind
from core.sealing.signing import Fact, canonical
from core.stations.tables import Invitation, Pairing, Residence
from core.work import Liaison, Work

PROVIDER: Final = "station.officials"
"""The name under which the form of the record finds `officials_of`."""


@dataclass(frozen=True, slots=True)
class Station:
    """A liaison station."""

    id: UUID
    code: str
    name: str
    name_en: str | None

    def label(self, language: str) -> str:
        """Return the name in ``language``; Chinese stands in where there is no English one."""
        return self.name_en or self.name if language == "en" else self.name


class Standing(StrEnum):
    """Whether somebody can be reached in a chat; `UNREACHABLE` is paired, and the platform says the chat is gone."""

    PAIRED = "paired"
    INVITED = "invited"
    UNPAIRED = "unpaired"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class StationPerson:
    """A role that somebody holds at a station; ``language`` is that of their chat, if they have one."""

    person_id: UUID
    name: str
    role: Role
    since: date
    until: date | None
    standing: Standing
    language: str | None


@dataclass(frozen=True, slots=True)
class Resident:
    """An official who lives where a station is, since when and, once it is set, until when."""

    residence_id: UUID
    person_id: UUID
    name: str
    posts: str
    since: date
    until: date | None


async def stations(work: Work) -> Sequence[Station]:
    """Return the stations by position and code."""
    return [station_view(each) for each in await registry.units(work, kinds=[UnitKind.LIAISON_STATION])]


def station_view(unit: Unit) -> Station:
    """Return a unit as a station."""
    return Station(unit.id, unit.code, unit.name, unit.name_en)


async def station(work: Work, station_id: UUID) -> Station:
    """Return a station; raises `NotFound` ``station_unknown``, or `Denied`."""
    access.permit(work, "station.list")
    return station_view(await require_station(work, station_id))


async def people_of(work: Work, station_id: UUID) -> Sequence[StationPerson]:
    """Return who holds which role at a station today, by name; raises `NotFound` ``station_unknown``, or `Denied`."""
    access.permit(work, "station.list")
    await require_station(work, station_id)
    held = await registry.appointments(work, on=work.clock.today(), roles=registry.STATION, unit_id=station_id)
    ids = {each.person_id for each in held}
    names, standings = await registry.people(work, ids), await standings_of(work, ids)
    found = [
        StationPerson(
            each.person_id, names[each.person_id].name, each.role, each.since, each.until, *standings[each.person_id]
        )
        for each in held
    ]
    return sorted(found, key=lambda each: (each.name, each.person_id.hex, each.role))


async def standings_of(work: Work, person_ids: Collection[UUID]) -> Mapping[UUID, tuple[Standing, str | None]]:
    """Return of each person how they stand and in which language they are spoken to; the caller has checked who may."""
    paired = select(Pairing.person_id, Pairing.address_id, Pairing.language)
    paired = paired.where(Pairing.person_id.in_(person_ids), Pairing.ended_at.is_(None))
    chats = {row.person_id: row for row in await work.session.execute(paired)}
    unused = (Invitation.used_at.is_(None), Invitation.ended_at.is_(None), Invitation.until > work.now())
    query = select(Invitation.person_id).where(Invitation.person_id.in_(person_ids), *unused)
    invited = set(await work.session.scalars(query))
    found: dict[UUID, tuple[Standing, str | None]] = {}
    for person_id in person_ids:
        if (chat := chats.get(person_id)) is not None:
            found[person_id] = (Standing.UNREACHABLE if chat.address_id is None else Standing.PAIRED, chat.language)
        else:
            found[person_id] = (Standing.INVITED if person_id in invited else Standing.UNPAIRED, None)
    return found


async def add_residence(work: Work, person_id: UUID, station_id: UUID, *, since: date) -> UUID:
    """Register that an official lives where a station is, from a day on; return the id of the entry.

    Raises:
        Denied, NotSignedIn: without ``station.register``.
        NotFound: ``station_unknown``, or ``official_unknown`` for anybody who is in no post of the register today.
        Invalid: ``date_in_the_future``.
        Conflict: ``residence_overlaps``, while they are registered anywhere on that day or later.
    """
    access.permit_operated(work, "station.register")
    await require_station(work, station_id)
    if since > work.clock.today():
        raise Invalid("date_in_the_future", field="since")
    if not await registry.posts(work, on=work.clock.today(), person_ids=[person_id]):
        raise NotFound("official_unknown")
    still = or_(Residence.until.is_(None), Residence.until >= since)
    if await work.session.scalar(select(Residence.id).where(Residence.person_id == person_id, still).limit(1)):
        raise Conflict("residence_overlaps")
    row = Residence(id=uuid4(), person_id=person_id, station_id=station_id, since=since, until=None)
    if not await add_if_new(work.session, row):  # registered by somebody else at the same moment
        raise Conflict("residence_overlaps")
    facts: dict[str, Fact] = {"person": person_id, "station": station_id, "since": str(since)}
    audit.record(work, "residence", "begun", row.id, change=canonical("residence", facts))
    return row.id


async def end_residence(work: Work, residence_id: UUID, *, on: date) -> None:
    """Make ``on`` the last day of a residence.

    Raises `NotFound` ``residence_unknown``, `Invalid` ``ends_before_it_begins``, `Conflict` ``residence_ended``, and
    `Denied` as `add_residence`.
    """
    access.permit_operated(work, "station.register")
    since = await work.session.scalar(select(Residence.since).where(Residence.id == residence_id))
    if since is None:
        raise NotFound("residence_unknown")
    if on < since:
        raise Invalid("ends_before_it_begins", field="until")
    present = (Residence.id == residence_id, Residence.until.is_(None))
    ended = update(Residence).where(*present).values(until=on).returning(Residence.id)
    if await work.session.scalar(ended) is None:
        raise Conflict("residence_ended")
    audit.record(work, "residence", "ended", residence_id, change=str(on).encode())


async def residents_of(work: Work, station_id: UUID) -> Sequence[Resident]:
    """Return the officials who live where a station is today, by name; raises as `people_of`.

    Whoever is in no post any more is among them, without one: their entry should be ended.
    """
    access.permit(work, "station.list")
    await require_station(work, station_id)
    rows = (await work.session.scalars(_living(station_id, work.clock.today()))).all()
    names = await registry.people(work, [row.person_id for row in rows])
    posts = await _posts(work, [row.person_id for row in rows])
    found = [
        Resident(
            row.id,
            row.person_id,
            names[row.person_id].name,
            posts.get(row.person_id, {}).get("zh_CN", ""),
            row.since,
            row.until,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.name, each.person_id.hex))


async def officials_of(work: Work, station_id: UUID) -> Choices:
    """Return the officials in post who live where a station is: by name, and no others can be written about there.

    A choice's name is the person's id. For somebody of that station, or as `people_of`; raises as it does.
    """
    if not isinstance(work.actor, Liaison):
        access.permit(work, "station.list")
    elif station_id not in {each.unit_id for each in work.actor.held}:
        raise NotFound("station_unknown")
    living = {row.person_id for row in await work.session.scalars(_living(station_id, work.clock.today()))}
    posts, names = await _posts(work, living), await registry.people(work, living)
    in_post = sorted((names[person_id] for person_id in posts), key=lambda each: (each.name, each.id.hex))
    return Choices(
        Choice(
            str(each.id),
            {language: f"{each.name} · {told}" for language, told in posts[each.id].items()},
        )
        for each in in_post
    )


async def require_station(work: Work, station_id: UUID) -> Unit:
    """Return a station's unit; raise `NotFound` ``station_unknown``, also for a unit that is none."""
    unit = (await registry.units_named(work, [station_id])).get(station_id)
    if unit is None or unit.kind is not UnitKind.LIAISON_STATION:
        raise NotFound("station_unknown")
    return unit


def _living(station_id: UUID, on: date) -> Select[Residence]:
    held = (Residence.since <= on, or_(Residence.until.is_(None), Residence.until >= on))
    return select(Residence).where(Residence.station_id == station_id, *held)


async def _posts(work: Work, person_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """Return of those who are in post today where and as what, by language."""
    units = {each.id: each for each in await registry.units(work, kinds=registry.WITH_OFFICIALS)}
    entries: dict[UUID, list[Official]] = defaultdict(list)
    for entry in await registry.posts(work, on=work.clock.today(), person_ids=person_ids):
        entries[entry.person.id].append(entry)
    return {
        person_id: {
            language: "、".join(f"{units[each.unit_id].label(language)} {each.post}" for each in own)
            for language in ("zh_CN", "en")
        }
        for person_id, own in entries.items()
    }
