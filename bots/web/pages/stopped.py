"""The calm end of what cannot be taken: one category is counted, nothing else is kept (R12)."""

from starlette.responses import Response

from bots.web import drafting
from bots.web.drafting import Sheet
from bots.web.site import CHANNEL
from bots.web.visit import Visit
from core.app import cases
from core.dialogue import Aborted
from core.work import Work


async def stopped(visit: Visit, work: Work, sheet: Sheet | None, end: Aborted) -> Response:
    """Count the category, forget the draft, and say why and where else to turn."""
    await cases.refuse(work, category=end.category, channel=CHANNEL)
    if sheet is not None:
        await drafting.forget(work, sheet)
    return visit.forget(visit.page("stopped", end=end))
