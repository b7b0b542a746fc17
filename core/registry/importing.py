"""Bringing a list of officials (``.xlsx`` or ``.csv``) into the register: all of it, or nothing."""

from collections.abc import Iterable

from sqlalchemy import select

from core import audit
from core.registry import tables
from core.registry.kinds import WITH_OFFICIALS
from core.registry.listing import read_list
from core.registry.officials import add_official, amend_official, end_official
from core.registry.planning import Step, plan
from core.registry.reading import official_view, unit_view
from core.registry.reports import Outcome, Report, RowReport
from core.registry.service import add_person
from core.registry.spreadsheets import read_lines
from core.registry.views import Official, Unit
from core.work import Work


async def import_officials(
    work: Work, file_name: str, content: bytes, *, dry_run: bool = False, is_fictional: bool = False
) -> Report:
    """Read the file, compare it with the register, and write it unless a row has an error or it is a ``dry_run``.

    A second run of the same file changes nothing. ``is_fictional`` marks the people that are added. As elsewhere in
    this package, the caller has checked who may.

    Raises:
        Invalid: what `read_lines` and `read_list` say of the file as a whole.
    """
    today = work.clock.today()
    rows = read_list(read_lines(file_name, content), today=today)
    units, officials = await _register(work, lock=not dry_run)
    steps = plan(rows, units, officials, today=today)
    written = not dry_run and all(step.outcome is not Outcome.ERROR for step in steps)
    if written:
        await _write(work, steps, is_fictional=is_fictional)
        audit.record(work, "officials", "imported", "register", change=content)
    return Report(tuple(RowReport(step.row, step.outcome, step.notes) for step in steps), written)


async def _register(work: Work, *, lock: bool) -> tuple[list[Unit], list[Official]]:
    """Return the units with leading teams and all their officials; locked, a second import waits for this one."""
    chosen = select(tables.Unit).where(tables.Unit.kind.in_(WITH_OFFICIALS)).order_by(tables.Unit.id)
    units = [unit_view(row) for row in await work.session.scalars(chosen.with_for_update() if lock else chosen)]
    entered = select(tables.Official, tables.Person).join(tables.Person, tables.Person.id == tables.Official.person_id)
    officials = [official_view(*found) for found in await work.session.execute(entered)]
    return units, officials


async def _write(work: Work, steps: Iterable[Step], *, is_fictional: bool) -> None:
    for step in steps:
        if step.outcome is not Outcome.UNCHANGED:
            await _carry_out(work, step, is_fictional=is_fictional)


async def _carry_out(work: Work, step: Step, *, is_fictional: bool) -> None:
    entry, unit_id, known = step.entry, step.unit_id, step.known
    if entry is None or unit_id is None:
        raise ValueError("a step with an error cannot be carried out")
    if known is not None and step.ends_known is not None:
        await end_official(work, known.id, on=step.ends_known)
    if known is not None and not step.begins:
        await amend_official(
            work, known.id, post=entry.post, rank=entry.rank, is_principal=entry.is_principal, since=entry.since
        )
        return
    person = known.person if known is not None else await add_person(work, entry.name, is_fictional=is_fictional)
    await add_official(
        work,
        person.id,
        unit_id,
        post=entry.post,
        rank=entry.rank,
        is_principal=entry.is_principal,
        since=entry.since,
    )
