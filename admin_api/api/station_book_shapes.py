"""What the interface takes and gives of record books, their review, and the heads' meetings."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Shape
from admin_api.api.station_shapes import StationShape

Result = Literal["delete_irrelevant", "positive_note", "make_card", "no_action"]
Attended = Literal["head", "deputy", "absent"]
_Line = Annotated[str, Field(max_length=400)]


class BookLine(Shape):
    """A question of the form, or its label, and what was answered."""

    label: str
    value: str


class BookEntry(Shape):
    """An entry as the caller may see it. Nothing shows of one that is held, deleted, or an item of the case store.

    ``result`` was proposed by ``read_by`` and, once ``is_confirmed``, said by a second reader as well.
    """

    id: UUID
    place: int
    lines: list[BookLine]
    written_by: UUID | None
    written_on: date | None
    is_held: bool
    is_urgent: bool
    result: Result | None
    read_by: UUID | None
    is_confirmed: bool


class RecordBook(Shape):
    """The record book of one station and quarter."""

    obligation_id: UUID
    station: StationShape
    quarter: str
    state: str
    is_nil: bool
    is_late: bool
    submitted_by: str
    submitted_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    entered_by: str
    entries: list[BookEntry]


class NewResults(Shape):
    """What the caller says of entries of a book, by their ids."""

    results: Annotated[
        dict[UUID, Result],
        Field(max_length=100, examples=[{"0f5f5b0a-2f0c-4c58-8e5c-0a7a1d0b6f10": "no_action"}]),
    ]


class Judged(Shape):
    """How many entries the caller was the first to say something of, and how many are decided by it."""

    proposed: int
    confirmed: int


class BookStanding(Shape):
    """A book in the review, by how its entries stand for the caller: see `docs/lifecycle.md`."""

    obligation_id: UUID
    station: StationShape
    quarter: str
    state: str
    is_nil: bool
    is_late: bool
    open: int
    theirs: int
    mine: int
    held: int
    decided: int


class HalfYearReview(Shape):
    """The books of a half-year; ``without`` counts the stations that have none."""

    half: str
    quarters: list[str]
    books: list[BookStanding]
    without: int


class SetDown(Shape):
    """How many records were set down as reviewed."""

    count: int


class HeldBook(Shape):
    """A book with entries that wait for the privacy officer; what is not released is deleted by then."""

    obligation_id: UUID
    station: StationShape
    quarter: str
    held: int
    until: date | None


class Released(Shape):
    """An entry that the readers see from now on."""

    id: UUID


class HeadsCall(Shape):
    """When and where the heads meet, and what about; the hour is that of Asia/Shanghai."""

    held_on: Annotated[date, Field(examples=["2026-10-20"])]
    begins_at: Annotated[time, Field(examples=["09:30"])]
    venue: Annotated[str, Field(max_length=400, examples=["区委三楼会议室"])]
    agenda: Annotated[list[_Line], Field(max_length=100, examples=[["听取各站汇报", "通报报送情况"]])]


class NewHeadsMeeting(HeadsCall):
    """A meeting to call, for the round of a quarter."""

    round_id: UUID


class HeadsSeat(Shape):
    """A station at the meeting; nothing was noted yet where ``attended`` is empty. ``is_told``: by the bot."""

    station: StationShape
    heads: list[str]
    attended: Attended | None
    is_told: bool


class HeadsMeeting(Shape):
    """A meeting of the heads as it stands, without agenda and minutes."""

    id: UUID
    quarter: str
    meeting_by: date | None
    is_late: bool
    held_on: date
    begins_at: time
    venue: str
    closed_at: datetime | None
    seats: list[HeadsSeat]


class RoundMeeting(Shape):
    """A round, and its meeting if one was called."""

    round_id: UUID
    quarter: str
    meeting_by: date | None
    meeting_id: UUID | None
    held_on: date | None
    is_closed: bool


class CalledHeadsMeeting(Shape):
    """A meeting that was called."""

    id: UUID


class NewAttendance(Shape):
    """Who came, by the ids of stations; ``rest`` is said of every station of which nothing is noted."""

    attended: Annotated[
        dict[UUID, Attended],
        Field(max_length=2000, examples=[{"0f5f5b0a-2f0c-4c58-8e5c-0a7a1d0b6f10": "deputy"}]),
    ]
    rest: Attended | None = None


class NewHeadsMinutes(Shape):
    """What was said at the meeting."""

    minutes: Annotated[str, Field(max_length=20_000, examples=["各站汇报了本季度情况。"])]


class ClosedHeadsMeeting(Shape):
    """How many records of the round were heard."""

    heard: int


class HeadsTexts(Shape):
    """What is sealed of a meeting; there are no minutes before it is closed."""

    agenda: list[str]
    minutes: str
