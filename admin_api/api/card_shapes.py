"""What the interface takes and gives of cards and triage, as it stands in OpenAPI."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from admin_api.api.shapes import Shape

Outcome = Literal["accepted", "insufficient", "out_of_scope", "transferred", "minimised_out"]


class NewCard(Shape):
    """What the clerk enters. Without a ``manifestation`` the gate's proposal stands."""

    subject_kind: Literal["official", "leading_team"]
    subject_id: Annotated[UUID, Field(description="An id of the register of officials, or of a unit for its team.")]
    setting: Literal["on_duty", "off_duty"]
    category: Annotated[str, Field(max_length=40, examples=["on_duty:M3"])]
    evidence: Literal["own_observation", "told", "document", "covert_recording"]
    detriment: Literal["none_seen", "possible", "high"]
    substance: Annotated[
        str,
        Field(
            description="The allegation in the clerk's words, without a trace of the reporter.",
            examples=["上班时间在茶水间打扑克"],
        ),
    ]
    manifestation: Annotated[str, Field(max_length=4, examples=["M3"])] = ""
    few_knew: Annotated[bool, Field(description="Only a few people can have known of it.")] = False
    conduct_on: date | None = None


class NewCorrection(Shape):
    """What is to be added to a card; the card itself is never changed."""

    text: Annotated[str, Field(examples=["发生时间应为三月三日"])]


class MadeCard(Shape):
    """A card that was written, with its number in the year."""

    id: UUID
    item_id: UUID
    year: int
    number: int


class CardSubject(Shape):
    """Who a card is about, as the register had them on the day of the card."""

    kind: str
    id: UUID
    unit_id: UUID
    name: str
    post: str


class Correction(Shape):
    """What was added to a card."""

    author_id: UUID
    at: datetime
    text: str


class Proposal(Shape):
    """What was proposed for an item; undecided as long as ``approved`` is missing."""

    outcome: Outcome
    proposed_by: UUID
    proposed_at: datetime
    approver_id: UUID | None
    decided_at: datetime | None
    approved: bool | None
    reason: str
    receiver: str
    return_reason: Annotated[str, Field(description="Why the second person returned it; empty otherwise.")]


class Card(Shape):
    """A card with its corrections, and what was proposed for its item."""

    id: UUID
    item_id: UUID
    year: int
    number: int
    clerk_id: UUID
    carded_at: datetime
    subject: CardSubject
    setting: str
    category: str
    manifestation: str
    evidence: str
    detriment: str
    few_knew: bool
    conduct_on: date | None
    substance: str
    corrections: list[Correction]
    proposals: list[Proposal]


class NewProposal(Shape):
    """What is to become of a carded item, and why; ``receiver`` names the body to which it would be transferred."""

    outcome: Outcome
    reason: Annotated[str, Field(examples=["属于受理范围，有可查的事实"])]
    receiver: Annotated[str, Field(examples=["区信访局"])] = ""


class MadeProposal(Shape):
    """A proposal that waits for a second person."""

    id: UUID
    item_id: UUID
    outcome: Outcome


class NewDecision(Shape):
    """Whether the second person approves what was proposed; otherwise it goes back to the clerk, with a reason."""

    approved: Annotated[bool, Field(examples=[False])]
    reason: Annotated[
        str, Field(description="Why it goes back; the clerk reads it.", examples=["请补充时间、地点后再提"])
    ] = ""


class DecidedItem(Shape):
    """Where the item stands after the decision."""

    item_id: UUID
    state: Annotated[str, Field(examples=["accepted"])]
