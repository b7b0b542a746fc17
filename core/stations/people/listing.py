"""PURE: from lines of cells to the entries of the two lists of the stations, each fault named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from core.registry import LOCALE, STATION, Note, Role
from core.registry.columns import Headings, Row, split_off
from core.registry.spreadsheets import Line
from core.texts import LANGUAGES, translator

PEOPLE: Final[Headings] = MappingProxyType(
    {
        "name": ("姓名", "name"),
        "station": ("联络站", "station"),
        "role": ("职务", "role"),
        "since": ("任职日期", "since"),
    }
)
"""The columns of a list of the stations' people."""

RESIDENCES: Final[Headings] = MappingProxyType(
    {
        "name": ("姓名", "name"),
        "unit": ("单位", "unit"),
        "station": ("联络站", "station"),
        "since": ("起始日期", "since"),
    }
)
"""The columns of a list of where officials live."""


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """What a row says about somebody of a station; where it has ``notes``, that is not to be used."""

    row: int
    name: str
    station: str
    role: Role
    since: date
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ResidenceEntry:
    """What a row says about where an official lives, likewise."""

    row: int
    name: str
    unit: str
    station: str
    since: date
    notes: tuple[Note, ...] = ()


def read_people(lines: Sequence[Line], *, today: date) -> list[PersonEntry]:
    """Return what each row below the headings says; raises `Invalid` as `core.registry.columns.split_off`."""
    columns, rows = split_off(lines, PEOPLE)
    return [_person(Row(line, columns), today) for line in rows]


def read_residences(lines: Sequence[Line], *, today: date) -> list[ResidenceEntry]:
    """Return what each row below the headings says; raises as `read_people`."""
    columns, rows = split_off(lines, RESIDENCES)
    return [_residence(Row(line, columns), today) for line in rows]


def _person(row: Row, today: date) -> PersonEntry:
    name, station, written = row.name("name"), row.text("station", 200), row.text("role", 40)
    role = _roles().get(written.lower())
    if written and role is None:
        row.note("unknown_station_role", "role")
    since = row.day("since", today, latest=today)
    return PersonEntry(row.number, name, station, role or Role.STATION_LIAISON, since, tuple(row.notes))


def _residence(row: Row, today: date) -> ResidenceEntry:
    name, unit, station = row.name("name"), row.text("unit", 200), row.text("station", 200)
    return ResidenceEntry(row.number, name, unit, station, row.day("since", today, latest=today), tuple(row.notes))


@cache
def _roles() -> Mapping[str, Role]:
    """Return the roles by what they may be called: the identifier, or a word with 联络站 or without."""
    words = {str(role): role for role in STATION}
    for translate in (translator(language, (LOCALE,)) for language in LANGUAGES):
        for role in STATION:
            word = translate(f"registry.role.{role}").lower()
            words |= {word: role, word.removeprefix("联络站"): role}
    return MappingProxyType(words)
