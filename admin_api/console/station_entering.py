"""Entering what a station tells by telephone: who told it, which head confirmed it, then its entries on one page."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, empty_where_missing, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from admin_api.told import Block, Looked, blank, look, record_dialogue, record_form, require_no_entries
from core.app import access, stations
from core.dialogue import Page
from core.stations.rules.reminders import SIGNERS
from core.work import Work

router = APIRouter(prefix="/console/stations/obligations", route_class=GuardedRoute)


@router.get("/{obligation_id}/enter")
async def show_entering(obligation_id: UUID, visit: Annotated[Visit, sees("station.enter")]) -> Response:
    """Ask who told it and who confirmed it, and for the first entry."""
    return await _page(visit, obligation_id, empty_where_missing({"once": uuid4().hex}), [{}])


@router.post("/{obligation_id}/enter")
async def enter(request: Request, obligation_id: UUID, caller: Annotated[Caller, posts("station.enter")]) -> Response:
    """Add a block for an entry or take one out; or look at them all, and enter them once all can be taken."""
    given = Given(await typed(request))
    do, blocks = given.text("do"), _blocks(given)
    looked, kept = Looked(), None
    if do == "more":
        blocks = [*blocks, {}]
    elif do.startswith("drop-"):
        blocks = [each for place, each in enumerate(blocks) if str(place) != do.removeprefix("drop-")]
    else:

        async def act(work: Work) -> None:
            nonlocal looked
            looked = await _enter(work, obligation_id, given, blocks)

        kept = await attempt(request, caller, "enter", given.fields, act)
        if kept is None and looked.is_fit:
            return go(caller.app, f"/console/stations/obligations/{obligation_id}", "said.record_entered")
    blocks = [{} if place in looked.refused else each for place, each in enumerate(blocks)]
    async with caller.begin(write=False) as work:
        return await _page(
            await visit_of(request, caller, work), obligation_id, given.fields, blocks, looked=looked, kept=kept
        )


async def _enter(work: Work, obligation_id: UUID, given: Given, blocks: Sequence[Block]) -> Looked:
    """Enter what can be taken whole; return what was looked at, of which nothing is entered unless all is fit."""
    people = {"told_by": given.id("told_by"), "confirmed_by": given.id("confirmed_by")}
    is_nil = given.text("do") == "nil"
    if is_nil:
        require_no_entries(blocks)
    looked = Looked() if is_nil else await look(work, obligation_id, blocks)
    if not looked.is_fit:
        return looked

    async def act() -> access.Result:
        if is_nil:
            await stations.enter_nil(work, obligation_id, **people)
        else:
            await stations.enter_record(work, obligation_id, entries=looked.done, **people)
        return {"obligation_id": str(obligation_id)}

    same = json.dumps([is_nil, str(obligation_id), *map(str, people.values()), blocks]).encode()
    await access.once(work, key=given.text("once"), request=same, act=act)
    return looked


def _blocks(given: Given) -> list[Block]:
    names = [each.name for each in record_form().fields if each.asks]
    count = int(given.text("count")) if given.text("count").isdecimal() else 0
    return [
        {name: given.text(f"e{place}-{name}") for name in names} for place in range(min(count, stations.MOST_ENTRIES))
    ]


async def _page(
    visit: Visit,
    obligation_id: UUID,
    given: Mapping[str, str],
    blocks: Sequence[Block],
    *,
    looked: Looked | None = None,
    kept: Kept | None = None,
) -> Response:
    course, looked = await stations.course(visit.work, obligation_id), looked or Looked()
    people = await stations.people_of(visit.work, course.station.id)
    dialogue = await record_dialogue(visit.work, course.station.id)
    page = dialogue.page(blank(visit.language))
    values: dict[str, Any] = {
        "course": course,
        "tellers": {each.person_id: each.name for each in people},
        "signers": {each.person_id: each.name for each in people if each.role in SIGNERS},
        "questions": page.questions if isinstance(page, Page) else (),
        "nobody": not dialogue.lists[stations.PROVIDER].all,
        "given": given,
        "blocks": blocks,
        "looked": looked,
        "most": stations.MOST_ENTRIES,
    }
    status = kept.problem.status if kept else HTTPStatus.OK if looked.is_fit else HTTPStatus.UNPROCESSABLE_ENTITY
    return visit.page("station_entering.html", here="stations", status=status, kept=kept, **values)
