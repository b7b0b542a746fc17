"""Laying the demo district: units, officials, stations and staff, the same at every run.

Everything goes through the public verbs of `core.registry`; accounts, reports and answers are laid on top of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core import registry
from core.app import App
from core.registry import Role, Unit, UnitKind
from core.work import System, Work
from jingshi.demo.laying import BEGIN, Layer


@dataclass(frozen=True, slots=True)
class Posting:
    """A person appointed to a role in a unit."""

    person_id: UUID
    role: Role
    unit_code: str


@dataclass(frozen=True, slots=True)
class District:
    """What later steps of the demo build on: units by code, and who is appointed to what."""

    units: Mapping[str, Unit]
    postings: tuple[Posting, ...]

    def people(self, role: Role, unit_code: str | None = None) -> tuple[UUID, ...]:
        """Return the persons who hold ``role``, in one unit or in any, each once."""
        found = (p.person_id for p in self.postings if p.role is role and unit_code in (None, p.unit_code))
        return tuple(dict.fromkeys(found))


async def lay_district(app: App) -> District:
    """Lay the district into an empty home, in one transaction, or find it there; return what it consists of."""
    async with app.work(System("demo"), "cli") as work:
        if not await registry.units(work, kinds=[UnitKind.DISTRICT_COMMITTEE]):
            await Layer(work).lay()
        return await _found(work)


async def _found(work: Work) -> District:
    units = {unit.code: unit for unit in await registry.units(work)}
    codes = {unit.id: unit.code for unit in units.values()}
    held = await registry.appointments(work, on=BEGIN)
    postings = [Posting(each.person_id, each.role, codes[each.unit_id]) for each in held]
    names = {p.person_id: (await registry.person(work, p.person_id)).name for p in postings}
    return District(units, tuple(sorted(postings, key=lambda p: (p.role, p.unit_code, names[p.person_id]))))
