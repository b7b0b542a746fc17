"""Bringing a list of units (``.xlsx`` or ``.csv``) into the register: all of it, or nothing."""

from collections.abc import Sequence
from graphlib import TopologicalSorter
from uuid import UUID

from sqlalchemy import or_, select

from core import audit
from core.registry import tables
from core.registry.queries import units
from core.registry.reports import Outcome, Report, RowReport
from core.registry.service import add_unit, amend_unit
from core.registry.spreadsheets import read_lines
from core.registry.unit_listing import read_units
from core.registry.unit_planning import UnitStep, plan_units
from core.registry.views import Unit
from core.work import Work


async def import_units(work: Work, file_name: str, content: bytes, *, dry_run: bool = False) -> Report:
    """Read the file, compare it with the register, and write it unless a row has an error or it is a ``dry_run``.

    Units come in any order, each under another by its code. New ones stand behind those that are there, in the order of
    the file; units that the file does not name stay as they are. A second run of the same file changes nothing. As
    elsewhere in this package, the caller has checked who may.

    Raises:
        Invalid: what `read_lines` and `read_units` say of the file as a whole.
    """
    entries = read_units(read_lines(file_name, content))
    if not dry_run:  # a second import waits for this one
        await work.session.execute(select(tables.Installation.id).with_for_update())
    register = await units(work)
    today = work.clock.today()
    in_post = or_(tables.Official.until.is_(None), tables.Official.until >= today)
    with_officials = set(await work.session.scalars(select(tables.Official.unit_id).where(in_post)))
    steps = plan_units(entries, register, with_officials)
    written = not dry_run and all(step.outcome is not Outcome.ERROR for step in steps)
    if written:
        await _write(work, steps, register)
        audit.record(work, "units", "imported", "register", change=content)
    return Report(tuple(RowReport(step.entry.row, step.outcome, step.notes) for step in steps), written)


async def _write(work: Work, steps: Sequence[UnitStep], register: Sequence[Unit]) -> None:
    by_code = {step.entry.code: step for step in steps}
    ids = {unit.code: unit.id for unit in register}
    last = max((unit.position for unit in register), default=0)
    places = {step.entry.code: last + place for place, step in enumerate(steps, 1)}
    for code in TopologicalSorter({code: {step.entry.under} for code, step in by_code.items()}).static_order():
        if code in by_code:
            await _carry_out(work, by_code[code], ids, places[code])


async def _carry_out(work: Work, step: UnitStep, ids: dict[str, UUID], position: int) -> None:
    entry, known = step.entry, step.known
    parent_id = ids[entry.under] if entry.under else None
    if known is None:
        made = await add_unit(
            work,
            code=entry.code,
            kind=entry.kind,
            name=entry.name,
            name_en=entry.name_en or None,
            parent_id=parent_id,
            position=position,
        )
        ids[entry.code] = made.id
    elif step.outcome is Outcome.UPDATED:
        name_en = entry.name_en or known.name_en
        await amend_unit(work, known.id, kind=entry.kind, parent_id=parent_id, name=entry.name, name_en=name_en)
