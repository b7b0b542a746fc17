"""Which stations nothing reaches: whose record is owed, and nobody who fills it in has a chat that works."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core import registry
from core.stations.rules.reminders import FILERS
from core.stations.tables import Pairing
from core.work import Work


async def out_of_reach(work: Work, station_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these stations whose liaisons and contacts of today no message reaches; nobody is one as well."""
    if not station_ids:
        return frozenset()
    query = select(Pairing.person_id).where(Pairing.ended_at.is_(None), Pairing.address_id.is_not(None))
    reached = set(await work.session.scalars(query))
    held = await registry.holders(work, FILERS, on=work.clock.today())
    return frozenset(station_ids) - {each.unit_id for each in held if each.person_id in reached}
