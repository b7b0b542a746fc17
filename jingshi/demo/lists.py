"""The tables of the demo district: its units, the posts of its officials, its staff, its stations' year."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from core.registry import Rank, Role, UnitKind


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to lay, under another; ``head`` is the title of its principal leader of section level, if it has one."""

    code: str
    kind: UnitKind
    under: str
    name: str
    name_en: str
    head: str


@dataclass(frozen=True, slots=True)
class Crew:
    """How many people to appoint to a role in a unit."""

    unit: str
    role: Role
    people: int


def places() -> list[Place]:
    """Return the units, every one after the one it lies under."""
    return [
        Place(row["code"], UnitKind(row["kind"]), row["under"], row["name"], row["name_en"], row["head"])
        for row in _rows("units.csv")
    ]


def posts() -> dict[tuple[str, Rank], list[str]]:
    """Return the posts below the principal leader, by team (``township``, ``subdistrict``, ``department``) and rank."""
    found: dict[tuple[str, Rank], list[str]] = {}
    for row in _rows("posts.csv"):
        found.setdefault((row["team"], Rank(row["rank"])), []).append(row["post"])
    return found


def staff() -> list[Crew]:
    """Return the staff of the bodies, the information liaisons and the external supervisors."""
    return [Crew(row["unit"], Role(row["role"]), int(row["people"])) for row in _rows("staff.csv")]


def rounds() -> list[dict[str, str]]:
    """Return what each station (``station``) does in each quarter; the columns are named as the quarters are."""
    return list(_rows("rounds.csv"))


def entries() -> list[dict[str, str]]:
    """Return answers to the form of the stations' record, by the names of its questions."""
    return list(_rows("entries.csv"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (files("jingshi.demo") / name).open(encoding="utf-8") as table:
        yield from csv.DictReader(table)
