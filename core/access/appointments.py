"""Appointing and its end, by whoever may; with the end of an appointment the keys go that came with it."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from core import audit, registry
from core.access.permissions import PERMISSIONS, permit_operated
from core.access.shared import drop_shared_keys
from core.access.tables import PersonKey, Seal
from core.registry import Appointment
from core.work import Work

_READ_BY: Final = {"item": "item.open", "case": "case.read"}
"""What is sealed to people directly, and the permission without which nobody keeps it."""


async def appoint(
    work: Work, person_id: UUID, role: str, unit_id: UUID, *, since: date, until: date | None = None
) -> Appointment:
    """Appoint a person; raises as `core.registry.appoint`. A role opens nothing until a holder grants its key."""
    permit_operated(work, "appointment.manage")
    return await registry.appoint(work, person_id, role, unit_id, since=since, until=until)


async def end_appointment(work: Work, appointment_id: UUID, *, on: date) -> Appointment:
    """Make ``on`` the last day of an appointment; raises as `core.registry.end_appointment`.

    Today or earlier, the seals that went with it are deleted at once; a later end is for `drop_ended`.
    """
    permit_operated(work, "appointment.manage")
    ended = await registry.end_appointment(work, appointment_id, on=on)
    await work.session.flush()
    today = work.clock.today()
    if on <= today:
        await _drop(work, ended.person_id, on=max(today, on + timedelta(days=1)))
    return ended


async def drop_ended(work: Work) -> int:
    """Delete the seals of everybody whose appointments ended meanwhile; return how many people lost some.

    The worker's verb, once a day.
    """
    holders = select(PersonKey.person_id).join(Seal, Seal.holder_id == PersonKey.id).distinct()
    people = (await work.session.scalars(holders)).all()
    return sum([await _drop(work, person_id, on=work.clock.today()) for person_id in people])


async def _drop(work: Work, person_id: UUID, *, on: date) -> bool:
    """Delete the shared keys that no role entitles to, and what was granted directly where no role may read it."""
    dropped = await drop_shared_keys(work, person_id, on=on)
    held = await registry.held_by(work, person_id, on=on)
    for target, permission in _READ_BY.items():
        if not any(one.role in PERMISSIONS[permission].held_by for one in held):
            dropped = await _drop_granted(work, target, person_id) or dropped
    return dropped


async def _drop_granted(work: Work, target: str, person_id: UUID) -> bool:
    keys = select(PersonKey.id).where(PersonKey.person_id == person_id)
    granted = Seal.target_kind == target, Seal.holder_kind == "person", Seal.holder_id.in_(keys)
    ids = (await work.session.scalars(select(Seal.target_id).where(*granted))).all()
    await work.session.execute(delete(Seal).where(*granted))
    for target_id in ids:
        audit.record(work, target, "grant_ended", target_id, change=person_id.bytes)
    return bool(ids)
