"""Who else may open an item: granted with a reason and the colleague's name typed, and taken back."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from admin_api.console.gate import Visit, acts, sees
from admin_api.gate import GuardedRoute
from core.app import access, cases, registry
from core.errors import Invalid

router = APIRouter(prefix="/console/items/{item_id}/grants", route_class=GuardedRoute)

OpeningField = Annotated[UUID, Form()]
Reason = Annotated[str, Form(min_length=5, max_length=500)]


@router.get("")
async def show_grants(
    item_id: UUID, visit: Annotated[Visit, sees("item.grant")], opening: Annotated[UUID, Query()]
) -> Response:
    """Show the colleagues to choose from."""
    item = await cases.summary(visit.work, item_id)
    colleagues = [each for each in await access.colleagues(visit.work) if each.person_id != visit.staff.person_id]
    units = {unit.id: unit.label(visit.language) for unit in await registry.units(visit.work)}
    return visit.page(
        "grant.html", here="inbox", item=item, colleagues=colleagues, units=units, opening=opening, once=uuid4().hex
    )


@router.post("")
async def grant(
    item_id: UUID,
    visit: Annotated[Visit, acts("item.grant")],
    person_id: Annotated[UUID, Form()],
    typed_name: Annotated[str, Form(max_length=100)],
    reason: Reason,
    once: Annotated[str, Form(max_length=64)],
    opening: OpeningField,
) -> Response:
    """Let the colleague open the item, if the name typed is theirs."""
    name = await require_typed_name(visit, person_id, typed_name)

    async def act() -> access.Result:
        await cases.grant(visit.work, item_id, person_id, reason=reason)
        return {"person_id": str(person_id)}

    await access.once(visit.work, key=once, request=f"grant\0{item_id}\0{person_id}\0{reason}".encode(), act=act)
    return visit.go(f"/console/items/{item_id}?opening={opening}", "said.granted", name=name)


@router.post("/{person_id}/revoke")
async def revoke(
    item_id: UUID, person_id: UUID, visit: Annotated[Visit, acts("item.grant")], reason: Reason, opening: OpeningField
) -> Response:
    """Take the grant back."""
    name = (await registry.person(visit.work, person_id)).name
    await cases.revoke(visit.work, item_id, person_id, reason=reason)
    return visit.go(f"/console/items/{item_id}?opening={opening}", "said.revoked", name=name)


async def require_typed_name(visit: Visit, person_id: UUID, typed: str) -> str:
    """Return the person's name; raise `Invalid` (``typed_name_differs``) unless it was typed just so."""
    name = (await registry.person(visit.work, person_id)).name
    if typed.strip() != name:
        raise Invalid("typed_name_differs", field="typed_name")
    return name
