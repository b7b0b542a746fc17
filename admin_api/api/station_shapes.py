"""What the interface takes and gives of the stations, as it stands in OpenAPI: never a word of a record."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Reason, Shape, Unit

Quarter = Annotated[str, Field(max_length=10, examples=["2026Q3"])]
Answer = Literal["filed", "nil", "late", "to_sign", "returned", "owed", "missing", "excused"]


class StationShape(Shape):
    """A liaison station."""

    id: UUID
    code: str
    name: str
    name_en: str | None


class StationRound(Shape):
    """A quarter's round and its days; a day that needs a year of the work calendar which is not loaded is missing."""

    id: UUID
    quarter: str
    prompt_on: date | None
    due_on: date
    grace_until: date | None
    meeting_by: date | None
    is_locked: bool


class NewRound(Shape):
    """The quarter of which a round is opened: the one before, the present one, or the next."""

    quarter: Quarter


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
    """What one station owes in one round, and what happened to that.

    Where staff entered what was told by telephone, ``told_by`` and ``confirmed_by`` name who of the station did.
    """

    obligation_id: UUID
    station: StationShape
    quarter: str
    due_on: date
    grace_until: date | None
    state: str
    is_nil: bool
    is_late: bool
    told_by: str | None
    confirmed_by: str | None
    version: int
    steps: list[Happened]
    reminders: list[Reminded]


class NewExcuse(Shape):
    """Why a station is excused from a round."""

    reason: Reason


class MovedObligation(Shape):
    """Where an obligation stands after a step; the version is its ETag."""

    obligation_id: UUID
    state: str
    version: int


class Called(Shape):
    """When a station was last called about a record, and by whom."""

    at: datetime
    person_name: str


class StationCall(Shape):
    """Whom the department calls about a station's record, and why; without a person, the station."""

    obligation_id: UUID
    quarter: str
    station: StationShape
    person_id: UUID | None
    person_name: str
    why: str
    called: Called | None


class PlannedReminder(Shape):
    """Whom the plan of a quarter would write to at which moment, as things stand today."""

    stage: str
    at: datetime
    station_id: UUID
    person_id: UUID
    standing: str


class StationBranch(Shape):
    """A unit, and how many stations at or below it answered how.

    Of a station itself ``answer`` and ``obligation_id`` are given. ``has_more``: ask for the tree ``under`` it.
    """

    unit: Unit
    counts: dict[str, int]
    obligation_id: UUID | None
    answer: Answer | None
    is_unreachable: bool
    has_more: bool
    children: list["StationBranch"]


class StationTree(Shape):
    """A round, branch by branch."""

    round: StationRound
    counts: dict[str, int]
    branches: list[StationBranch]


class Awaited(Shape):
    """Somebody who could do what a record waits for, by their roles at the station."""

    person_id: UUID
    name: str
    roles: list[str]


class ListedStation(Shape):
    """One station of a list, since when it stands like this, and for whom its record waits."""

    obligation_id: UUID
    station: StationShape
    state: str
    answer: Answer
    is_nil: bool
    is_late: bool
    changed_at: datetime
    waits_for: list[Awaited]


class StationList(Shape):
    """A page of a list; ``counts`` are those of every list of the round."""

    counts: dict[str, int]
    stations: list[ListedStation]
    next: str | None


class FiledByDay(Shape):
    """How many records had been filed by the end of a day."""

    on: date
    filed: int


class FiledByStage(Shape):
    """A stage of the plan of reminders, and how many records had been filed before it."""

    name: str
    at: datetime
    filed: int


class RoundCounts(Shape):
    """How the stations answered in one round."""

    quarter: str
    counts: dict[str, int]


class StationFigures(Shape):
    """How the records of a round came in, how in time the newest rounds were, and who is out of reach, by why."""

    quarter: str
    obliged: int
    days: list[FiledByDay]
    stages: list[FiledByStage]
    by_quarter: list[RoundCounts]
    unreachable: dict[str, int]


class NewExport(Shape):
    """Why a round is taken out."""

    reason: Reason


class ExportedRow(Shape):
    """One obligation, without the name of a person; ``under`` is the code of the unit above the station."""

    obligation_id: UUID
    station: StationShape
    under: str | None
    state: str
    answer: Answer
    is_nil: bool
    is_late: bool
    submitted_at: datetime | None
    signed_at: datetime | None
    by_telephone: bool
    reminders: int


class ExportedRound(Shape):
    """A round, with a row for each station that it obliges."""

    round: StationRound
    rows: list[ExportedRow]
