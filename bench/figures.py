"""Figures: how samples become numbers, numbers a table, and the table a file. Pure but for `write`."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parent / "results"
_HEADINGS: Final = ("", "value", "unit", "reference", "target", "met")
_ANSWERS: Final = {True: "yes", False: "no", None: ""}
_SIGNIFICANT: Final = 3


@dataclass(frozen=True, slots=True)
class Target:
    """A bound that was set beforehand: at least, at most, below, or exactly."""

    relation: str
    bound: float

    def met_by(self, value: float) -> bool:
        """Return whether ``value`` keeps the bound."""
        bound = self.bound
        return {"≥": value >= bound, "≤": value <= bound, "<": value < bound, "=": value == bound}[self.relation]

    def __str__(self) -> str:
        return f"{self.relation} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``reference`` is the same figure of the reference server of the same rounds."""

    name: str
    value: float
    unit: str
    reference: float | None = None
    target: str | None = None
    met: bool | None = None


def figure(
    name: str, value: float, unit: str, *, reference: float | None = None, target: Target | None = None
) -> Figure:
    """Return a line; a value that keeps no target says so, and is printed all the same."""
    if target is None:
        return Figure(name, value, unit, reference)
    return Figure(name, value, unit, reference, str(target), target.met_by(value))


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that ``share`` (0 to 1) of all samples do not exceed (the nearest rank).

    Raises `ValueError` when there is no sample.
    """
    if not samples:
        raise ValueError("no samples, no percentile")
    return sorted(samples)[max(math.ceil(share * len(samples)) - 1, 0)]


def median(samples: Sequence[float]) -> float:
    """Return the lower median."""
    return percentile(samples, 0.5)


def table(figures: Sequence[Figure]) -> str:
    """Return the lines as a Markdown table whose columns stand under each other."""
    rows = [_HEADINGS, *(_cells(each) for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (lines[0], rule, *lines[1:]))


def as_json(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return the lines as they are written: ``name, value, unit, reference, target, met``."""
    return [asdict(each) for each in figures]


def write(part: str, figures: Sequence[Figure], raw: object) -> None:
    """Write the lines of a part to ``results/PART.json``, and what they were made of to ``results/PART.raw.json``."""
    RESULTS.mkdir(exist_ok=True)
    lines = json.dumps(as_json(figures), ensure_ascii=False, indent=1)
    (RESULTS / f"{part}.json").write_text(lines + "\n", encoding="utf-8")
    (RESULTS / f"{part}.raw.json").write_text(json.dumps(raw, ensure_ascii=False) + "\n", encoding="utf-8")


def _cells(each: Figure) -> tuple[str, ...]:
    reference = "" if each.reference is None else _number(each.reference)
    return each.name, _number(each.value), each.unit, reference, each.target or "", _ANSWERS[each.met]


def _number(value: float) -> str:
    """Return a number with three significant digits, and never in powers of ten."""
    if value == int(value):
        return f"{int(value):,}"
    digits = max(_SIGNIFICANT - 1 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{digits}f}"
