"""Entering what a station tells by telephone: who told it, which head confirmed it, then its entries on one page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, empty_where_missing, typed
from admin_api.console.case_fields import Given
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from core.app import access, cases, stations
from core.dialogue import RECORD, Aborted, Dialogue, Done, Form, Page, Problem, State, load
from core.stations.rules.reminders import SIGNERS
from core.work import Work

router = APIRouter(prefix="/console/stations/obligations", route_class=GuardedRoute)

_CHANNEL: Final = "liaison_station"
Block = Mapping[str, str]
"""What was typed for one entry, by the names of the questions."""


@dataclass
class Looked:
    """What became of the entries when they were looked at, by their place from 0."""

    done: list[Done] = field(default_factory=list)
    problems: dict[int, Mapping[str, Problem]] = field(default_factory=dict)
    refused: dict[int, Aborted] = field(default_factory=dict)


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
            await _enter(work, obligation_id, given, blocks, looked)

        kept = await attempt(request, caller, "enter", given.fields, act)
        if kept is None and not looked.problems and not looked.refused:
            return go(caller.app, f"/console/stations/obligations/{obligation_id}", "said.record_entered")
    blocks = [{} if place in looked.refused else each for place, each in enumerate(blocks)]
    async with caller.begin(write=False) as work:
        return await _page(
            await visit_of(request, caller, work), obligation_id, given.fields, blocks, looked=looked, kept=kept
        )


async def _enter(work: Work, obligation_id: UUID, given: Given, blocks: Sequence[Block], looked: Looked) -> None:
    """Enter what can be taken whole; what the gate refuses is counted, and then nothing is entered (R12)."""
    people = {"told_by": given.id("told_by"), "confirmed_by": given.id("confirmed_by")}
    if given.text("do") != "nil":
        _look(await _dialogue(work, (await stations.course(work, obligation_id)).station.id), blocks, looked)
    for end in looked.refused.values():
        await cases.refuse(work, category=end.category, channel=_CHANNEL)
    if looked.refused or looked.problems:
        return

    async def act() -> access.Result:
        if given.text("do") == "nil":
            await stations.enter_nil(work, obligation_id, **people)
        else:
            await stations.enter_record(work, obligation_id, entries=looked.done, **people)
        return {"obligation_id": str(obligation_id)}

    same = json.dumps([given.text("do"), str(obligation_id), *map(str, people.values()), blocks]).encode()
    await access.once(work, key=given.text("once"), request=same, act=act)


def _look(dialogue: Dialogue, blocks: Sequence[Block], looked: Looked) -> None:
    """Look at every entry; a block in which nothing was filled in is none."""
    for place, block in enumerate(blocks):
        if not any(block.values()):
            continue
        step = dialogue.answer_all(_start(dialogue), block)
        done = step if isinstance(step, Aborted | Page) else dialogue.submit(step.state)
        if isinstance(done, Aborted):
            looked.refused[place] = done
        elif isinstance(done, Done):
            looked.done.append(done)
        elif isinstance(step, Page):
            looked.problems[place] = step.problems


def _blocks(given: Given) -> list[Block]:
    names = [each.name for each in _form().fields if each.asks]
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
    dialogue = await _dialogue(visit.work, course.station.id)
    page = dialogue.page(State(_form().id, _form().version, visit.language))
    wrong = bool(looked.problems or looked.refused)
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
    status = kept.problem.status if kept else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return visit.page("station_entering.html", here="stations", status=status, kept=kept, **values)


async def _dialogue(work: Work, station_id: UUID) -> Dialogue:
    lists = {stations.PROVIDER: await stations.officials_of(work, station_id)}
    return Dialogue(_form(), today=work.clock.today(), lists=lists)


def _start(dialogue: Dialogue) -> State:
    return State(dialogue.form.id, dialogue.form.version, dialogue.form.default_language)


@cache
def _form() -> Form:
    return load(RECORD)
