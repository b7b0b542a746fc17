"""Meetings: called by the office, read before, recorded by a member who was there, printed as minutes (S103, S104)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.case_standing import RECUSED
from admin_api.console.gate import Visit, acts, go, names_of, posts, sees, visit_of
from admin_api.gate import Caller, GuardedRoute
from admin_api.texts import speak
from core.app import access
from core.cases import proceedings
from core.cases.proceedings import Decision, MeetingSummary, OpenedCase, steps
from core.cases.rules.forms import RECOMMENDED_FORMS, Recommendation
from core.errors import Denied, Invalid, NotFound
from core.work import Work

router = APIRouter(prefix="/console/meetings", route_class=GuardedRoute)

KINDS: Final[Mapping[str, str]] = {
    "department_meeting": "analysed",
    "leading_group_meeting": "department_meeting_done",
}
"""For each kind of meeting the state in which cases wait for it."""

_AGENDA: Final = 50
"""Of what waits, so much is offered for one agenda."""

Openings = Annotated[list[UUID] | None, Query(alias="opening")]


@dataclass(frozen=True, slots=True)
class Matter:
    """A case on the agenda as a member reads it. ``outcomes`` are the recommendations with the forms allowed."""

    opened: OpenedCase
    about: steps.Opened
    finding: steps.Finding | None
    classified: steps.Classified | None
    analysed: steps.Analysed | None
    before: steps.Heard | None
    outcomes: Sequence[tuple[str, str]]
    aside: frozenset[UUID]


@router.get("")
async def show_meetings(visit: Annotated[Visit, sees("meeting.list")]) -> Response:
    """Show the meetings that the person calls or sits in, and the cases that wait for one."""
    return await _list(visit)


@router.post("")
async def call(request: Request, caller: Annotated[Caller, posts("meeting.call")]) -> Response:
    """Call a meeting and put cases on its agenda."""
    fields = await typed(request)
    given = Given(fields)
    chosen = [name.removeprefix("case-") for name in fields if name.startswith("case-")]

    async def act(work: Work) -> None:
        case_ids = [Given({"case": one}).id("case") for one in chosen]
        if not case_ids:
            raise Invalid("agenda_empty", field="case_ids")
        body = (await proceedings.summary(work, case_ids[0])).body
        await proceedings.call(
            work, kind=given.text("kind"), body=body, held_on=given.day("held_on"), case_ids=case_ids
        )

    kept = await attempt(request, caller, given.text("kind"), fields, act)
    if kept is None:
        return go(caller.app, "/console/meetings", "said.meeting_called")
    async with caller.begin(write=False) as work:
        return await _list(await visit_of(request, caller, work), kept)


@router.get("/{meeting_id}")
async def show_meeting(
    meeting_id: UUID, visit: Annotated[Visit, sees("meeting.list", write=True)], openings: Openings = None
) -> Response:
    """Show a meeting: its agenda, what is on it where a reason was given, and the minutes once it was held."""
    return await _page(visit, meeting_id, openings or [])


@router.post("/{meeting_id}/open")
async def give_reason(meeting_id: UUID, visit: Annotated[Visit, acts("meeting.list")]) -> Response:
    """Give the reason for reading what is on the agenda, which the meeting itself is; each case records it."""
    meeting = await proceedings.meeting(visit.work, meeting_id)
    kind = speak(visit.language)(f"meeting.{meeting.kind}")
    reason = speak(visit.language)("reason.meeting", kind=kind, number=f"{meeting.year}-{meeting.number}")
    if meeting.state == "held":
        openings = [(await proceedings.begin_reading_minutes(visit.work, meeting_id, reason)).id]
    else:
        openings = [(await proceedings.begin_reading(visit.work, one, reason)).id for one in meeting.case_ids]
    query = "&".join(f"opening={one}" for one in openings)
    return visit.go(f"/console/meetings/{meeting_id}?{query}")


@router.post("/{meeting_id}/move")
async def move(
    request: Request, meeting_id: UUID, caller: Annotated[Caller, posts("meeting.call")], openings: Openings = None
) -> Response:
    """Call the meeting for another day."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        await proceedings.meeting(work, meeting_id)
        await proceedings.move_meeting(work, meeting_id, given.day("held_on"))

    kept = await attempt(request, caller, "move", given.fields, act)
    return await _back(request, caller, (meeting_id, openings), "said.meeting_moved", kept)


@router.post("/{meeting_id}/call-off")
async def call_off(
    request: Request, meeting_id: UUID, caller: Annotated[Caller, posts("meeting.call")], openings: Openings = None
) -> Response:
    """Call the meeting off, with a reason."""
    given = Given(await typed(request))

    async def act(work: Work) -> None:
        await proceedings.meeting(work, meeting_id)
        await proceedings.call_meeting_off(work, meeting_id, reason=given.text("reason"))

    kept = await attempt(request, caller, "call_off", given.fields, act)
    return await _back(request, caller, (meeting_id, openings), "said.meeting_called_off", kept)


@router.post("/{meeting_id}/record")
async def record(
    request: Request, meeting_id: UUID, caller: Annotated[Caller, posts("meeting.hold")], openings: Openings = None
) -> Response:
    """Record what the meeting decided about every case on its agenda."""
    fields = await typed(request)
    given = Given(fields)

    async def act(work: Work) -> None:
        meeting = await proceedings.meeting(work, meeting_id)
        if not given.flag("true_record"):
            raise Invalid("not_confirmed", field="true_record")
        decisions = [_decision(given, place, case_id) for place, case_id in enumerate(meeting.case_ids)]
        present = frozenset(_ticked(fields, "present-"))
        await proceedings.hold_meeting(work, meeting_id, present=present, decisions=decisions)

    kept = await attempt(request, caller, "record", fields, act)
    return await _back(request, caller, (meeting_id, openings), "said.meeting_recorded", kept)


async def _back(
    request: Request, caller: Caller, which: tuple[UUID, list[UUID] | None], said: str, kept: Kept | None
) -> Response:
    meeting_id, openings = which
    if kept is None:
        return go(caller.app, f"/console/meetings/{meeting_id}", said)
    async with caller.begin() as work:
        return await _page(await visit_of(request, caller, work), meeting_id, openings or [], kept)


def _decision(given: Given, place: int, case_id: UUID) -> Decision:
    recommendation, _, form = given.text(f"outcome-{place}").partition(":")
    votes = [given.number(f"{name}-{place}") or 0 for name in ("for", "against", "abstained")]
    return Decision(
        case_id=case_id,
        votes_for=votes[0],
        votes_against=votes[1],
        abstained=votes[2],
        recommendation=recommendation,
        reasons=given.text(f"reasons-{place}"),
        form=form,
        recused=frozenset(_ticked(given.fields, f"recused-{place}-")),
    )


def _ticked(fields: Mapping[str, str], prefix: str) -> Sequence[UUID]:
    names = [name.removeprefix(prefix) for name in fields if name.startswith(prefix)]
    return [Given({"person": name}).id("person") for name in names]


async def _list(visit: Visit, kept: Kept | None = None) -> Response:
    waiting = {}
    if access.bodies(visit.work, "meeting.call"):
        for kind, state in KINDS.items():
            waiting[kind] = await proceedings.to_be_heard(visit.work, state, limit=_AGENDA + 1)
    return visit.page(
        "meetings.html",
        here="meetings",
        status=kept.problem.status if kept else HTTPStatus.OK,
        meetings=await proceedings.meetings(visit.work),
        waiting=waiting,
        most=_AGENDA,
        today=visit.work.clock.today(),
        kept=kept,
    )


async def _page(visit: Visit, meeting_id: UUID, openings: Sequence[UUID], kept: Kept | None = None) -> Response:
    meeting = await proceedings.meeting(visit.work, meeting_id)
    names = await names_of(visit, {person for person, _ in meeting.seats})
    values: dict[str, Any] = {"matters": None, "minutes": None, "expired": False}
    if openings and visit.staff.key is not None and meeting.state != "called_off":
        try:
            values |= await _read(visit, meeting, openings)
        except Denied as error:
            if error.code != "reason_needed":
                raise
            values["expired"] = True
    return visit.page(
        "meeting.html",
        here="meetings",
        status=kept.problem.status if kept else HTTPStatus.OK,
        meeting=meeting,
        names=names,
        seats=sorted(meeting.seats, key=lambda seat: names[seat[0]]),
        is_seated=visit.staff.person_id in names,
        calls=meeting.body in access.bodies(visit.work, "meeting.call"),
        today=visit.work.clock.today(),
        needed=proceedings.quorum(len(meeting.seats)),
        case_numbers=await _numbers(visit, meeting),
        openings=openings,
        kept=kept,
        **values,
    )


async def _read(visit: Visit, meeting: MeetingSummary, openings: Sequence[UUID]) -> Mapping[str, Any]:
    """Return the minutes of a held meeting, or what is on the agenda of one that is called."""
    if meeting.state == "held":
        minutes = await proceedings.read_minutes(visit.work, meeting.id, opening_id=openings[0])
        aside = {person for matter in minutes.matters for person in matter.recused}
        return {"minutes": minutes, "aside_names": await names_of(visit, aside)}
    seats = frozenset(person for person, _ in meeting.seats)
    if len(openings) != len(meeting.case_ids):  # the agenda is another one since
        raise Denied("reason_needed")
    matters = []
    for case_id, opening in zip(meeting.case_ids, openings, strict=True):
        opened = await proceedings.open_file(visit.work, case_id, opening_id=opening)
        matters.append(_matter(opened, seats))
    return {"matters": matters}


def _matter(opened: OpenedCase, seats: frozenset[UUID]) -> Matter:
    last = {type(each.step): each.step for each in opened.thread}
    beginning = last.get(steps.Opened)
    if not isinstance(beginning, steps.Opened):
        raise NotFound("case_not_found")
    classified = last.get(steps.Classified)
    allowed = classified.allowed if isinstance(classified, steps.Classified) else ()
    worked = {one.person_id for one in opened.members if one.part != proceedings.Part.HEARING}
    stepped = {one.person_id for one in opened.members if one.declared == RECUSED}
    return Matter(
        opened=opened,
        about=beginning,
        finding=_as(steps.Finding, last),
        classified=_as(steps.Classified, last),
        analysed=_as(steps.Analysed, last),
        before=_as(steps.Heard, last),
        outcomes=_outcomes(allowed),
        aside=(frozenset(worked) | stepped) & seats,
    )


def _as(kind: type[Any], last: Mapping[type[Any], Any]) -> Any:  # noqa: ANN401 - the step of that kind, if there is one
    return last.get(kind)


def _outcomes(allowed: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return each recommendation with each form that the rules allow for it, and those that take no form (R10).

    The last one leaves the case to another meeting.
    """
    found: list[tuple[str, str]] = []
    for recommendation in Recommendation:
        forms = RECOMMENDED_FORMS[recommendation]
        if not forms:
            found.append((recommendation.value, ""))
        found += [(recommendation.value, form) for form in allowed if form in forms]
    return [*sorted(found, key=lambda pair: not pair[1]), (proceedings.DEFERRED, "")]


async def _numbers(visit: Visit, meeting: MeetingSummary) -> Mapping[UUID, str]:
    """Return the numbers of the cases on the agenda, as far as the person may know of them."""
    found = {}
    for case_id in meeting.case_ids:
        try:
            case = await proceedings.summary(visit.work, case_id)
        except NotFound:
            continue
        found[case_id] = f"{case.year}-{case.number}"
    return found
