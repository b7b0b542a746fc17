"""What the interface takes and gives of meetings, as it stands in OpenAPI."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Shape

Kind = Literal["department_meeting", "leading_group_meeting"]
State = Literal["called", "held", "called_off"]
_Votes = Annotated[int, Field(ge=0, le=1000)]


class NewMeeting(Shape):
    """A meeting to call, with the cases that it is to hear in their order."""

    kind: Kind
    body: Annotated[str, Field(max_length=40, examples=["leading_group_office"])]
    held_on: date
    case_ids: Annotated[list[UUID], Field(max_length=100)]


class Seat(Shape):
    """A member of a meeting, and whether they came; that is known once it was held."""

    person_id: UUID
    is_present: bool | None


class Meeting(Shape):
    """A meeting with its agenda and its members."""

    id: UUID
    kind: Kind
    body: str
    year: int
    number: int
    held_on: date
    state: State
    case_ids: list[UUID]
    seats: list[Seat]


class Meetings(Shape):
    """A page of meetings; ``next`` is the address of the next one."""

    meetings: list[Meeting]
    next: str | None


class CalledMeeting(Shape):
    """A meeting that was called, held or called off."""

    id: UUID
    state: State


class MovedMeeting(Shape):
    """Another day for a meeting."""

    held_on: date


class MeetingOff(Shape):
    """Why a meeting is called off; it is kept, sealed to the auditors."""

    reason: Annotated[str, Field(examples=["参会人员出差，另行安排"])]


class CaseDecision(Shape):
    """What the meeting made of one case. Whoever is ``recused`` neither votes nor counts in the quorum.

    What is ``deferred`` is not voted on, and waits for another meeting.
    """

    case_id: UUID
    votes_for: _Votes
    votes_against: _Votes
    abstained: _Votes
    recommendation: Literal[
        "talk",
        "admonition",
        "post_adjustment",
        "discipline",
        "letter",
        "suspension",
        "minor_advice",
        "circular",
        "other",
        "deferred",
    ]
    reasons: Annotated[str, Field(examples=["事实清楚，同意谈话提醒"])]
    form: Annotated[str, Field(max_length=40, examples=["talk_reminder"])] = ""
    recused: Annotated[list[UUID], Field(max_length=100, default_factory=list)]


class NewMinutes(Shape):
    """Who was present, and what was decided about every case on the agenda."""

    present: Annotated[list[UUID], Field(max_length=1000)]
    decisions: Annotated[list[CaseDecision], Field(max_length=100)]
