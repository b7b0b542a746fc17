"""Registers to look things up in: officials and units."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from admin_api.console.gate import Visit, sees
from admin_api.gate import GuardedRoute
from admin_api.paging import name_word, read_name
from core.app import registry
from core.errors import Invalid

router = APIRouter(prefix="/console", route_class=GuardedRoute)

PAGE = 50


@router.get("/officials")
async def show_officials(
    visit: Annotated[Visit, sees("official.list")],
    unit: Annotated[str, Query(max_length=36)] = "",
    name: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Show the officials in their posts today; nothing of what was reported stands beside a name."""
    work = visit.work
    found = await registry.officials(
        work, unit_id=_id(unit), on=work.clock.today(), name=name, after=read_name(after), limit=PAGE + 1
    )
    shown = found[:PAGE]
    more = None
    if len(found) > PAGE:
        query = {"unit": unit, "name": name, "after": name_word(shown[-1].person.name, shown[-1].id)}
        more = "/console/officials?" + urlencode({key: value for key, value in query.items() if value})
    units = {each.id: each.label(visit.language) for each in await registry.units(work)}
    return visit.page("officials.html", here="officials", officials=shown, units=units, unit=unit, name=name, more=more)


@router.get("/units")
async def show_units(visit: Annotated[Visit, sees("unit.list")]) -> Response:
    """Show the units as a tree."""
    tree = await registry.unit_tree(visit.work)
    return visit.page("units.html", here="units", tree=tree)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid("unit_malformed", field="unit") from error
