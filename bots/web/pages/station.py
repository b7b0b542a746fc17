"""Where people of the stations come in by their link, and what there is for them to do."""

from starlette.responses import Response

from bots.web.pages.station_record import Shown
from bots.web.stationed import COOKIE, HOME, Seat, forget, no_longer_good, recognised, record_path, remember, theirs
from bots.web.visit import Visit, secret_of
from core.app import stations
from core.errors import NotFound


async def enter(visit: Visit) -> Response:
    """Take the secret of a link out of the address: a cookie holds it from here on."""
    secret = secret_of(visit.request.path_params["secret"])
    try:
        async with visit.work(write=False) as work:
            await recognised(visit, work, secret or "")
    except NotFound:
        return no_longer_good(visit)
    return remember(visit, visit.go(HOME), secret or "")


async def home(visit: Visit) -> Response:
    """Show what waits, or how to come in."""
    if visit.held(COOKIE) is None:
        return visit.page("station_link", known=True)
    return await _home(visit)


async def leave(visit: Visit) -> Response:
    """Take the secret from the browser, on a telephone that others use as well."""
    return forget(visit, visit.go(HOME))


async def _duties(seat: Seat) -> Response:
    duties = await stations.duties(seat.work)
    if len(duties) == 1:
        return seat.visit.go(record_path(duties[0].obligation_id))
    records = [await stations.record(seat.work, each.obligation_id) for each in duties]
    return seat.visit.page(
        "station_home", shown=[Shown(seat, each) for each in records], belongs=bool(seat.who.liaison.held)
    )


_home = theirs(_duties)
