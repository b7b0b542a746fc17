"""Saved filters: a member keeps those of the inbox and of the list of cases; nobody else sees them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from admin_api.api.gate import needs
from admin_api.api.shapes import Shape
from admin_api.gate import GuardedRoute
from core.app import saved_filters
from core.work import Work

router = APIRouter(prefix="/filters", tags=["filters"], route_class=GuardedRoute)

Place = Literal["inbox", "cases"]
Name = Annotated[str, Field(description="Sealed to the caller's own key.", examples=["电话来的，待办"])]
_QUERY = {"state": "carded", "waiting": "1"}


class NewFilter(Shape):
    """What the list is filtered by, as in its address, and the name to keep it under."""

    place: Place
    name: Name
    query: Annotated[
        dict[str, str],
        Field(description="inbox: channel, state, waiting=1; cases: state, mine=1.", examples=[_QUERY]),
    ]


class NewName(Shape):
    """The name that a filter is to have."""

    name: Name


class MadeFilter(Shape):
    """A filter that was saved."""

    id: UUID


class Filter(Shape):
    """A filter and how much it finds at present; the name is missing while the caller's key does not open it."""

    id: UUID
    place: Place
    name: str | None
    query: dict[str, str]
    count: Annotated[int, Field(description="At most 99.")]
    has_more: bool


@router.get("")
async def list_filters(
    place: Annotated[Place, Query()], work: Annotated[Work, needs("filter.keep", write=False)]
) -> list[Filter]:
    """Return the caller's filters of a list, the oldest first."""
    return [Filter.model_validate(each) for each in await saved_filters.saved(work, place)]


@router.post("", status_code=status.HTTP_201_CREATED)
async def save(given: NewFilter, work: Annotated[Work, needs("filter.keep")]) -> MadeFilter:
    """Save a filter; the same one is saved once, and twelve of a list at most."""
    return MadeFilter(id=await saved_filters.save(work, given.place, given.name, given.query))


@router.patch("/{filter_id}", status_code=status.HTTP_204_NO_CONTENT)
async def rename(filter_id: UUID, given: NewName, work: Annotated[Work, needs("filter.keep")]) -> None:
    """Give a filter another name."""
    await saved_filters.rename(work, filter_id, given.name)


@router.delete("/{filter_id}", status_code=status.HTTP_204_NO_CONTENT)
async def forget(filter_id: UUID, work: Annotated[Work, needs("filter.keep")]) -> None:
    """Delete a filter."""
    await saved_filters.forget(work, filter_id)
