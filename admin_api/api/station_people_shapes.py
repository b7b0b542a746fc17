"""What the interface takes and gives of the people of the stations, and of the officials who live where one is."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Shape
from core.stations import MOST_ENTRIES

Answered = Annotated[str, Field(max_length=40)]
Words = Annotated[str, Field(max_length=1_000)]


class StationMember(Shape):
    """A role that somebody holds at a station today, and whether they can be reached in a chat."""

    person_id: UUID
    name: str
    role: str
    since: date
    until: date | None
    standing: Annotated[str, Field(examples=["paired"])]
    language: str | None


class StationInvitation(Shape):
    """An invitation. Link's word and six digits are shown this once; a repeated request has neither."""

    secret: Annotated[str | None, Field(examples=["kT3…"], description="For a link into the chat of the bot.")]
    code: Annotated[str | None, Field(examples=["204817"], description="Six digits, to be typed into the chat.")]
    code_until: datetime
    until: datetime


class StationLink(Shape):
    """A personal link. Its secret is shown this once; a repeated request has none."""

    secret: Annotated[
        str | None,
        Field(examples=["8l8s…"], description="Stands behind ``/station/`` on the public address."),
    ]
    until: datetime


class ToldRecord(Shape):
    """A record that was told by telephone, by whom, and which head or deputy confirmed it there."""

    told_by: UUID
    confirmed_by: UUID
    is_nil: Annotated[bool, Field(description="Whether there was nothing to report; then there are no entries.")] = (
        False
    )
    entries: Annotated[
        list[dict[Answered, Words]],
        Field(max_length=MOST_ENTRIES, description="Each by the questions of the form of the record."),
    ]


class EnteredRecord(Shape):
    """The obligation as it stands; ``refused`` is the category that the gate refused: then nothing was kept."""

    obligation_id: UUID
    state: str
    version: int
    refused: str | None


class EndedStanding(Shape):
    """That an invitation or a pairing of somebody is over."""

    person_id: UUID
    station_id: UUID


class StationResident(Shape):
    """An official who lives where a station is."""

    residence_id: UUID
    person_id: UUID
    name: str
    posts: str
    since: date
    until: date | None


class NewResidence(Shape):
    """An official in post, and since when they live where the station is."""

    person_id: UUID
    since: date


class EndOfResidence(Shape):
    """The last day on which an official lives there."""

    on: date


class Residence(Shape):
    """A residence that was registered, or ended."""

    residence_id: UUID
