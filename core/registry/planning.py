"""PURE: what a list of officials means for the register, row by row.

Within a unit an official is known by name, for a list carries no number of a person. One who is known and whom the list
gives a later day in post and another post follows themselves: the old entry ends on the day before, a new one begins.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from uuid import UUID

from core.registry.listing import Entry, Unread
from core.registry.reports import Note, Outcome
from core.registry.views import Official, Unit


@dataclass(frozen=True, slots=True)
class Step:
    """What to do for one row.

    ``known`` is the register's latest entry of that name in that unit. ``ends_known`` is the day on which it ends to
    make room, ``person_id`` whose new entry it is; a correction in place has neither.
    """

    row: int
    outcome: Outcome
    notes: tuple[Note, ...] = ()
    entry: Entry | None = None
    unit_id: UUID | None = None
    known: Official | None = None
    ends_known: date | None = None

    @property
    def begins(self) -> bool:
        """Whether the row makes a new entry."""
        return self.outcome is Outcome.NEW or self.ends_known is not None


def plan(
    rows: Iterable[Entry | Unread], units: Sequence[Unit], officials: Iterable[Official], *, today: date
) -> list[Step]:
    """Return one step a row. ``units`` are those that can have officials, ``officials`` all entries, ended or not."""
    planner = _Planner(units, officials, today)
    return [Step(row.row, Outcome.ERROR, row.notes) if isinstance(row, Unread) else planner.step(row) for row in rows]


class Named:
    """Units by what a list may call them: code, name or English name."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for written in {unit.code, unit.name, unit.name_en or unit.name}:
                self._units[written].append(unit)
        self._names = [unit.name for unit in units]

    def find(self, written: str) -> Unit | Note:
        """Return the unit, or what to say of one that is not there or not alone."""
        found = self._units.get(written, [])
        if len(found) == 1:
            return found[0]
        if found:
            return Note("ambiguous_unit")
        nearest = get_close_matches(written, self._names, n=3, cutoff=0.4)
        return Note("unknown_unit_nearest", {"nearest": "、".join(nearest)}) if nearest else Note("unknown_unit")


class _Planner:
    def __init__(self, units: Sequence[Unit], officials: Iterable[Official], today: date) -> None:
        self._today = today
        self._units = Named(units)
        self._officials: dict[tuple[str, UUID], list[Official]] = defaultdict(list)
        self._elsewhere: dict[str, set[UUID]] = defaultdict(set)
        for official in officials:
            self._officials[official.person.name, official.unit_id].append(official)
            if official.until is None or official.until >= today:
                self._elsewhere[official.person.name].add(official.unit_id)
        self._seen: dict[tuple[str, UUID], int] = {}

    def step(self, entry: Entry) -> Step:
        unit = self._units.find(entry.unit)
        if isinstance(unit, Note):
            return _error(entry, unit)
        key = (entry.name, unit.id)
        if key in self._seen:
            return _error(entry, Note("duplicate_in_file", {"first": self._seen[key]}))
        self._seen[key] = entry.row
        known = self._officials.get(key, [])
        if len({official.person.id for official in known}) > 1:
            return _error(entry, Note("duplicate_in_register"))
        if not known:
            elsewhere = self._elsewhere.get(entry.name, set()) - {unit.id}
            notes = (Note("namesake_elsewhere"),) if elsewhere else ()
            return Step(entry.row, Outcome.NEW, notes, entry, unit.id)
        return self._against(entry, max(known, key=lambda official: official.since))

    def _against(self, entry: Entry, known: Official) -> Step:
        if known.until is not None and known.until < entry.since:  # back in the unit after an end
            return Step(entry.row, Outcome.NEW, (), entry, known.unit_id, known)
        if known.until is not None and known.until < self._today:
            return _error(entry, Note("ended_in_register", {"until": known.until.isoformat()}))
        if entry.since < known.since:
            return _error(entry, Note("older_than_register", {"since": known.since.isoformat()}))
        is_same_post = (entry.post, entry.rank, entry.is_principal) == (known.post, known.rank, known.is_principal)
        if is_same_post and entry.since == known.since:
            return Step(entry.row, Outcome.UNCHANGED, (), entry, known.unit_id, known)
        is_new_post = not is_same_post and entry.since > known.since
        ends = entry.since - timedelta(days=1) if is_new_post else None
        return Step(entry.row, Outcome.UPDATED, (), entry, known.unit_id, known, ends)


def _error(entry: Entry, note: Note) -> Step:
    return Step(entry.row, Outcome.ERROR, (note,))
