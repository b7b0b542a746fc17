"""Charts as plain geometry: lengths in per cent of the drawing, which the template writes as SVG. Pure.

Three kinds are all that is drawn, so that a page of its own needs no library: bars in parts, bars, and steps over time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

_ROOM: Final = 2.6
"""Per cent of the width that one digit of a number takes on a telephone."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: from where, how long, and the number that it stands for."""

    name: str
    start: float
    length: float
    number: int

    @property
    def middle(self) -> float:
        """Where its number is written."""
        return self.start + self.length / 2

    @property
    def has_room(self) -> bool:
        """Whether its number fits into it."""
        return self.length >= len(str(self.number)) * _ROOM


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line between two points, in per cent from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on the axis of time."""

    name: str
    left: float


@dataclass(frozen=True, slots=True)
class Steps:
    """What grew over time: the line, the moments marked beside it, and the first and last day."""

    lines: Sequence[Line]
    marks: Sequence[Mark]
    first: date
    last: date


def in_parts(counts: Mapping[str, int], names: Sequence[str]) -> Sequence[Part]:
    """Return the parts of a bar that is as long as all counts together, in the order of ``names``."""
    total = sum(counts.get(name, 0) for name in names)
    parts, start = [], 0.0
    for name in names:
        number = counts.get(name, 0)
        if number:
            length = number / total * 100
            parts.append(Part(name, start, length, number))
            start += length
    return parts


def bars(counts: Mapping[str, int]) -> Sequence[Part]:
    """Return one bar for each count, the longest first; the longest one is as long as the drawing."""
    longest = max(counts.values(), default=0)
    rows = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [Part(name, 0.0, number / longest * 100, number) for name, number in rows if number]


def steps(reached: Sequence[tuple[date, int]], most: int, marks: Sequence[tuple[str, date]], until: date) -> Steps:
    """Return the line that is at each number from its day on, until ``until``; ``most`` is the top of the drawing.

    The drawing begins with the first day that is named, and ends with the last.
    """
    named = [until, *(day for day, _ in reached), *(day for _, day in marks)]
    first, last = min(named), max(named)
    days = max((last - first).days, 1)

    def left(day: date) -> float:
        return (day - first).days / days * 100

    def top(number: int) -> float:
        return 100 - number / max(most, 1) * 100

    lines: list[Line] = []
    at, number = first, 0
    for day, following in [*reached, (max(until, at), -1)]:
        lines.append(Line(left(at), top(number), left(day), top(number)))
        if following >= 0:
            lines.append(Line(left(day), top(number), left(day), top(following)))
            at, number = day, following
    return Steps(lines, [Mark(name, left(day)) for name, day in marks], first, last)
