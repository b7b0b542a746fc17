"""Answering and asking back: written, looked at as the reporter will see it, and only then sent."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from admin_api.console.gate import Visit, acts
from admin_api.gate import GuardedRoute
from admin_api.revisions import require_seen
from core.app import access, cases

router = APIRouter(prefix="/console/items/{item_id}/reply", route_class=GuardedRoute)

Kind = Annotated[Literal["answer", "question"], Form()]
Text = Annotated[str, Form(max_length=6000)]
Once = Annotated[str, Form(max_length=64)]
Seen = Annotated[str, Form(max_length=64)]
OpeningField = Annotated[UUID, Form()]


@router.post("")
async def preview(
    item_id: UUID,
    visit: Annotated[Visit, acts("item.ask")],
    kind: Kind,
    once: Once,
    seen: Seen,
    opening: OpeningField,
    text: Text = "",
) -> Response:
    """Show the reply as the reporter will see it; nothing is sent or kept yet."""
    item = await cases.summary(visit.work, item_id)
    return visit.page(
        "reply.html", here="inbox", item=item, kind=kind, text=text.strip(), once=once, seen=seen, opening=opening
    )


@router.post("/send")
async def send(
    item_id: UUID,
    visit: Annotated[Visit, acts("item.ask")],
    kind: Kind,
    once: Once,
    seen: Seen,
    opening: OpeningField,
    text: Text,
) -> Response:
    """Send the reply, once however often the button is pressed."""
    verb = cases.answer if kind == "answer" else cases.ask_back

    async def act() -> access.Result:
        require_seen(await cases.summary(visit.work, item_id), seen)
        return {"id": str(await verb(visit.work, item_id, text)), "kind": kind}

    await access.once(visit.work, key=once, request=f"reply\0{item_id}\0{kind}\0{text}".encode(), act=act)
    return visit.go(f"/console/items/{item_id}?opening={opening}", f"said.{kind}")
