"""Which stations nothing reaches: whose record is owed, and nobody who fills it in has a chat that works."""

from datetime import date

from sqlalchemy import ColumnElement, and_, select

from core import registry
from core.stations.overview.answers import ANSWER, OWING
from core.stations.rules.reminders import FILERS
from core.stations.tables import Obligation, Pairing


def out_of_reach(today: date) -> ColumnElement[bool]:
    """Return the condition that an obligation is owed, and no message reaches a liaison or contact of today there."""
    reached = select(Pairing.person_id).where(Pairing.ended_at.is_(None), Pairing.address_id.is_not(None))
    stations = registry.units_held(FILERS, on=today, among=reached)
    return and_(ANSWER.in_(sorted(OWING)), Obligation.station_id.not_in(stations))
