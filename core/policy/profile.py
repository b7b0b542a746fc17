"""A policy profile: every term, clock, limit and threshold, each with its unit, its source and how sure that is."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, cast

from core.errors import Misconfigured
from core.policy.calendar import PUBLISHED, WorkCalendar

Value = int | bool | str | Fraction | time | tuple[str, ...]

MARKS: Final = frozenset("SVKD")
PROFILES: Final = ("seed", "modern")

_TYPES: Final[Mapping[str, type]] = MappingProxyType(
    {
        **dict.fromkeys(("days", "working_days", "months", "hours", "minutes"), int),
        **dict.fromkeys(("count", "per_year", "characters", "bytes"), int),
        "share": Fraction,
        "time": time,
        "flag": bool,
        "text": str,
        "names": tuple,
    },
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a profile.

    ``mark`` is ``S`` (the source document says it), ``V`` (checked against a published text), ``K`` (general
    knowledge, to be checked) or ``D`` (a default taken here).
    """

    name: str
    group: str
    value: Value
    unit: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The figures of one profile by name, in the order of its file, and the calendar on which days are counted.

    Each method gives the figure of that name in the unit that the method is called after. An unknown name and a
    figure of another unit raise `Misconfigured`: fifteen working days are never taken for fifteen days.
    """

    name: str
    figures: Mapping[str, Figure]
    calendar: WorkCalendar = field(default=PUBLISHED, repr=False)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())

    def figure(self, name: str) -> Figure:
        """Return the figure with its source and mark."""
        try:
            return self.figures[name]
        except KeyError:
            raise Misconfigured(f"policy {self.name}: there is no figure {name!r}") from None

    def days(self, name: str) -> int:
        """Return a number of calendar days."""
        return cast("int", self._value(name, "days"))

    def working_days(self, name: str) -> int:
        """Return a number of working days."""
        return cast("int", self._value(name, "working_days"))

    def months(self, name: str) -> int:
        """Return a number of calendar months."""
        return cast("int", self._value(name, "months"))

    def hours(self, name: str) -> int:
        """Return a number of hours."""
        return cast("int", self._value(name, "hours"))

    def minutes(self, name: str) -> int:
        """Return a number of minutes."""
        return cast("int", self._value(name, "minutes"))

    def count(self, name: str) -> int:
        """Return a number of persons or things."""
        return cast("int", self._value(name, "count"))

    def per_year(self, name: str) -> int:
        """Return how often in a year."""
        return cast("int", self._value(name, "per_year"))

    def characters(self, name: str) -> int:
        """Return the longest text, in characters."""
        return cast("int", self._value(name, "characters"))

    def bytes(self, name: str) -> int:
        """Return the largest size, in bytes."""
        return cast("int", self._value(name, "bytes"))

    def share(self, name: str) -> Fraction:
        """Return an exact share, such as one third."""
        return cast("Fraction", self._value(name, "share"))

    def time(self, name: str) -> time:
        """Return a time of day in Asia/Shanghai."""
        return cast("time", self._value(name, "time"))

    def flag(self, name: str) -> bool:
        """Return whether something is so."""
        return cast("bool", self._value(name, "flag"))

    def text(self, name: str) -> str:
        """Return a label or an identifier."""
        return cast("str", self._value(name, "text"))

    def names(self, name: str) -> tuple[str, ...]:
        """Return identifiers, in their order."""
        return cast("tuple[str, ...]", self._value(name, "names"))

    def _value(self, name: str, unit: str) -> Value:
        figure = self.figure(name)
        if figure.unit != unit:
            raise Misconfigured(f"policy {self.name}: {name} is in {figure.unit}, not in {unit}")
        return figure.value


@cache
def load(name: str) -> Profile:
    """Return the profile ``seed`` or ``modern`` that comes with the system.

    Raises:
        Misconfigured: there is no such profile.
    """
    if name not in PROFILES:
        raise Misconfigured(f"policy profile {name!r} is not one of {', '.join(PROFILES)}")
    return parse(name, files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Profile:
    """Return the profile that the TOML ``text`` describes.

    A table is a group of figures, each ``{ value, unit, mark, source }``. A profile that ``extends`` another one may
    only change figures which that one has, in the same group and unit, so that a slip of the pen is seen.

    Raises:
        Misconfigured: the text is not such a profile; the message names the figure.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"policy {name}: {error}") from None
    base = tables.pop("extends", None)
    figures = _figures(name, tables)
    if base is None:
        return Profile(name, MappingProxyType(figures))
    known = load(str(base)).figures
    for figure in figures.values():
        was = known.get(figure.name)
        if was is None or (was.group, was.unit) != (figure.group, figure.unit):
            raise Misconfigured(f"policy {name}: {base} has no {figure.name} in {figure.unit} under {figure.group}")
    return Profile(name, MappingProxyType({**known, **figures}))


def _figures(profile: str, tables: Mapping[str, object]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for group, rows in tables.items():
        if not isinstance(rows, dict):
            raise Misconfigured(f"policy {profile}: {group} is not a group of figures")
        for name, row in rows.items():
            if name in figures:
                raise Misconfigured(f"policy {profile}: {name} is there twice")
            figures[name] = _figure(profile, group, name, row)
    return figures


def _figure(profile: str, group: str, name: str, row: object) -> Figure:
    if not isinstance(row, dict) or row.keys() != {"value", "unit", "mark", "source"}:
        raise Misconfigured(f"policy {profile}: {name} needs value, unit, mark and source, and nothing else")
    unit, mark, source = row["unit"], row["mark"], row["source"]
    if mark not in MARKS or not isinstance(source, str) or not source:
        raise Misconfigured(f"policy {profile}: {name} needs a source and one of the marks S, V, K, D")
    value = _read(row["value"], str(unit))
    if value is None:
        raise Misconfigured(f"policy {profile}: the value of {name} is not in {unit}")
    return Figure(name, group, value, str(unit), mark, source)


def _read(given: object, unit: str) -> Value | None:
    """Return the value in the type of its unit; ``None`` where it does not fit."""
    value = given
    if unit == "share" and isinstance(given, str):
        value = _share(given)
    elif unit == "names" and isinstance(given, list) and all(isinstance(one, str) for one in given):
        value = tuple(given)
    # bool is an int to Python and not to us; no figure is negative
    fits = type(value) is _TYPES.get(unit) and not (type(value) is int and value < 0)
    return cast("Value", value) if fits else None


def _share(text: str) -> Fraction | None:
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return share if 0 <= share <= 1 else None


SEED: Final = load("seed")
"""The default profile."""
