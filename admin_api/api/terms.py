"""The calendar of terms: when the effects of measures end, without a name; as a list, and for calendar programs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from icalendar import CLASS, TRANSP, Calendar, Event

from admin_api.api.gate import needs
from admin_api.api.measure_shapes import Term, Terms
from admin_api.gate import GuardedRoute
from admin_api.paging import day_word, next_link, read_day
from admin_api.texts import language_of, speak
from core.app import warnings
from core.texts import Translate
from core.warnings import TermLine
from core.work import Work

router = APIRouter(tags=["terms"], route_class=GuardedRoute)

MEDIA_TYPE: Final = "text/calendar"
_AHEAD: Final = timedelta(days=366)
_BACK: Final = timedelta(days=31)
_FEED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {MEDIA_TYPE: {"example": "BEGIN:VCALENDAR"}}, "description": "The feed, as in RFC 5545."}
}


@router.get("/terms")
async def list_terms(
    request: Request,
    work: Annotated[Work, needs("measure.list", write=False)],
    since: Annotated[date | None, Query(description="The first day; today if none is given.")] = None,
    until: Annotated[date | None, Query(description="The last day; a year after the first if none is given.")] = None,
    after: Annotated[str | None, Query(max_length=300, description="Where to go on: taken from ``next``.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Terms:
    """Return whose terms end between two days, both included, of the measures that the caller may know of."""
    first = since or work.clock.today()
    last = until or min(first, date.max - _AHEAD) + _AHEAD
    found = await warnings.terms(work, since=first, until=last, after=read_day(after), limit=limit + 1)
    shown = found[:limit]
    word = day_word(shown[-1].last_day, shown[-1].id) if len(found) > limit else None
    return Terms(terms=[Term.model_validate(each) for each in shown], next=next_link(request, word))


@router.get("/terms.ics", responses=_FEED, response_class=Response)
async def feed_terms(request: Request, work: Annotated[Work, needs("measure.list", write=False)]) -> Response:
    """Return the last days of terms, from a month ago to a year ahead, as a feed for calendar programs.

    It holds no name and nothing of a case but the number of the document. The token travels in the ``Authorization``
    header alone, as everywhere: an address that holds one would lie in the logs and lists of every program on its way.
    A calendar program that sends no header takes the feed from a file that a job of its machine fetches.
    """
    today = work.clock.today()
    lines = await warnings.terms(work, since=today - _BACK, until=today + _AHEAD, limit=None)
    return Response(_feed(lines, work.now(), speak(language_of(request))), media_type=MEDIA_TYPE)


def _feed(lines: Sequence[TermLine], now: datetime, say: Translate) -> bytes:
    feed = Calendar.new(prodid="-//jingshi//terms//", name=say("terms.title"))
    for each in lines:
        feed.add_component(
            Event.new(
                uid=str(each.id),
                stamp=now,
                start=each.last_day,
                summary=say("terms.feed", form=say(f"form.{each.form}"), number=f"{each.year}-{each.number}"),
                classification=CLASS.CONFIDENTIAL,
                transparency=TRANSP.TRANSPARENT,
            )
        )
    written: bytes = feed.to_ical()
    return written
