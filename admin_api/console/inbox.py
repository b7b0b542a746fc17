"""The inbox: a dense list, filtered and paged, beside which one item opens."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from admin_api.console.gate import Visit, sees
from admin_api.gate import GuardedRoute
from admin_api.paging import place_word, read_place
from core.app import cases, saved_filters
from core.cases import ITEM_STATES

router = APIRouter(prefix="/console/items", route_class=GuardedRoute)

PAGE = 40
_AT_ONCE = (("propose", "triage.propose"), ("take-back", "triage.propose"), ("decide", "triage.decide"))
"""What can be done with several items at once."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is shown; it travels in the address, so that a view can be kept as a bookmark."""

    channel: str = ""
    state: str = ""
    waiting: bool = False
    after: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What the list is filtered by, whatever page of it is shown."""
        own = {"channel": self.channel, "state": self.state, "waiting": "1" if self.waiting else ""}
        return {name: value for name, value in own.items() if value}

    def address(self, path: str, **changes: str) -> str:
        """Return ``path`` with these filters in its query, some of them changed."""
        query = urlencode(
            {name: value for name, value in (self.query | {"after": self.after} | changes).items() if value}
        )
        return f"{path}?{query}" if query else path


def _filters(
    channel: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    waiting: Annotated[str, Query(max_length=1)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> Filters:
    return Filters(channel, state, bool(waiting), after)


Filtered = Annotated[Filters, Depends(_filters)]


async def list_values(visit: Visit, filters: Filters) -> dict[str, Any]:
    """Return what the list needs to be drawn."""
    page = await cases.inbox(
        visit.work,
        channel=filters.channel or None,
        state=filters.state or None,
        waiting=filters.waiting,
        after=read_place(filters.after),
        limit=PAGE,
    )
    more = filters.address("/console/items", after=place_word(*page.next)) if page.next else None
    counted = cases.UNDECIDED | ({filters.state} if filters.state else set())  # the rest is many, and waits for nobody
    counts = await cases.counts(visit.work, channel=filters.channel or None, states=sorted(counted))
    channels = sorted({item.channel for item in page.items} | {filters.channel, "web"} - {""})
    return {
        "items": page.items,
        "filters": filters,
        "counts": counts,
        "states": ITEM_STATES,
        "channels": channels,
        "more": more,
    }


@router.get("")
async def show_inbox(visit: Annotated[Visit, sees("item.read_metadata")], filters: Filtered) -> Response:
    """Show the list alone, where several items can be chosen and filters saved."""
    values = await list_values(visit, filters)
    values["saved"] = await saved_filters.saved(visit.work, "inbox")
    values["chooses"] = [step for step, permission in _AT_ONCE if visit.may(permission)]
    values["all_count"] = _matching(filters, values["counts"])
    return visit.page("inbox.html", here="inbox", item=None, **values)


def _matching(filters: Filters, counts: cases.Counts) -> int | None:
    """Return how many items the filters find, as far as the counts tell."""
    if filters.state and not filters.waiting:
        return counts.states.get(filters.state, 0)
    return counts.waiting if filters.waiting and not filters.state else None
