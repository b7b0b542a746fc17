"""What the interface takes and gives of steps with many items at once, as it stands in OpenAPI."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from admin_api.api.card_shapes import NewDecision, NewProposal
from admin_api.api.shapes import Shape
from admin_api.bulk import MOST, Row
from core.app import access

Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST, description="Each item once; the others are told.")]


class Several(Shape):
    """The items that are meant."""

    items: Ids


class ProposalForSeveral(NewProposal):
    """One proposal for several carded items."""

    items: Ids


class DecisionAboutSeveral(NewDecision):
    """One decision about what was proposed for several items."""

    items: Ids


class ItemOutcome(Shape):
    """What came, or would come, of one item. ``problem`` is a problem type with its text where it is not possible."""

    item_id: UUID
    done: bool
    state: Annotated[str | None, Field(examples=["carded"])]
    outcome: Annotated[str | None, Field(examples=["out_of_scope"], description="What is or was proposed.")]
    problem: Annotated[
        dict[str, Any] | None,
        Field(examples=[{"type": "urn:jingshi:problem:own_work", "title": "Not allowed", "status": 403}]),
    ]


class Outcomes(Shape):
    """One outcome for each item, in the order given; what failed changed nothing, and kept no other back."""

    items: list[ItemOutcome]


def outcomes(rows: Sequence[Row[access.Result]]) -> Outcomes:
    """Return the rows as the interface gives them."""
    return Outcomes(
        items=[
            ItemOutcome(
                item_id=row.item_id,
                done=row.problem is None,
                state=row.item.state if row.item else None,
                outcome=str(row.made["outcome"]) if row.made else None,
                problem=row.problem.members() if row.problem else None,
            )
            for row in rows
        ]
    )
