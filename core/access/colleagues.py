"""The colleagues to whom an item can be granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core import registry
from core.access.permissions import PERMISSIONS, permit
from core.access.tables import PersonKey
from core.work import Held, Work


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may open items; without a key nothing can be sealed to them yet."""

    person_id: UUID
    name: str
    held: tuple[Held, ...]
    has_key: bool


async def colleagues(work: Work) -> Sequence[Colleague]:
    """Return everybody who may open items today in either deciding body, by name; T8 takes one officer of each."""
    permit(work, "colleague.list")
    holders = await registry.held_in_roles(work, PERMISSIONS["item.open"].held_by, on=work.clock.today())
    of_a_body = {person_id: tuple(one for one in roles if one.body) for person_id, roles in holders.items()}
    held = {person_id: roles for person_id, roles in of_a_body.items() if roles}
    query = select(PersonKey.person_id).where(PersonKey.person_id.in_(held), PersonKey.retired_at.is_(None))
    with_key = set((await work.session.scalars(query)).all())
    people = [await registry.person(work, person_id) for person_id in held]
    return [
        Colleague(person.id, person.name, held[person.id], person.id in with_key)
        for person in sorted(people, key=lambda person: (person.name, person.id))
    ]
