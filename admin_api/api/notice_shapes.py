"""What the interface takes and gives of notices to the district committee, as it stands in OpenAPI."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Shape


class NewNotice(Shape):
    """What makes a case important; whether it is about a principal leader or a team the register says.

    ``named`` are people of higher rank whom the information names: they are not told.
    """

    facts: Annotated[str, Field(examples=["某镇主要负责人被反映上班时间打扑克，尚未核实。"])]
    possible_crime: bool = False
    harm: bool = False
    retaliation: bool = False
    proposed: Annotated[
        Literal["", "letter", "talk", "admonition", "suspension", "demotion", "other"],
        Field(description="What has been proposed so far, if anything."),
    ] = ""
    named: Annotated[list[UUID], Field(max_length=100, default_factory=list)]


class NoticeReader(Shape):
    """Somebody who was told, and when they read it."""

    person_id: UUID
    read_at: datetime | None


class Notice(Shape):
    """A notice as it stands in a list: nothing of what it says."""

    id: UUID
    year: int
    number: int
    sent_at: datetime
    is_unverified: bool
    is_routed_up: bool
    readers: list[NoticeReader]


class Notices(Shape):
    """A page of notices; ``next`` is the address of the next one."""

    notices: list[Notice]
    next: str | None


class OpenedNotice(Notice):
    """A notice that was opened."""

    stage: str
    criteria: list[str]
    subject: str
    facts: str
