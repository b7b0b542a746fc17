"""The stylesheet and the small script of the console, kept by browsers until they change."""

from typing import Annotated, Literal

from fastapi import APIRouter
from starlette.responses import FileResponse

from admin_api.console.gate import anybody
from admin_api.console.pages import STATIC
from admin_api.gate import Caller, GuardedRoute

router = APIRouter(prefix="/console/static", route_class=GuardedRoute)


@router.get("/{version}/{name}")
async def send(
    version: str,  # noqa: ARG001 - it only makes the address change with the file
    name: Literal["console.css", "console.js", "mark.svg"],
    _: Annotated[Caller, anybody("service.describe")],
) -> FileResponse:
    """Send one of the files."""
    return FileResponse(STATIC / name, headers={"cache-control": "public, max-age=31536000, immutable"})
