"""Somebody of a station at one of their pages: known by their link, whose secret a cookie holds afterwards."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Final
from uuid import UUID

from starlette.responses import Response

from bots.web.visit import Elsewhere, Handler, Visit
from core.app import stations
from core.errors import JingshiError, NotFound, Stale
from core.work import Work

HOME: Final = "/station"
COOKIE: Final = "station"

UNKNOWN: Final = "personal_link_unknown"

REFUSALS: Final = frozenset(
    {
        "entry_held",
        "entry_unknown",
        "no_shared_key",
        "not_a_signer",
        "record_changed",
        "record_closed",
        "record_empty",
        "record_full",
        "record_has_entries",
        "record_not_submitted",
    }
)
"""What the core refuses and a page says above the record as it stands."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One request of somebody of a station, in a piece of work of theirs."""

    visit: Visit
    work: Work
    who: stations.Recognised
    writes: bool

    @property
    def obligation_id(self) -> UUID:
        """The obligation that the page is about."""
        found: UUID = self.visit.request.path_params["obligation_id"]
        return found

    @property
    def path(self) -> str:
        """Where the record of this obligation is shown."""
        return record_path(self.obligation_id)

    async def record(self) -> stations.Record:
        """Return the record that the page is about; raises `NotFound` for another station's."""
        return await stations.record(self.work, self.obligation_id)


Seated = Callable[[Seat], Awaitable[Response]]


def record_path(obligation_id: UUID) -> str:
    """Return where the record of an obligation is shown."""
    return f"{HOME}/records/{obligation_id}"


def theirs(
    handler: Seated, *, refused: Callable[[Seat, str], Awaitable[Response]] | None = None, writes: bool = False
) -> Handler:
    """Return the page of a handler for somebody of a station, who does all of it in one piece of work.

    Whoever comes without a link that is good is told where to get one. What the core refuses is told by ``refused``, to
    whom the code is given, in a piece of work that sees how things stand now. A form is always a piece of work that
    writes; ``writes`` says so of a page that is only looked at.
    """

    @wraps(handler)
    async def page(visit: Visit) -> Response:
        if visit.request.method == "POST":
            await visit.read()
        try:
            async with _seated(visit, write=writes or visit.request.method == "POST") as seat:
                return await handler(seat)
        except Stale:  # the same form came twice at the same moment: the other one is what counts
            return visit.go(visit.request.url.path)
        except JingshiError as error:
            if error.code == UNKNOWN:
                return no_longer_good(visit)
            if refused is None or error.code not in REFUSALS:
                raise
            code = error.code
        async with _seated(visit, write=False) as seat:
            return await refused(seat, code)

    return page


async def recognised(visit: Visit, work: Work, secret: str) -> stations.Recognised:
    """Return who comes with a secret; raises `NotFound`, and `TooMany` once a source has tried too many wrong ones."""
    try:
        return await stations.recognise_link(work, secret)
    except NotFound:
        visit.site.throttle.take(visit.source)
        raise


@asynccontextmanager
async def _seated(visit: Visit, *, write: bool) -> AsyncIterator[Seat]:
    secret = visit.held(COOKIE)
    if secret is None:
        raise Elsewhere(HOME)
    if write:  # of whom nothing is known does not keep those waiting who write
        async with visit.work(write=False) as work:
            await recognised(visit, work, secret)
    async with visit.work(write=write) as work:
        who = await recognised(visit, work, secret)
        visit.speak(who.language)
        visit.me = who.person_name
        own = replace(work, actor=who.liaison)
        if write:
            await stations.note_at_page(own)
        yield Seat(visit, own, who, write)


def no_longer_good(visit: Visit) -> Response:
    """Return the page for a link that is over, was replaced, or never was; the browser forgets it."""
    return forget(visit, visit.page("station_link", status=404, known=False))


def remember(visit: Visit, response: Response, secret: str) -> Response:
    """Let the browser hold the secret of a link until it is closed, for these pages alone.

    ``Lax``: the link is opened from a chat or a mail, and the page after it must find the cookie.
    """
    secure = visit.site.core.settings.secure_cookies
    response.set_cookie(COOKIE, secret, path=HOME, httponly=True, samesite="lax", secure=secure)
    return response


def forget(visit: Visit, response: Response) -> Response:
    """Take the secret of a link from the browser."""
    secure = visit.site.core.settings.secure_cookies
    response.delete_cookie(COOKIE, path=HOME, httponly=True, samesite="lax", secure=secure)
    return response
