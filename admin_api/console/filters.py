"""Saved filters at the console: kept from the list that is shown, renamed and deleted beneath it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admin_api.console.attempts import attempt, typed
from admin_api.console.gate import go, posts
from admin_api.gate import Caller, GuardedRoute
from core.app import saved_filters
from core.errors import Invalid
from core.work import Work

router = APIRouter(prefix="/console/filters", route_class=GuardedRoute)

_LISTS: Final = {"inbox": "/console/items", "cases": "/console/cases"}
Place = Annotated[str, Form(max_length=10)]


@router.post("")
async def save(request: Request, caller: Annotated[Caller, posts("filter.keep")], place: Place = "inbox") -> Response:
    """Save what the list is filtered by at present."""
    given = await typed(request)
    query = {name: given[name] for name in saved_filters.CHOICES.get(place, {}) if given[name]}

    async def act(work: Work) -> None:
        await saved_filters.save(work, place, given["name"], query)

    return await _answer(request, caller, place, act, "said.filter_saved", urlencode(query))


@router.post("/{filter_id}/rename")
async def rename(
    request: Request, filter_id: UUID, caller: Annotated[Caller, posts("filter.keep")], place: Place = "inbox"
) -> Response:
    """Give a saved filter another name."""
    given = await typed(request)

    async def act(work: Work) -> None:
        await saved_filters.rename(work, filter_id, given["name"])

    return await _answer(request, caller, place, act, "said.filter_renamed")


@router.post("/{filter_id}/delete")
async def forget(
    request: Request, filter_id: UUID, caller: Annotated[Caller, posts("filter.keep")], place: Place = "inbox"
) -> Response:
    """Delete a saved filter."""

    async def act(work: Work) -> None:
        await saved_filters.forget(work, filter_id)

    return await _answer(request, caller, place, act, "said.filter_deleted")


async def _answer(
    request: Request, caller: Caller, place: str, act: Callable[[Work], Awaitable[None]], said: str, query: str = ""
) -> Response:
    """Do it and go back to the list; what was wrong is said there."""
    if place not in _LISTS:
        raise Invalid("unknown_choice", field="place")
    path = f"{_LISTS[place]}?{query}" if query else _LISTS[place]
    kept = await attempt(request, caller, "filter", {}, act)
    if kept is None:
        return go(caller.app, path, said)
    return go(caller.app, path, f"error.{kept.code}", tone="problem", **kept.problem.extra)
