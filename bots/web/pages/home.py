"""The first page, static files, and what watches over the process."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bots.faults import log_fault
from bots.web.headers import LOG
from bots.web.site import CHANNEL, STATICS, WATCH
from bots.web.visit import Visit
from core.app import registry
from core.errors import JingshiError

FOR_GOOD = "public, max-age=31536000, immutable"
INTAKE_KEYS = ("intake:leading_group_office", "intake:discipline_commission")


async def home(visit: Visit) -> Response:
    """Say what this is and show the two ways."""
    return visit.page("home")


async def static(request: Request) -> Response:
    """Answer with a file of ours; it is held in memory."""
    found = STATICS.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("", 404)
    media_type, body = found
    return Response(body, media_type=media_type, headers={"cache-control": FOR_GOOD})


async def healthz(_request: Request) -> Response:
    """Say that the process lives."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """Say whether a report could be taken in now: the database answers and both bodies have their keys."""
    try:
        async with request.app.state.site.core.work(WATCH, CHANNEL, write=False) as work:
            await registry.installation(work.session)
            missing = [purpose for purpose in INTAKE_KEYS if purpose not in work.shared]
    except JingshiError as error:
        log_fault(LOG, error)
        return PlainTextResponse(f"{error.code}\n", 503, {"retry-after": "5"})
    if missing:
        return PlainTextResponse(f"no key: {', '.join(missing)}\n", 503, {"retry-after": "600"})
    return PlainTextResponse("ready\n")
