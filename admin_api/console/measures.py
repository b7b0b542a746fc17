"""Measures: the list, one measure beside it, its forms and its service, and the calendar of terms."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, typed
from admin_api.console.case_fields import Given
from admin_api.console.case_words import lines, people_in
from admin_api.console.cases import REASONS
from admin_api.console.gate import Visit, acts, go, names_of, posts, sees, visit_of
from admin_api.console.measure_forms import FORMS, PANEL, RENEW_CODE, MeasureForm, offered
from admin_api.console.measure_standing import MeasureSeen, next_step, standing
from admin_api.console.pages import case_number
from admin_api.gate import Caller, GuardedRoute
from admin_api.paging import place_word, read_place
from admin_api.revisions import case_revision, require_measure_seen
from admin_api.texts import speak
from core import warnings
from core.app import registry
from core.cases import proceedings
from core.errors import Denied, Invalid
from core.registry import WITH_OFFICIALS
from core.sealing import Receipt
from core.warnings import MeasureSummary, OpenedMeasure, Served, Talk
from core.warnings.rules.forms import TALKS
from core.warnings.rules.lifecycle import STATES
from core.warnings.steps import PaperIssued
from core.work import Work

router = APIRouter(prefix="/console/measures", route_class=GuardedRoute)

TOLD: Final = 3
"""How many units can be named at once that are told of a measure."""

_CLOSED: Final = frozenset({"no_part", "no_grant", "recused", "reason_needed"})
_AHEAD: Final = timedelta(days=366)
_SERVING: Final = frozenset({"approved"})


@router.get("")
async def show_measures(
    visit: Annotated[Visit, sees("measure.list")],
    state: Annotated[str, Query(max_length=40)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Show the list alone."""
    return visit.page("measures.html", here="measures", measure=None, **await _list(visit, state, after))


@router.get("/terms")
async def show_terms(visit: Annotated[Visit, sees("measure.list")]) -> Response:
    """Show whose terms end in the year to come: numbers and days, no names."""
    today = visit.work.clock.today()
    found = await warnings.terms(visit.work, since=today - timedelta(days=31), until=today + _AHEAD)
    return visit.page("terms.html", here="measures", terms=found, today=today)


@router.get("/{measure_id}")
async def show_measure(
    measure_id: UUID,
    visit: Annotated[Visit, sees("measure.list", write=True)],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show a measure, with its document and its steps where a reason was given and the key is unlocked."""
    return await measure_page(visit, measure_id, opening)


@router.post("/{measure_id}/open")
async def give_reason(
    measure_id: UUID,
    visit: Annotated[Visit, acts("measure.read")],
    why: Annotated[str, Form(max_length=40)],
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Take the reason, which is one for the whole case, and show the measure."""
    words = [speak(visit.language)(f"reason.{why}")] if why in REASONS[:-1] else []
    reason = " · ".join([*words, note.strip()] if note.strip() else words)
    found = await warnings.measure(visit.work, measure_id)
    opening = await proceedings.begin_reading(visit.work, found.case_id, reason)
    return visit.go(f"/console/measures/{measure_id}?opening={opening.id}")


@router.post("/{measure_id}/service")
async def serve(
    request: Request,
    measure_id: UUID,
    caller: Annotated[Caller, posts("measure.serve")],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Record the service, or the talk, and show the code that is handed over: this once."""
    given = Given(await typed(request))

    async def make(work: Work) -> Receipt:
        return (await _serve(work, await _seen(work, measure_id, given), given)).code

    return await _hand_over(Place(request, caller, measure_id, opening), "service", given, make)


@router.post("/{measure_id}/renew_code")
async def renew_code(
    request: Request,
    measure_id: UUID,
    caller: Annotated[Caller, posts("measure.serve")],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Make another code for whoever lost theirs, and show the slip that is handed over: this once."""
    given = Given(await typed(request))

    async def make(work: Work) -> Receipt:
        await _seen(work, measure_id, given, RENEW_CODE)
        return await warnings.renew_code(work, measure_id, reason=given.text("reason"))

    return await _hand_over(Place(request, caller, measure_id, opening), RENEW_CODE.name, given, make)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form was sent from: the page of which measure, opened for which reason."""

    request: Request
    caller: Caller
    measure_id: UUID
    opening: UUID | None


async def _hand_over(place: Place, form: str, given: Given, make: Callable[[Work], Awaitable[Receipt]]) -> Response:
    """Make a code and show its slip, or the measure with what was typed where that is refused."""
    made: list[Receipt] = []

    async def act(work: Work) -> None:
        made.append(await make(work))

    kept = await attempt(place.request, place.caller, form, given.fields, act)
    async with place.caller.begin() as work:
        visit = await visit_of(place.request, place.caller, work)
        if kept is not None:
            return await measure_page(visit, place.measure_id, place.opening, kept)
        return await _slip(visit, place.measure_id, made[0], place.opening, renewed=form == RENEW_CODE.name)


async def _slip(
    visit: Visit, measure_id: UUID, code: Receipt, opening: UUID | None, *, renewed: bool = False
) -> Response:
    """Return the page with the slip that bears the code; nothing keeps it."""
    found = await warnings.measure(visit.work, measure_id)
    page = visit.page(
        "measure_served.html",
        here="measures",
        measure=found,
        code=code.text,
        last_day=found.last_day,
        opening=opening,
        renewed=renewed,
    )
    page.headers["cache-control"] = "no-store"
    return page


def _endpoint(form: MeasureForm) -> Any:  # noqa: ANN401 - a view, as the framework takes it
    async def take(
        request: Request,
        measure_id: UUID,
        caller: Annotated[Caller, posts(form.permission)],
        opening: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        given = Given(await typed(request))

        async def act(work: Work) -> None:
            await _seen(work, measure_id, given, form)
            await form.act(work, measure_id, given)

        kept = await attempt(request, caller, form.name, given.fields, act)
        if kept is None:
            onward = f"?opening={opening}" if opening else ""
            return go(caller.app, f"/console/measures/{measure_id}{onward}", f"said.measure.{form.name}")
        async with caller.begin() as work:
            return await measure_page(await visit_of(request, caller, work), measure_id, opening, kept)

    take.__name__ = form.name
    return take


for _form in (each for each in FORMS.values() if each is not RENEW_CODE):
    router.add_api_route(f"/{{measure_id}}/{_form.name}", _endpoint(_form), methods=["POST"])


@router.post("/{measure_id}/told/{told_id}")
async def settle(
    measure_id: UUID,
    told_id: UUID,
    visit: Annotated[Visit, acts("measure.settle_notice")],
    delivery: Annotated[str, Form(max_length=20)],
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Say whether the notice of a revocation arrived where the measure had been told."""
    await warnings.settle_notice(visit.work, told_id, delivery=delivery)
    onward = f"?opening={opening}" if opening else ""
    return visit.go(f"/console/measures/{measure_id}{onward}", "said.measure.told")


async def measure_page(visit: Visit, measure_id: UUID, opening: UUID | None, kept: Kept | None = None) -> Response:
    """Return the page of a measure; ``kept`` is what was typed into a form of it that did not succeed."""
    found = await warnings.measure(visit.work, measure_id)
    case = await proceedings.summary(visit.work, found.case_id)
    opened, closed_for = None, ""
    if opening is not None and visit.staff.key is not None:
        opened, closed_for = await _open(visit, measure_id, opening)
    today = visit.work.clock.today()
    reached = found.last_day is not None and found.last_day <= today
    seen = standing(opened, visit.staff, today_reached=reached) if opened else None
    forms = offered(seen) if seen else ()
    return visit.page(
        "measures.html",
        here="measures",
        status=kept.problem.status if kept else HTTPStatus.OK,
        measure=found,
        case=case,
        revision=case_revision(found.version),
        opening=opening if opened else None,
        closed_for=closed_for,
        reasons=REASONS,
        next=next_step(found, seen),
        forms=forms,
        kept=kept,
        serves=found.state in _SERVING and seen is not None and seen.has_part("issuer"),
        is_talk=found.form in TALKS,
        **await _opened_values(visit, opened, seen, forms),
        **await _list(visit, "", ""),
    )


async def _seen(work: Work, measure_id: UUID, given: Given, form: MeasureForm | None = None) -> MeasureSummary:
    """Hold the measure, as the person saw it, and look at what has to be ticked and typed."""
    found = await warnings.measure_held_still(work, measure_id)
    require_measure_seen(found, given.text("seen"))
    if form is None:
        return found
    for field in form.fields:
        if field.kind == "confirm" and not given.flag(field.name):
            raise Invalid("not_confirmed", field=field.name)
    case = await proceedings.summary(work, found.case_id)
    if form.grave and given.text("typed_number").strip() != case_number(case):
        raise Invalid("typed_number_differs", field="typed_number")
    return found


async def _serve(work: Work, found: MeasureSummary, given: Given) -> Served:
    told = given.ids("told", TOLD)
    if found.form not in TALKS:
        day = given.day("served_on")
        return await warnings.serve(work, found.id, served_on=day, proof=given.text("proof"), told=told)
    talk = Talk(
        talked_by=given.text("talked_by"),
        reasons=given.text("reasons"),
        view=given.text("view"),
        corrections=given.text("corrections"),
        dissent=given.text("dissent"),
        person_signed=given.flag("person_signed"),
    )
    return await warnings.record_talk(work, found.id, held_on=given.day("served_on"), talk=talk, told=told)


async def _open(visit: Visit, measure_id: UUID, opening: UUID) -> tuple[OpenedMeasure | None, str]:
    """Open the measure; or say why it stays closed: the reason has expired, or it is not open to this person."""
    try:
        return await warnings.open_measure(visit.work, measure_id, opening_id=opening), ""
    except Denied as error:
        if error.code not in _CLOSED:
            raise
        return None, "expired" if error.code == "reason_needed" else error.code


async def _list(visit: Visit, state: str, after: str) -> Mapping[str, Any]:
    page = await warnings.measures(visit.work, state=state or None, after=read_place(after))
    more = f"/console/measures?state={state}&after={place_word(*page.next)}" if page.next else None
    return {"measures": page.measures, "state": state, "states": STATES, "after": after, "more": more}


async def _opened_values(
    visit: Visit, opened: OpenedMeasure | None, seen: MeasureSeen | None, forms: Sequence[MeasureForm]
) -> Mapping[str, Any]:
    today = visit.work.clock.today()
    if opened is None:
        return {"opened": None, "seen": None, "names": {}, "units": {}, "people": {}, "lines": lines, "today": today}
    people = {each.author_id for each in opened.steps if each.author_id}
    for each in opened.steps:
        people |= people_in(each.step)
    names = await names_of(visit, people)
    units = {unit.id: unit.label(visit.language) for unit in await registry.units(visit.work)}
    return {
        "opened": opened,
        "seen": seen,
        "names": {str(person): name for person, name in names.items()},
        "units": units,
        "tellable": await _tellable(visit),
        "people": await _people(visit, opened, forms),
        "lines": lines,
        "papers": [each.step.paper for each in opened.steps if isinstance(each.step, PaperIssued)],
        "today": today,
    }


async def _tellable(visit: Visit) -> Sequence[tuple[UUID, str]]:
    found = await registry.units(visit.work, kinds=[str(kind) for kind in WITH_OFFICIALS])
    return [(unit.id, unit.label(visit.language)) for unit in found]


async def _people(
    visit: Visit, opened: OpenedMeasure, forms: Sequence[MeasureForm]
) -> Mapping[str, Sequence[tuple[UUID, str]]]:
    """Return whom the forms offer by name: those who may sit in a panel, those who left and those who may stand in."""
    names, found = {form.name for form in forms}, {}
    if "name_panel" in names:
        able = await registry.people_with_role(visit.work, "assessor", on=visit.work.clock.today())
        listed = [(one.id, one.name) for one in able]
        found = {f"panel_{place}": listed for place in range(1, PANEL + 1)}
    if "replace_member" in names:
        found["leaves"] = await _named(visit, {each.person_id for each in opened.vacancies})
        found["joins"] = await _named(visit, {one for each in opened.vacancies for one in each.able})
    return found


async def _named(visit: Visit, people: set[UUID]) -> list[tuple[UUID, str]]:
    return sorted((await names_of(visit, people)).items(), key=lambda pair: pair[1])
