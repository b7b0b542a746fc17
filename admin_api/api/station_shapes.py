"""What the interface gives of the stations, as it stands in OpenAPI: never a word of a record."""

from datetime import date, datetime
from uuid import UUID

from admin_api.api.shapes import Shape


class StationShape(Shape):
    """A liaison station."""

    id: UUID
    code: str
    name: str
    name_en: str | None


class Happened(Shape):
    """One step of an obligation; without a name the calendar made it."""

    name: str
    at: datetime
    person_name: str | None


class Reminded(Shape):
    """Who was to be reminded at a stage, and how the message went or why there was none."""

    stage: str
    at: datetime
    person_name: str
    outcome: str


class ObligationCourse(Shape):
    """What one station owes in one round, and what happened to that."""

    obligation_id: UUID
    station: StationShape
    quarter: str
    due_on: date
    grace_until: date | None
    state: str
    is_nil: bool
    is_late: bool
    steps: list[Happened]
    reminders: list[Reminded]


class StationCall(Shape):
    """Somebody whom the department calls about their station's record, and why; without a person, the station."""

    obligation_id: UUID
    quarter: str
    station: StationShape
    person_id: UUID | None
    person_name: str
    why: str


class PlannedReminder(Shape):
    """Whom the plan of a quarter would write to at which moment, as things stand today."""

    stage: str
    at: datetime
    station_id: UUID
    person_id: UUID
    standing: str
