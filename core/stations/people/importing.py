"""Bringing in lists (``.xlsx`` or ``.csv``) of the stations' people and of where officials live: all, or nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from core import access, audit, registry
from core.registry import Outcome, Report, RowReport, UnitKind
from core.registry.spreadsheets import read_lines
from core.stations.people.listing import read_people, read_residences
from core.stations.people.planning import Living, PersonStep, ResidenceStep, plan_people, plan_residences
from core.stations.people.roster import add_residence, end_residence
from core.stations.tables import Residence
from core.work import Work

_DAY: Final = timedelta(days=1)


async def import_people(
    work: Work, file_name: str, content: bytes, *, dry_run: bool = False, is_fictional: bool = False
) -> Report:
    """Read the file and appoint whom it names, unless a row has an error or it is a ``dry_run``.

    Nobody's appointment ends by it, and a second run of the same file changes nothing. ``is_fictional`` marks the
    people that are added.

    Raises:
        Denied, NotSignedIn: without ``appointment.manage``.
        Invalid: what `core.registry.spreadsheets.read_lines` and `read_people` say of the file as a whole.
    """
    access.permit_operated(work, "appointment.manage")
    entries = read_people(read_lines(file_name, content), today=work.clock.today())
    if not dry_run:
        await registry.take_turns(work)
    appointed = await registry.ever_appointed(work, registry.STATION)
    people = await registry.people(work, {each.person_id for each in appointed})
    stations = await registry.units(work, kinds=[UnitKind.LIAISON_STATION])
    steps = plan_people(entries, stations, appointed, {each.id: each.name for each in people.values()})
    written = not dry_run and not _faulty(steps)
    if written:
        await _appoint(work, steps, is_fictional=is_fictional)
        audit.record(work, "station_people", "imported", "register", change=content)
    return _report(steps, written=written)


async def import_residences(work: Work, file_name: str, content: bytes, *, dry_run: bool = False) -> Report:
    """Read the file and register where the officials live whom it names; the rest is as for `import_people`.

    Who moved from one station's area to another's is ended there on the day before. Needs ``station.register``.
    """
    access.permit_operated(work, "station.register")
    today = work.clock.today()
    entries = read_residences(read_lines(file_name, content), today=today)
    if not dry_run:
        await registry.take_turns(work)
    rows = await work.session.scalars(select(Residence))
    steps = plan_residences(
        entries,
        await registry.units(work, kinds=[UnitKind.LIAISON_STATION]),
        await registry.units(work, kinds=registry.WITH_OFFICIALS),
        await registry.posts(work, on=today),
        [Living(row.id, row.person_id, row.station_id, row.since, row.until) for row in rows],
    )
    written = not dry_run and not _faulty(steps)
    if written:
        await _enter(work, steps)
        audit.record(work, "residences", "imported", "register", change=content)
    return _report(steps, written=written)


async def _appoint(work: Work, steps: Sequence[PersonStep], *, is_fictional: bool) -> None:
    added: dict[tuple[str, UUID], UUID] = {}  # a new name with two roles at one station is one person
    for step in steps:
        if step.outcome is Outcome.UNCHANGED or step.station_id is None:
            continue
        entry, key = step.entry, (step.entry.name, step.station_id)
        person_id = step.known or added.get(key)
        if person_id is None:
            person_id = (await registry.add_person(work, entry.name, is_fictional=is_fictional)).id
            added[key] = person_id
        await access.appoint(work, person_id, entry.role, step.station_id, since=entry.since)


async def _enter(work: Work, steps: Sequence[ResidenceStep]) -> None:
    for step in steps:
        if step.outcome is Outcome.UNCHANGED or step.station_id is None or step.person_id is None:
            continue
        if step.ends is not None:
            await end_residence(work, step.ends, on=step.entry.since - _DAY)
        await add_residence(work, step.person_id, step.station_id, since=step.entry.since)


def _faulty(steps: Sequence[PersonStep | ResidenceStep]) -> bool:
    return any(step.outcome is Outcome.ERROR for step in steps)


def _report(steps: Sequence[PersonStep | ResidenceStep], *, written: bool) -> Report:
    return Report(tuple(RowReport(step.entry.row, step.outcome, step.notes) for step in steps), written)
