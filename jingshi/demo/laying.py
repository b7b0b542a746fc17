"""The steps of laying the demo district, in order."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from typing import Final

from core import registry
from core.registry import DEPARTMENTS, WITH_OFFICIALS, Person, Rank, Role, Unit, UnitKind
from core.work import Work
from jingshi.demo import lists
from jingshi.demo.names import invented_names

SEED: Final = 20251001
BEGIN: Final = date(2025, 9, 1)
"""The first day of every appointment, before the first quarter of the demo's year."""

_DEPUTY_STATIONS: Final = 14
_CONTACT_STATIONS: Final = 22
_LINKED_TEAMS: Final = 5
_MEETING: Final = 5
_DEPARTMENTS_OF_ELEVEN: Final = 36
_DEPARTMENTS_WITH_FOUR_OF_FULL_RANK: Final = 20


class Layer:
    """Lays the district once, into an empty home."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._random = Random(SEED)  # noqa: S311 - the same district at every run; nothing is secret here
        self._names = invented_names(self._random)
        self._posts = lists.posts()
        self._units: dict[str, Unit] = {}
        self._officials: dict[str, list[Person]] = {}

    async def lay(self) -> None:
        """Lay everything."""
        for place in lists.places():
            await self._unit(place)
            if place.kind in WITH_OFFICIALS:
                await self._team(place)
        for station in self._of(UnitKind.LIAISON_STATION):
            await self._station(station)
        for crew in lists.staff():
            await self._appoint_new(crew.role, crew.unit, crew.people)
        await self._meetings()
        await self._links()

    def _of(self, *kinds: UnitKind) -> list[Unit]:
        return [unit for unit in self._units.values() if unit.kind in kinds]

    async def _unit(self, place: lists.Place) -> None:
        self._units[place.code] = await registry.add_unit(
            self._work,
            code=place.code,
            kind=place.kind,
            name=place.name,
            name_en=place.name_en,
            parent_id=self._units[place.under].id if place.under else None,
            position=len(self._units),
        )

    async def _person(self) -> Person:
        return await registry.add_person(self._work, next(self._names), is_fictional=True)

    async def _appoint(self, person: Person, role: Role, code: str) -> None:
        await registry.appoint(self._work, person.id, role, self._units[code].id, since=BEGIN)

    async def _appoint_new(self, role: Role, code: str, people: int = 1) -> None:
        for _ in range(people):
            await self._appoint(await self._person(), role, code)

    async def _team(self, place: lists.Place) -> None:
        """Fill a leading team: the principal leader, then the others of full rank, then the deputies."""
        is_department = place.kind in DEPARTMENTS
        full, deputies = _department_size(len(self._of(*DEPARTMENTS))) if is_department else (8, 10)
        team = "department" if is_department else str(place.kind)
        named = [
            (place.head, Rank.FULL_SECTION),
            *_ranked(self._posts[team, Rank.FULL_SECTION], Rank.FULL_SECTION, full - 1),
            *_ranked(self._posts[team, Rank.DEPUTY_SECTION], Rank.DEPUTY_SECTION, deputies),
        ]
        self._officials[place.code] = [
            await self._official(place.code, post, rank, is_principal=number == 0)
            for number, (post, rank) in enumerate(named)
        ]

    async def _official(self, code: str, post: str, rank: Rank, *, is_principal: bool) -> Person:
        person = await self._person()
        since = date(2016, 1, 1) + timedelta(days=self._random.randrange(9 * 365))
        await registry.add_official(
            self._work, person.id, self._units[code].id, post=post, rank=rank, since=since, is_principal=is_principal
        )
        return person

    async def _station(self, station: Unit) -> None:
        """Staff a station. The larger come first, those of the townships last: these have one liaison."""
        number = self._of(UnitKind.LIAISON_STATION).index(station)
        await self._appoint_new(Role.STATION_HEAD, station.code)
        await self._appoint_new(Role.STATION_LIAISON, station.code, 1 if self._is_rural(station) else 2)
        if number < _DEPUTY_STATIONS:
            await self._appoint_new(Role.STATION_DEPUTY_HEAD, station.code)
        if number < _CONTACT_STATIONS:
            await self._appoint_new(Role.BUILDING_CONTACT, station.code)

    def _is_rural(self, station: Unit) -> bool:
        committees = {unit.id: unit.parent_id for unit in self._of(UnitKind.RESIDENTS_COMMITTEE)}
        townships = {unit.id for unit in self._of(UnitKind.TOWNSHIP)}
        return any(station.parent_id == committee and unit in townships for committee, unit in committees.items())

    async def _meetings(self) -> None:
        """Compose the department meetings, and make the office's director head the organisation department (S63)."""
        director = await self._person()
        await self._appoint(director, Role.LEADING_GROUP, "leading_group")
        await self._appoint(director, Role.DEPARTMENT_MEETING, "leading_group_office")
        for code, body in (
            ("organisation_department", "leading_group_office"),
            ("discipline_commission", "discipline_commission"),
        ):
            for person in self._officials[code][:_MEETING]:
                await self._appoint(person, Role.DEPARTMENT_MEETING, body)

    async def _links(self) -> None:
        """Link every leading team to a member of the organisation department's staff, five teams each (S72)."""
        teams = self._of(*WITH_OFFICIALS)
        for first in range(0, len(teams), _LINKED_TEAMS):
            person = await self._person()
            for team in teams[first : first + _LINKED_TEAMS]:
                await self._appoint(person, Role.ORGANISATION_STAFF, team.code)


def _department_size(number: int) -> tuple[int, int]:
    """Return how many of full and of deputy rank the ``number``-th department has, counted from one."""
    full = 4 if number <= _DEPARTMENTS_WITH_FOUR_OF_FULL_RANK else 3
    return full, (11 if number <= _DEPARTMENTS_OF_ELEVEN else 10) - full


def _ranked(titles: Sequence[str], rank: Rank, number: int) -> Iterator[tuple[str, Rank]]:
    return ((title, rank) for title in islice(cycle(titles), number))
