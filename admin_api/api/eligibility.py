"""Whether somebody may be given something on a day: the personnel system asks, and needs no list of the warned."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from admin_api.api.gate import needs
from admin_api.api.shapes import Shape
from admin_api.gate import GuardedRoute
from core.app import warnings
from core.warnings.rules.effects import Action
from core.work import Work

router = APIRouter(tags=["eligibility"], route_class=GuardedRoute)

_Official = Annotated[
    UUID, Query(description="A post of theirs in the register (``GET /officials``), past or present.")
]
_Action = Annotated[
    str,
    Query(
        max_length=40,
        description="What they are to be given; any other word is answered with ``unknown_action``.",
        examples=["promotion"],
        json_schema_extra={"enum": [each.value for each in Action]},
    ),
]
_On = Annotated[date | None, Query(description="On which day, past or future; today if none is given.")]


class EligibilityReason(Shape):
    """A measure that blocks it: its form, the day of service, and the last day on which it blocks."""

    measure_id: UUID
    form: Annotated[str, Field(examples=["admonition"])]
    served_on: Annotated[date, Field(examples=["2026-08-31"])]
    last_day: Annotated[date, Field(examples=["2027-02-28"])]


class Eligibility(Shape):
    """The answer to one question about one person and one day.

    ``reasons`` are the measures that block it, for those who are entitled to know them; a machine of the personnel
    system is not.
    """

    official: UUID
    action: Annotated[str, Field(examples=["promotion"])]
    on: Annotated[date, Field(examples=["2027-02-28"])]
    answer: Annotated[Literal["allowed", "blocked"], Field(examples=["blocked"])]
    reasons: list[EligibilityReason]


@router.get("/eligibility")
async def ask_eligibility(
    work: Annotated[Work, needs("eligibility.ask")], official: _Official, action: _Action, on: _On = None
) -> Eligibility:
    """Answer whether an official may be given something on a day (R8); that it was asked is recorded.

    It is asked of the person, whatever post they hold meanwhile. A measure that was revoked never blocked anything.
    """
    day = on or work.clock.today()
    found = await warnings.eligibility(work, official, action=action, on=day)
    reasons = [EligibilityReason.model_validate(each) for each in found.reasons]
    return Eligibility(official=official, action=action, on=day, answer=found.answer.value, reasons=reasons)
