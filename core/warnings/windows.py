"""Until when the person concerned may answer: the clocks of a case or a measure that are theirs, in their own words.

They are sealed with what the person is told, since the process that shows it knows no clock of a case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Self
from uuid import UUID

from core import deadlines
from core.warnings.rules.remedies import WINDOWS
from core.work import Work

FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {each: each for each in ("letter_reply", "written_self_criticism", "correction_report")} | WINDOWS
)
"""By the name of a clock that runs for the person concerned, the figure that says how long it is."""

Written = Mapping[str, str | int]
"""A window as it is sealed."""


@dataclass(frozen=True, slots=True)
class Window:
    """Until when something may be sent in time; what comes later is taken as well.

    Without ``last_day`` the work calendar lacks a year, and the time is told as ``count`` in ``unit``:
    ``working_days``, ``days`` or ``months`` from ``begun_on``.
    """

    kind: str
    begun_on: date
    last_day: date | None
    count: int
    unit: str

    def is_over(self, today: date) -> bool:
        """Tell whether the last day is over."""
        return self.last_day is not None and self.last_day < today

    @classmethod
    def read(cls, written: Written) -> Self:
        """Read what `windows_of` wrote."""
        last_day = str(written["last_day"])
        return cls(
            kind=str(written["kind"]),
            begun_on=date.fromisoformat(str(written["begun_on"])),
            last_day=date.fromisoformat(last_day) if last_day else None,
            count=int(written["count"]),
            unit=str(written["unit"]),
        )


async def windows_of(work: Work, subject_id: UUID) -> Sequence[Written]:
    """Return the windows of a case or a measure that stand open for the person; of each kind the last one begun."""
    found: dict[str, Written] = {}
    for each in await deadlines.of_subject(work, subject_id):
        if each.kind in FIGURES and each.done_on is None:
            figure = work.policy.figure(FIGURES[each.kind])
            found[each.kind] = {
                "kind": each.kind,
                "begun_on": each.begun_on.isoformat(),
                "last_day": each.due_on.isoformat() if each.due_on else "",
                "count": int(str(figure.value)),
                "unit": figure.unit,
            }
    return list(found.values())
