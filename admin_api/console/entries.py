"""Entering what came by telephone, letter, visit or another channel: how it came, its form, then the receipt."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from admin_api.console.gate import Visit, acts, sees
from admin_api.entering import enter_once
from admin_api.gate import GuardedRoute
from admin_api.problems import describe
from core.app import cases, registry
from core.cases import WAYS, NewEntry, Way
from core.errors import Invalid, NotFound

router = APIRouter(prefix="/console/entries", route_class=GuardedRoute)

_REPORTED: Final = "letters_and_visits"
"""The channel by which people report; the others are meetings, audits and the like."""

_FRAME: Final = frozenset({"csrf", "once", "text"})
"""Fields of the form that are no inputs of an entry."""
_HINTS: Final = frozenset({"subject_kind", "unit", "subject", "category", "evidence", "reporter_name"})
"""Inputs beside which a word of help stands."""


@router.get("")
async def choose_way(visit: Annotated[Visit, sees("register.enter")]) -> Response:
    """Show how something can have come."""
    groups: dict[str, list[Way]] = {"reported": [], "channels": []}
    for way in WAYS.values():
        groups["reported" if way.channel == _REPORTED else "channels"].append(way)
    return visit.page("entries.html", here="entries", groups=groups)


@router.get("/{way}")
async def show_form(way: str, visit: Annotated[Visit, sees("register.enter")]) -> Response:
    """Show the form of one way."""
    return await _form(visit, way, {}, "", uuid4().hex)


@router.post("/{way}")
async def enter(
    way: str,
    request: Request,
    visit: Annotated[Visit, acts("register.enter")],
    once: Annotated[str, Form(max_length=64)],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Take the entry in and show the receipt to hand over; what does not fit comes back to be mended."""
    posted = await request.form()
    inputs = {name: value for name, value in posted.items() if name not in _FRAME and isinstance(value, str) and value}
    given = NewEntry(way=way, language=visit.language, inputs=inputs, text=text)
    try:
        await cases.fit_entry(visit.work, given)
    except Invalid as error:
        return await _form(visit, way, inputs, text, once, error)
    result, receipt = await enter_once(visit.work, once, given)
    if refused := result["refused"]:
        return visit.page("turned_away.html", here="entries", category=refused, way=way)
    return visit.page("entered.html", here="entries", entered=result, receipt=receipt, way=WAYS[way])


async def _form(
    visit: Visit, way: str, inputs: Mapping[str, str], text: str, once: str, error: Invalid | None = None
) -> Response:
    """Show the form of a way, with what was typed and what is to be mended."""
    chosen = WAYS.get(way)
    if chosen is None:
        raise NotFound("way_unknown")
    problem = describe(error, visit.language) if error else None
    values: dict[str, Any] = {
        "way": chosen,
        "inputs": inputs,
        "text": text,
        "once": once,
        "categories": _grouped(chosen),
        "hints": _HINTS,
        "units": (await registry.unit_choices(visit.work)).all,
        "problem": problem,
        "limit": visit.work.policy.characters("facts_text"),
    }
    return visit.page("entry.html", here="entries", status=problem.status if problem else 200, **values)


def _grouped(way: Way) -> Mapping[str, list[str]]:
    """Return the categories of a way in groups: at work, outside with a link to office, and those that are refused."""
    groups: dict[str, list[str]] = {}
    for category in next(each.choices for each in way.inputs if each.name == "category"):
        if category.startswith("on_duty:"):
            group = "on_duty"
        else:
            group = "off_duty" if cases.gate(category, True, "document").accepted else "private"  # noqa: FBT003 - the signature of rules.md 3.11
        groups.setdefault(group, []).append(category)
    return groups
