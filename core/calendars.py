"""The work calendar of this installation: what comes with the system, and the years that were loaded here.

The State Council publishes a year's days off in the late autumn before. Until it is loaded, what needs it stays open.
"""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import access, audit
from core.db import Base, Instant
from core.policy.calendar import LONGEST_CSV, PUBLISHED, WorkCalendar
from core.work import Work


class CalendarYear(Base):
    """A year that was loaded, as its file told it (`WorkCalendar.with_year`)."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(String(LONGEST_CSV))
    loaded_at: Mapped[datetime] = mapped_column(Instant)


async def calendar(session: AsyncSession) -> WorkCalendar:
    """Return the work calendar as far as it is known here."""
    found = PUBLISHED
    for row in (await session.scalars(select(CalendarYear).order_by(CalendarYear.year))).all():
        found = found.with_year(row.year, row.text)
    return found


async def load_year(work: Work, year: int, text: str) -> WorkCalendar:
    """Load a year of the work calendar, in the place of what was known of it; return the calendar with it.

    Each process counts by it within half a minute; days that waited are found within minutes. Days that were counted
    before stay as they are. Raises `Denied`, and `Invalid` as `WorkCalendar.with_year` does.
    """
    access.permit_operated(work, "calendar.load")
    PUBLISHED.with_year(year, text)
    await work.session.merge(CalendarYear(year=year, text=text, loaded_at=work.now()))
    audit.record(work, "calendar", "loaded", str(year), change=text.encode())
    return await calendar(work.session)
