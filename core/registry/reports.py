"""What an import tells of a file: row by row what becomes of it, and what to do about a fault."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What becomes, or would become, of a row."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say about a row. ``import.{code}`` in the catalogues says what it is and what to do."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became, or would become, of a row of the file (numbered as a spreadsheet program does), and what to do."""

    row: int
    outcome: Outcome
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The report row by row. ``written`` says whether the register now holds what it tells."""

    rows: tuple[RowReport, ...]
    written: bool

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many rows have each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def has_errors(self) -> bool:
        """Whether a row keeps the whole file out."""
        return self.counts[Outcome.ERROR] > 0
