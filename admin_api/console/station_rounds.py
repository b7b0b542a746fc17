"""One round of the stations: as a tree, in lists, in figures, to be called about, and taken out row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.charts import Part, Steps, bars, in_parts, steps
from admin_api.console.gate import Visit, acts, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from admin_api.paging import read_station_place, station_word
from admin_api.rounds import round_workbook
from admin_api.texts import language_of
from core.app import registry, stations
from core.errors import Invalid, NotFound
from core.policy.calendar import civil_date
from core.policy.calendar import quarter as quarter_at
from core.stations import Answer, Export, Figures, OfRound
from core.work import Work

router = APIRouter(prefix="/console/stations", route_class=GuardedRoute)

ON_A_PAGE: Final = 50
TONES: Final = {
    "obliged": "excused",
    "filed": "settled",
    "nil": "settled",
    "late": "tardy",
    "to_sign": "working",
    "returned": "working",
    "owed": "waiting",
    "missing": "lacking",
    "excused": "excused",
    "unreachable": "lacking",
}
"""The colour of each answer; its word stands beside it everywhere."""
OUTSTANDING: Final = ("owed", "returned", "to_sign", "missing", "unreachable")
"""What is still to be done about a branch: it is shown open."""

QuarterWord = Annotated[str, Query(max_length=10)]
UnitWord = Annotated[str, Query(max_length=36)]


@dataclass(frozen=True, slots=True)
class Charts:
    """What is drawn of the figures of a round."""

    over_time: Steps
    filed_in_time: int
    by_quarter: Sequence[tuple[str, Sequence[Part]]]
    judged: OfRound | None
    unreachable: Sequence[Part]


@router.get("/tree")
async def show_tree(
    visit: Annotated[Visit, sees("station.list")], quarter: QuarterWord = "", under: UnitWord = ""
) -> Response:
    """Show a round as the tree of units, with counts for each branch."""
    shown = await _quarter(visit, quarter)
    tree = await stations.tree(visit.work, shown, under=unit_id(under)) if shown else None
    return visit.page(
        "station_tree.html",
        here="stations",
        tree=tree,
        quarter=shown,
        quarters=await _quarters(visit),
        tones=TONES,
        answers=stations.LISTS,
        outstanding=OUTSTANDING,
    )


@router.get("/list")
async def show_list(
    visit: Annotated[Visit, sees("station.list")],
    quarter: QuarterWord = "",
    what: Annotated[str, Query(max_length=20)] = "",
    under: UnitWord = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show the stations of a round that answered in one way, and for whom each record waits."""
    return await _list(visit, {"quarter": quarter, "what": what, "under": under, "after": after})


@router.get("/figures")
async def show_figures(visit: Annotated[Visit, sees("station.list")], quarter: QuarterWord = "") -> Response:
    """Show how a round came in, how in time the newest ones were, and who is out of reach; each with its table."""
    shown = await _quarter(visit, quarter)
    found = await stations.figures(visit.work, shown) if shown else None
    return visit.page(
        "station_figures.html",
        here="stations",
        figures=found,
        charts=_charts(visit.work, found) if found else None,
        now=visit.work.now(),
        quarter=shown,
        quarters=await _quarters(visit),
        tones=TONES,
        answers=list(Answer),
    )


@router.get("/calls")
async def show_calls(visit: Annotated[Visit, sees("station.list")]) -> Response:
    """Show whom the department calls about the open rounds, and why; made to be printed."""
    calls = await stations.call_list(visit.work)
    return visit.page("station_calls.html", here="stations", calls=calls, at=visit.work.now())


@router.post("/obligations/{obligation_id}/call")
async def note_call(obligation_id: UUID, visit: Annotated[Visit, acts("station.round")]) -> Response:
    """Write down that somebody called the station about the record that it owes."""
    await stations.note_call(visit.work, obligation_id)
    return visit.go("/console/stations/calls", "said.call_noted")


@router.post("/export")
async def take_out(request: Request, caller: Annotated[Caller, posts("station.list")]) -> Response:
    """Send a round as a workbook, one row for each station; that and the reason are recorded."""
    given = Given(await typed(request))
    made: list[Export] = []

    async def act(work: Work) -> None:
        made.append(await stations.export_round(work, given.text("quarter"), reason=given.text("reason")))

    kept = await attempt(request, caller, "export", given.fields, act)
    if kept is None:
        return await round_workbook(made[0], language_of(request))
    async with caller.begin(write=False) as work:
        return await _list(await visit_of(request, caller, work), {"quarter": given.text("quarter")}, kept)


async def _list(visit: Visit, asked: dict[str, str], kept: Kept | None = None) -> Response:
    shown = await _quarter(visit, asked["quarter"])
    if not shown:
        return visit.page("station_list.html", here="stations", page=None, quarter="", kept=kept)
    under, what = asked.get("under", ""), asked.get("what") or await _first_list(visit, shown)
    place = read_station_place(asked.get("after"))
    page = await stations.listed(visit.work, shown, what, under=unit_id(under), after=place, limit=ON_A_PAGE)
    query = {"quarter": shown, "what": what, **({"under": under} if under else {})}
    return visit.page(
        "station_list.html",
        here="stations",
        status=kept.problem.status if kept else HTTPStatus.OK,
        page=page,
        quarter=shown,
        quarters=await _quarters(visit),
        what=what,
        lists=stations.LISTS,
        under=under,
        path=await registry.path_of(visit.work, unit_id(under)) if under else [],  # type: ignore[arg-type]
        tones=TONES,
        more="/console/stations/list?" + urlencode({**query, "after": station_word(page.next)}) if page.next else None,
        is_first=place is None,
        kept=kept,
    )


async def _first_list(visit: Visit, quarter: str) -> str:
    """Return what is looked at first: who still owes in an open round, and who is missing in a locked one."""
    return "missing" if (await stations.round_of(visit.work, quarter)).is_locked else "owed"


async def _quarter(visit: Visit, asked: str) -> str:
    """Return the quarter that is asked for, or else the newest one that has begun; nothing where there is no round."""
    opened = await _quarters(visit)
    if asked:
        if asked not in opened:
            raise NotFound("round_unknown")
        return asked
    present = quarter_at(visit.work.now())
    return next((each for each in opened if each <= present), opened[0] if opened else "")


async def _quarters(visit: Visit) -> Sequence[str]:
    """Return the quarters of the rounds, the newest first."""
    return [each.quarter for each in await stations.rounds(visit.work, limit=40)]


def unit_id(word: str) -> UUID | None:
    """Return the unit that an address names, or nothing for nothing; raise `Invalid` (``unit_malformed``)."""
    try:
        return UUID(word) if word else None
    except ValueError as error:
        raise Invalid("unit_malformed", field="under") from error


def _charts(work: Work, found: Figures) -> Charts:
    over_time, today = found.over_time, work.clock.today()
    due, grace = over_time.round.due_on, over_time.round.grace_until
    marks = [(each.name, civil_date(each.at)) for each in over_time.stages]
    until = min(today, max(grace or due, due))
    reached = [(each.on, each.filed) for each in over_time.days]
    locked = [each for each in found.by_quarter if each.round.is_locked]  # before, who still owes is not missing
    return Charts(
        over_time=steps(reached, over_time.obliged, marks, max([until, *(day for day, _ in reached)])),
        filed_in_time=max([each.filed for each in over_time.days if each.on <= due], default=0),
        by_quarter=[(each.round.quarter, in_parts(each.counts, list(Answer))) for each in reversed(found.by_quarter)],
        judged=locked[-1] if locked else None,
        unreachable=bars(found.unreachable),
    )
