"""Verbs that change units, people and appointments.

They do not ask who may: the permission matrix stands above this package, so **the caller has checked it**. Nor do they
touch seals: whoever ends an appointment destroys the seals that went with it.
"""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from core import audit
from core.errors import Conflict, Invalid, NotFound
from core.registry import tables
from core.registry.checks import during, plain_text, require_order
from core.registry.kinds import CODE, UnitKind
from core.registry.reading import appointment_view, person_view, unit_view
from core.registry.roles import UNAPPOINTED, Role
from core.registry.views import Appointment, Person, Unit
from core.sealing.signing import Fact, canonical
from core.work import Work


async def add_unit(
    work: Work,
    *,
    code: str,
    kind: str,
    name: str,
    name_en: str | None = None,
    parent_id: UUID | None = None,
    position: int = 0,
) -> Unit:
    """Add a unit under ``parent_id`` (none: at the top). ``code`` is lasting and unique, ``kind`` a `UnitKind`.

    Raises:
        Invalid: ``unknown_unit_kind``, ``unit_code_malformed``, or a name that is empty, too long or unprintable.
        Conflict: ``unit_code_taken``.
        NotFound: ``unit_unknown``, for the parent.
    """
    if kind not in set(UnitKind):
        raise Invalid("unknown_unit_kind", field="kind")
    if not CODE.fullmatch(code):
        raise Invalid("unit_code_malformed", field="code")
    if await work.session.scalar(select(tables.Unit.id).where(tables.Unit.code == code)) is not None:
        raise Conflict("unit_code_taken", field="code")
    if parent_id is not None:
        await require_unit(work, parent_id)
    row = tables.Unit(
        id=uuid4(),
        parent_id=parent_id,
        code=code,
        kind=kind,
        name=plain_text(name, "name", 200),
        name_en=None if name_en is None else plain_text(name_en, "name_en", 200),
        position=position,
    )
    work.session.add(row)
    await work.session.flush()  # rows that point here may follow in the same flush, in any order
    _record_unit(work, "added", row)
    return unit_view(row)


async def rename_unit(work: Work, unit_id: UUID, *, name: str, name_en: str | None = None) -> Unit:
    """Give a unit another name; its code stays. Raises `NotFound` ``unit_unknown`` or `Invalid` for the names."""
    row = await require_unit(work, unit_id)
    row.name = plain_text(name, "name", 200)
    row.name_en = None if name_en is None else plain_text(name_en, "name_en", 200)
    _record_unit(work, "renamed", row)
    return unit_view(row)


async def amend_unit(
    work: Work, unit_id: UUID, *, kind: UnitKind, parent_id: UUID | None, name: str, name_en: str | None
) -> Unit:
    """Give a unit another kind, place and name; its code stays.

    For the import alone, which has seen that no circle comes of it, that no body becomes something else and that no
    official is left without a unit. Raises `NotFound` ``unit_unknown`` or `Invalid` for the names.
    """
    row = await require_unit(work, unit_id)
    row.kind, row.parent_id = str(kind), parent_id
    row.name = plain_text(name, "name", 200)
    row.name_en = None if name_en is None else plain_text(name_en, "name_en", 200)
    _record_unit(work, "amended", row)
    return unit_view(row)


async def add_person(work: Work, name: str, *, is_fictional: bool = False) -> Person:
    """Add a natural person. Namesakes are allowed: people are told apart by id, never by name."""
    row = tables.Person(id=uuid4(), name=plain_text(name, "name", 100), is_fictional=is_fictional)
    work.session.add(row)
    await work.session.flush()  # as for units
    audit.record(work, "person", "added", row.id, change=canonical("person", {"name": row.name}))
    return person_view(row)


async def appoint(
    work: Work, person_id: UUID, role: str, unit_id: UUID, *, since: date, until: date | None = None
) -> Appointment:
    """Appoint a person to a role in a unit from ``since`` to ``until``, both days included.

    Raises:
        Invalid: ``unknown_role``, ``role_not_appointed`` (`UNAPPOINTED`), ``ends_before_it_begins``.
        NotFound: ``person_unknown`` or ``unit_unknown``.
        Conflict: ``appointment_overlaps``, when the person holds the same role in the same unit on one of these days.
    """
    if role not in set(Role):
        raise Invalid("unknown_role", field="role")
    if role in UNAPPOINTED:
        raise Invalid("role_not_appointed", field="role")
    require_order(since, until)
    await lock_person(work, person_id)
    await require_unit(work, unit_id)
    same = select(tables.Appointment.id).where(
        tables.Appointment.person_id == person_id,
        tables.Appointment.role == role,
        tables.Appointment.unit_id == unit_id,
        during(tables.Appointment, since, until),
    )
    if await work.session.scalar(same.limit(1)) is not None:
        raise Conflict("appointment_overlaps")
    row = tables.Appointment(id=uuid4(), person_id=person_id, role=str(role), unit_id=unit_id, since=since, until=until)
    work.session.add(row)
    _record_appointment(work, "begun", row)
    return appointment_view(row)


async def end_appointment(work: Work, appointment_id: UUID, *, on: date) -> Appointment:
    """Make ``on`` the last day of an appointment; an end that is set already can only be brought forward.

    Raises:
        NotFound: ``appointment_unknown``.
        Invalid: ``ends_before_it_begins``.
        Conflict: ``appointment_ended``, when it ends on that day or earlier as it is.
    """
    row = await work.session.get(tables.Appointment, appointment_id, with_for_update=True)
    if row is None:
        raise NotFound("appointment_unknown")
    require_order(row.since, on)
    if row.until is not None and row.until <= on:
        raise Conflict("appointment_ended")
    row.until = on
    _record_appointment(work, "ended", row)
    return appointment_view(row)


async def require_unit(work: Work, unit_id: UUID) -> tables.Unit:
    """Return the unit's row; raise `NotFound` ``unit_unknown``."""
    row = await work.session.get(tables.Unit, unit_id)
    if row is None:
        raise NotFound("unit_unknown")
    return row


async def lock_person(work: Work, person_id: UUID) -> None:
    """Hold the person's row until the end of the transaction, so that two periods cannot slip in side by side.

    Raises `NotFound` ``person_unknown``. SQLite has one writer, and needs no lock.
    """
    if await work.session.get(tables.Person, person_id, with_for_update=True) is None:
        raise NotFound("person_unknown")


def _record_unit(work: Work, action: str, row: tables.Unit) -> None:
    facts: dict[str, Fact] = {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "parent": row.parent_id,
    }
    audit.record(work, "unit", action, row.id, change=canonical("unit", facts))


def _record_appointment(work: Work, action: str, row: tables.Appointment) -> None:
    facts: dict[str, Fact] = {
        "person": row.person_id,
        "role": row.role,
        "unit": row.unit_id,
        "since": str(row.since),
        "until": str(row.until),
    }
    change = canonical("appointment", facts)
    audit.record(work, "appointment", action, row.id, change=change)
