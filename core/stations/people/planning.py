"""PURE: what the two lists of the stations mean for what is registered, row by row.

A list carries no number of a person: within a station its people are known by name, and so are officials within a unit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.registry import Appointment, Note, Official, Outcome, Unit
from core.registry.planning import Named
from core.stations.people.listing import PersonEntry, ResidenceEntry


@dataclass(frozen=True, slots=True)
class PersonStep:
    """What to do for one row: appoint somebody at a station, who is ``known`` or new."""

    entry: PersonEntry
    outcome: Outcome
    notes: tuple[Note, ...] = ()
    station_id: UUID | None = None
    known: UUID | None = None


@dataclass(frozen=True, slots=True)
class Living:
    """Where an official lives or lived, as it is registered."""

    id: UUID
    person_id: UUID
    station_id: UUID
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ResidenceStep:
    """What to do for one row: enter that a person lives at a station; ``ends`` is an entry that makes room."""

    entry: ResidenceEntry
    outcome: Outcome
    notes: tuple[Note, ...] = ()
    station_id: UUID | None = None
    person_id: UUID | None = None
    ends: UUID | None = None


def plan_people(
    entries: Sequence[PersonEntry],
    stations: Sequence[Unit],
    appointed: Iterable[Appointment],
    names: Mapping[UUID, str],
) -> list[PersonStep]:
    """Return one step a row. ``appointed`` are all appointments to the roles of stations, ended or not."""
    planner = _People(stations, appointed, names)
    return [planner.step(entry) for entry in entries]


def plan_residences(
    entries: Sequence[ResidenceEntry],
    stations: Sequence[Unit],
    units: Sequence[Unit],
    in_post: Iterable[Official],
    living: Iterable[Living],
) -> list[ResidenceStep]:
    """Return one step a row. ``in_post`` are the officials of today, ``living`` all residences, ended or not."""
    planner = _Residences(stations, units, in_post, living)
    return [planner.step(entry) for entry in entries]


class _People:
    def __init__(self, stations: Sequence[Unit], appointed: Iterable[Appointment], names: Mapping[UUID, str]) -> None:
        self._stations = Named(stations)
        self._there: dict[tuple[str, UUID], set[UUID]] = defaultdict(set)
        self._anywhere: dict[str, set[UUID]] = defaultdict(set)
        self._held: dict[tuple[UUID, UUID, str], Appointment] = {}
        for each in appointed:  # of several periods of one role the last counts
            self._there[names[each.person_id], each.unit_id].add(each.person_id)
            self._anywhere[names[each.person_id]].add(each.unit_id)
            self._held[each.person_id, each.unit_id, each.role] = each
        self._seen: dict[tuple[str, UUID, str], int] = {}

    def step(self, entry: PersonEntry) -> PersonStep:
        if entry.notes:
            return PersonStep(entry, Outcome.ERROR, entry.notes)
        station = self._stations.find(entry.station)
        if isinstance(station, Note):
            return PersonStep(entry, Outcome.ERROR, (station,))
        first = self._seen.setdefault((entry.name, station.id, entry.role), entry.row)
        if first != entry.row:
            return PersonStep(entry, Outcome.ERROR, (Note("duplicate_row", {"first": first}),))
        there = self._there.get((entry.name, station.id), set())
        if len(there) > 1:
            return PersonStep(entry, Outcome.ERROR, (Note("namesakes_in_station"),))
        if not there:
            elsewhere = self._anywhere.get(entry.name, set()) - {station.id}
            notes = (Note("namesake_in_another_station"),) if elsewhere else ()
            return PersonStep(entry, Outcome.NEW, notes, station.id)
        (known,) = there
        return self._against(entry, station.id, known, self._held.get((known, station.id, entry.role)))

    def _against(self, entry: PersonEntry, station_id: UUID, known: UUID, held: Appointment | None) -> PersonStep:
        if held is None or (held.until is not None and held.until < entry.since):
            return PersonStep(entry, Outcome.UPDATED, (), station_id, known)
        if held.until is not None:
            return PersonStep(entry, Outcome.ERROR, (Note("role_ended", {"until": held.until.isoformat()}),))
        if held.since != entry.since:
            return PersonStep(entry, Outcome.ERROR, (Note("role_held_since", {"since": held.since.isoformat()}),))
        return PersonStep(entry, Outcome.UNCHANGED, (), station_id, known)


class _Residences:
    def __init__(
        self,
        stations: Sequence[Unit],
        units: Sequence[Unit],
        in_post: Iterable[Official],
        living: Iterable[Living],
    ) -> None:
        self._stations, self._units = Named(stations), Named(units)
        self._names = {station.id: station.name for station in stations}
        self._officials: dict[tuple[str, UUID], set[UUID]] = defaultdict(set)
        for official in in_post:
            self._officials[official.person.name, official.unit_id].add(official.person.id)
        self._last: dict[UUID, Living] = {}
        for each in sorted(living, key=lambda one: one.since):
            self._last[each.person_id] = each
        self._seen: dict[UUID, int] = {}

    def step(self, entry: ResidenceEntry) -> ResidenceStep:
        if entry.notes:
            return ResidenceStep(entry, Outcome.ERROR, entry.notes)
        unit, station = self._units.find(entry.unit), self._stations.find(entry.station)
        if isinstance(unit, Note):
            return ResidenceStep(entry, Outcome.ERROR, (unit,))
        if isinstance(station, Note):
            return ResidenceStep(entry, Outcome.ERROR, (station,))
        officials = self._officials.get((entry.name, unit.id), set())
        if len(officials) != 1:
            note = Note("duplicate_in_register" if officials else "no_such_official")
            return ResidenceStep(entry, Outcome.ERROR, (note,))
        (person_id,) = officials
        first = self._seen.setdefault(person_id, entry.row)
        if first != entry.row:
            return ResidenceStep(entry, Outcome.ERROR, (Note("duplicate_row", {"first": first}),))
        return self._against(entry, station.id, person_id, self._last.get(person_id))

    def _against(self, entry: ResidenceEntry, station_id: UUID, person_id: UUID, last: Living | None) -> ResidenceStep:
        if last is None or (last.until is not None and last.until < entry.since):
            return ResidenceStep(entry, Outcome.NEW, (), station_id, person_id)
        fault = _fault(entry.since, station_id, last)
        if fault is not None:
            return ResidenceStep(entry, Outcome.ERROR, (fault,))
        if last.station_id == station_id:
            return ResidenceStep(entry, Outcome.UNCHANGED, (), station_id, person_id)
        moved = Note("residence_moved", {"before": self._names[last.station_id]})
        return ResidenceStep(entry, Outcome.UPDATED, (moved,), station_id, person_id, last.id)


def _fault(since: date, station_id: UUID, last: Living) -> Note | None:
    if last.until is not None:
        return Note("residence_until", {"until": last.until.isoformat()})
    if last.station_id == station_id:
        return None if last.since == since else Note("residence_since", {"since": last.since.isoformat()})
    return Note("residence_newer", {"since": last.since.isoformat()}) if since <= last.since else None
