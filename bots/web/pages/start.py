"""Where a report begins and ends: what is kept is said first; a draft is begun, put off, or erased."""

import secrets

from starlette.responses import Response

from bots.web import drafting
from bots.web.visit import Visit


async def start(visit: Visit) -> Response:
    """Say what is kept and what cannot be hidden; offer both ways, and to go on with what was begun."""
    async with visit.work(write=False) as work:
        sheet = await drafting.find(work, visit.cookie, lock=False)
    return visit.page(
        "start",
        begun=sheet is not None and sheet.state is not None,
        submitted=sheet is not None and sheet.receipt is not None,
        gone=visit.request.query_params.get("note") == "gone",
    )


async def begin(visit: Visit) -> Response:
    """Begin anew, one question a page; what the browser held before is forgotten."""
    await visit.read()
    secret = secrets.token_urlsafe(32)
    async with visit.work() as work:
        before = await drafting.find(work, visit.cookie)
        if before is not None:
            await drafting.forget(work, before)
        dialogue = await visit.site.forms.dialogue(work)
        await drafting.keep(work, drafting.fresh(secret), drafting.beginning(dialogue, visit.language), {})
    return visit.remember(visit.go("/report/question"), secret)


async def later(visit: Visit) -> Response:
    """Explain how to go on later."""
    async with visit.work(write=False) as work:
        sheet = await drafting.find(work, visit.cookie, lock=False)
        days = work.policy.days("draft_kept")
    if sheet is None or sheet.state is None:
        return visit.go("/report")
    visit.speak(sheet.state.language)
    return visit.page("later", days=days)


async def erase(visit: Visit) -> Response:
    """Forget the draft, or the receipt that was noted down, here and in the browser."""
    await visit.read()
    async with visit.work() as work:
        sheet = await drafting.find(work, visit.cookie)
        if sheet is not None:
            await drafting.forget(work, sheet)
    return visit.forget(visit.go("/report/erased"))


async def erased(visit: Visit) -> Response:
    """Say that nothing is left here, and what may be left on the device."""
    return visit.page("erased")
