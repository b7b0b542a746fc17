"""The description of the interface itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from admin_api.api.gate import calls
from admin_api.api.shapes import Problem
from admin_api.gate import Caller, GuardedRoute

router = APIRouter(tags=["operations"], route_class=GuardedRoute)


@router.get("/openapi.json", response_class=JSONResponse)
async def describe(request: Request, _: Annotated[Caller, calls("service.describe")]) -> JSONResponse:
    """Return this description (OpenAPI 3.1)."""
    found: dict[str, Any] = dict(request.app.openapi())
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    return JSONResponse(found)
