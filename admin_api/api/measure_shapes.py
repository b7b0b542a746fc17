"""What the interface gives of measures, as it stands in OpenAPI."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.case_shapes import Case, CaseEntry, Deadline
from admin_api.api.shapes import Shape


class Measure(Shape):
    """A measure as it stands in a list: nothing of whom it is about. ``version`` is its ETag.

    ``follows_id`` is the measure after whose assessment it was decided; ``last_day`` is that of its effects.
    """

    id: UUID
    case_id: UUID
    follows_id: UUID | None
    body: Annotated[str, Field(examples=["leading_group_office"])]
    form: Annotated[str, Field(examples=["admonition"])]
    state: Annotated[str, Field(examples=["active"])]
    version: int
    drafted_at: datetime
    year: int | None
    number: int | None
    served_on: date | None
    last_day: date | None
    outcome: str | None


class Measures(Shape):
    """A page of measures; ``next`` is the address of the next one."""

    measures: list[Measure]
    next: str | None


class WaitingMeasure(Shape):
    """A measure whose next step is the caller's; ``what`` names the step."""

    what: Annotated[str, Field(examples=["approve"])]
    id: UUID
    form: str
    year: int | None
    number: int | None
    since: datetime


class MovedMeasure(Shape):
    """Where a measure stands after a step; ``version`` is its ETag now."""

    measure_id: UUID
    case_id: UUID
    state: Annotated[str, Field(examples=["checked"])]
    version: int


class ServedMeasure(MovedMeasure):
    """A measure that was served, and the code that is handed over with its document.

    The code is in the first answer and in no other: sent again under its key, the request is answered with
    ``code_shown_before`` and without the code. Whoever has it answers for the person concerned.
    """

    last_day: date | None
    code: Annotated[str | None, Field(examples=["7QK-0ZD-4MT-9XA-E2V-HN6-3PW"])]
    code_shown_before: bool


class RenewedCode(MovedMeasure):
    """The code that takes the place of a lost one; it is told as that of `ServedMeasure` is."""

    code: Annotated[str | None, Field(examples=["7QK-0ZD-4MT-9XA-E2V-HN6-3PW"])]
    code_shown_before: bool


class MovedRemedy(MovedMeasure):
    """A review or an appeal, and where its measure stands; without ``admitted`` a person has to decide about it."""

    id: UUID
    kind: Literal["review", "appeal"]
    is_late: bool
    admitted: bool | None
    ruling: str | None


class SettledNotice(MovedMeasure):
    """How the notice of a revocation to one unit stands."""

    id: UUID
    delivery: Literal["delivered", "unknown"]


class Remedy(Shape):
    """A review or an appeal as it stands."""

    id: UUID
    kind: Literal["review", "appeal"]
    received_on: date
    is_late: bool
    admitted: bool | None
    decided_on: date | None
    ruling: str | None


class Told(Shape):
    """A unit that was told of a measure, and how the notice of its revocation stands."""

    id: UUID
    unit_id: UUID
    told_on: date
    delivery: Literal["none", "due", "delivered", "unknown"]


class Vacancy(Shape):
    """Somebody who can no longer hear a review or an appeal, or assess, and who is ``able`` to take their place."""

    person_id: UUID
    part: Literal["reviewer", "appeal", "assessor"]
    able: list[UUID]


class MeasureDocument(Shape):
    """What the document of a measure says. Before it is approved, it has no number; before service, no last day."""

    form: str
    profile: str
    body: str
    issuer: str
    district: str
    year: int
    number: int
    issued_on: str
    name: str
    post: str
    is_team: bool
    manifestation: str
    conduct_on: str
    facts: str
    reasons: str
    requirements: str
    ancillary: list[str]
    months: int
    served_on: str
    last_day: str
    talk: Mapping[str, str] | None
    before: Mapping[str, str] | None


class MeasureContent(Shape):
    """A measure that was opened: its document, its steps, its remedies, who was told, its clocks.

    ``parts`` are what the caller is to its case, ``next_capacity`` is the one in which it is approved next.
    ``vacancies`` are told to the supervisor of the case.
    """

    measure: Measure
    case: Case
    document: MeasureDocument
    entries: list[CaseEntry]
    parts: list[str]
    next_capacity: str | None
    remedies: list[Remedy]
    told: list[Told]
    deadlines: list[Deadline]
    vacancies: list[Vacancy]


class MeasureOpening(Shape):
    """A reason given: it carries the caller's reads of this measure and its case until it expires."""

    id: UUID
    expires_at: datetime
    content: Annotated[str, Field(description="Where the measure can be read with it.")]


class Term(Shape):
    """The end of one term: no name, and nothing of the case but the number of the document."""

    id: UUID
    body: str
    form: Annotated[str, Field(examples=["admonition"])]
    year: int | None
    number: int | None
    last_day: Annotated[date, Field(examples=["2027-02-28"])]


class Terms(Shape):
    """A page of the calendar of terms; ``next`` is the address of the next one."""

    terms: list[Term]
    next: str | None
