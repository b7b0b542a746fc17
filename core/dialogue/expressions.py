"""What an expression of a form means once it has been read: values, comparisons and the closed list of functions.

The meaning follows JavaRosa, the engine behind XLSForm on telephones: a blank is the empty string and counts as NaN, a
date is its ISO text and counts as the days since 1970-01-01, ``regex`` must match the whole text.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

Value = str | float | bool

_NUMBER: Final = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*", re.ASCII)
_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Scope:
    """What an expression may look at: earlier answers, the day, the answer being checked, the row of a choice."""

    today: str
    values: dict[str, Value] = field(default_factory=dict)
    this: Value = ""
    row: Mapping[str, str] = field(default_factory=dict)


Code = Callable[[Scope], Value]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression ready to run: ``mentions`` are the ``${names}`` in it, ``columns`` the bare names of a filter."""

    source: str
    mentions: frozenset[str]
    columns: frozenset[str]
    run: Code

    def holds(self, scope: Scope) -> bool:
        """Tell whether the expression is true in ``scope``."""
        return truth(self.run(scope))


def number(value: Value) -> float:
    """Return ``value`` as a number; a blank or a text that is neither a number nor an ISO date is NaN."""
    if not isinstance(value, str):
        return float(value)
    if _NUMBER.fullmatch(value):
        return float(value)
    if _ISO_DATE.fullmatch(value):
        try:
            return float(date.fromisoformat(value).toordinal() - _EPOCH)
        except ValueError:
            return math.nan
    return math.nan


def truth(value: Value) -> bool:
    """Return ``value`` as true or false: blank, zero and NaN are false."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def text(value: Value) -> str:
    """Return ``value`` as text, whole numbers without a decimal point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value.is_integer() else repr(value)
    return value


def equal(left: Value, right: Value) -> bool:
    """Compare as JavaRosa does: as booleans if one is, else as numbers if one is, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right


COMPARISONS: Final[Mapping[str, Callable[[Value, Value], bool]]] = {
    "=": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
}


def _divide(a: float, b: float) -> float:
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a)
    return a / b


ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divide,
    "mod": lambda a, b: math.nan if b == 0 or math.isinf(a) else math.fmod(a, b),
}


def _whole(step: Callable[[float], float]) -> Callable[[Value], Value]:
    """Make a rounding function that leaves NaN and the infinities alone."""

    def rounded(value: Value) -> Value:
        n = number(value)
        return float(step(n)) if math.isfinite(n) else n

    return rounded


def _selected(chosen: Value, name: Value) -> Value:
    return text(name).strip() in text(chosen).split()


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value != ""), "")


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a form may call, with the least and the most arguments it takes (``None``: any number)."""

    least: int
    most: int | None
    call: Callable[..., Value]


# The whole list. `regex`, `today` stand apart in the grammar: one compiles its pattern once, the other asks the scope.
FUNCTIONS: Final[Mapping[str, Function]] = {
    "boolean": Function(1, 1, truth),
    "ceiling": Function(1, 1, _whole(math.ceil)),
    "coalesce": Function(2, None, _coalesce),
    "concat": Function(1, None, lambda *parts: "".join(map(text, parts))),
    "contains": Function(2, 2, lambda a, b: text(b) in text(a)),
    "count-selected": Function(1, 1, lambda chosen: float(len(text(chosen).split()))),
    "ends-with": Function(2, 2, lambda a, b: text(a).endswith(text(b))),
    "false": Function(0, 0, lambda: False),
    "floor": Function(1, 1, _whole(math.floor)),
    "if": Function(3, 3, lambda test, then, other: then if truth(test) else other),
    "int": Function(1, 1, _whole(math.trunc)),
    "normalize-space": Function(1, 1, lambda a: " ".join(text(a).split())),
    "not": Function(1, 1, lambda a: not truth(a)),
    "number": Function(1, 1, number),
    "round": Function(1, 1, _whole(lambda n: math.floor(n + 0.5))),
    "selected": Function(2, 2, _selected),
    "starts-with": Function(2, 2, lambda a, b: text(a).startswith(text(b))),
    "string": Function(1, 1, text),
    "string-length": Function(1, 1, lambda a: float(len(text(a)))),
    "true": Function(0, 0, lambda: True),
}

NAMES: Final = tuple(sorted([*FUNCTIONS, "regex", "today"]))
