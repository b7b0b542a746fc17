"""Search over the cases that the caller has been granted; nothing is kept of it but that it was done, and why."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from admin_api.api.case_shapes import Case
from admin_api.api.gate import needs
from admin_api.api.shapes import Shape
from admin_api.gate import GuardedRoute
from core.cases import proceedings
from core.work import Work

router = APIRouter(tags=["cases"], route_class=GuardedRoute)


class NewSearch(Shape):
    """What is looked for, and why: a search reads what is sealed."""

    words: Annotated[str, Field(min_length=1, max_length=100, examples=["值班登记"])]
    reason: Annotated[str, Field(max_length=500, examples=["查找同一单位的同类反映"])]


class Hit(Shape):
    """A case in which the words stand: in which step first, and what stands around them, folded."""

    case: Case
    kind: Annotated[str, Field(examples=["evidence"])]
    around: str


class Found(Shape):
    """What was found, and among how many cases; with ``more``, older ones were left aside."""

    hits: list[Hit]
    looked_through: int
    more: bool


@router.post("/cases/search")
async def search(given: NewSearch, work: Annotated[Work, needs("case.read")]) -> Found:
    """Look for words of two characters and more in the cases whose keys the caller holds; it is recorded."""
    found = await proceedings.search(work, given.words, reason=given.reason)
    hits = [Hit(case=Case.model_validate(hit.case), kind=hit.kind, around=hit.around) for hit in found.hits]
    return Found(hits=hits, looked_through=found.looked_through, more=found.more)
