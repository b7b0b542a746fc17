"""PURE: what a list of units means for the register, row by row. A unit is known by its code."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.registry.kinds import BODIES, WITH_OFFICIALS, UnitKind
from core.registry.reports import Note, Outcome
from core.registry.unit_listing import UnitEntry
from core.registry.views import Unit


@dataclass(frozen=True, slots=True)
class UnitStep:
    """What to do for one row; ``known`` is the register's unit with that code."""

    entry: UnitEntry
    outcome: Outcome
    notes: tuple[Note, ...] = ()
    known: Unit | None = None


def plan_units(entries: Sequence[UnitEntry], units: Sequence[Unit], with_officials: Collection[UUID]) -> list[UnitStep]:
    """Return one step a row. ``units`` is the whole register, ``with_officials`` the ids of those with officials."""
    planner = _Planner(entries, units, with_officials)
    return [planner.step(entry) for entry in entries]


class _Planner:
    def __init__(self, entries: Sequence[UnitEntry], units: Sequence[Unit], with_officials: Collection[UUID]) -> None:
        self._known = {unit.code: unit for unit in units}
        self._with_officials = with_officials
        codes = {unit.id: unit.code for unit in units}
        self._above = {unit.code: codes[unit.parent_id] if unit.parent_id else "" for unit in units}
        self._first: dict[str, int] = {}
        self._bodies: dict[UnitKind, str] = {unit.kind: unit.code for unit in units if unit.kind in BODIES}
        for entry in entries:
            self._first.setdefault(entry.code, entry.row)
            if entry.kind in BODIES and not entry.notes:
                self._bodies.setdefault(entry.kind, entry.code)
        # of two rows with one code the first counts
        written = {entry.code: entry.under for entry in reversed(entries) if entry.code}
        self._circle = circling(self._above | written)

    def step(self, entry: UnitEntry) -> UnitStep:
        known = self._known.get(entry.code)
        faults = entry.notes or tuple(self._faults(entry, known))
        if faults:
            return UnitStep(entry, Outcome.ERROR, faults)
        if known is None:
            return UnitStep(entry, Outcome.NEW)
        notes = tuple(self._changes(entry, known))
        return UnitStep(entry, Outcome.UPDATED if notes else Outcome.UNCHANGED, notes, known)

    def _faults(self, entry: UnitEntry, known: Unit | None) -> Iterator[Note]:
        code, first = entry.code, self._first[entry.code]
        if first != entry.row:
            yield Note("duplicate_code", {"first": first})
            return
        if entry.under and entry.under not in self._first and entry.under not in self._known:
            yield Note("unknown_parent", {"code": entry.under})
        if code in self._circle:
            yield Note("circle_of_units")
        if known and known.kind in BODIES and (entry.kind, entry.under) != (known.kind, self._above[code]):
            yield Note("body_stays", {"kind": known.kind, "above": self._above[code] or "—"})
        elif self._bodies.get(entry.kind, code) != code:
            yield Note("second_body", {"code": self._bodies[entry.kind]})
        if known and known.id in self._with_officials and entry.kind not in WITH_OFFICIALS:
            yield Note("officials_in_unit")

    def _changes(self, entry: UnitEntry, known: Unit) -> Iterator[Note]:
        above = self._above[known.code]
        if entry.name != known.name:
            yield Note("renamed", {"before": known.name})
        if entry.name_en and entry.name_en != known.name_en:
            yield Note("renamed_in_english", {"before": known.name_en or "—"})
        if entry.kind != known.kind:
            yield Note("kind_changed")
        if entry.under != above:
            yield Note("moved", {"before": above or "—"})


def circling(above: Mapping[str, str]) -> frozenset[str]:
    """Return the codes that lie above themselves, given for each code the one above it (empty at the top)."""
    seen: set[str] = set()
    found: set[str] = set()
    for start in above:
        way: dict[str, int] = {}
        code = start
        while code in above and code not in seen and code not in way:
            way[code] = len(way)
            code = above[code]
        if code in way:
            found.update(each for each, place in way.items() if place >= way[code])
        seen.update(way)
    return frozenset(found)
