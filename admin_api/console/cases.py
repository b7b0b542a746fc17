"""Cases: the queue, and one case beside it or alone: what comes next, one thread in time, people, clocks, forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from admin_api.console.attempts import Kept
from admin_api.console.case_beside import beside
from admin_api.console.case_fields import StepForm
from admin_api.console.case_forms import FORMS, offered
from admin_api.console.case_standing import RECUSED, Standing, next_step, standing
from admin_api.console.case_words import lines, people_in
from admin_api.console.gate import Visit, acts, names_of, sees
from admin_api.console.here import in_words
from admin_api.gate import GuardedRoute
from admin_api.paging import place_word, read_place
from admin_api.revisions import case_revision
from admin_api.texts import speak
from core import warnings
from core.app import presence, registry, saved_filters
from core.attachments import CLEANABLE, EXTENSIONS
from core.cases import proceedings
from core.cases.proceedings import CaseSummary, EntryView, OpenedCase, Part
from core.cases.rules.lifecycle import CASE_STATES, is_open
from core.errors import Denied
from core.warnings.steps import InquiryServed

router = APIRouter(prefix="/console/cases", route_class=GuardedRoute)

PAGE: Final = 40
REASONS: Final = ("case_next", "case_check", "case_meeting", "other")
_PARTS: Final = tuple(str(part) for part in Part)
_CLOSED_TO_READERS: Final = frozenset({"no_part", "no_grant", "recused"})


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What of the queue is shown; it travels in the address."""

    state: str = ""
    mine: bool = False
    after: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What the queue is filtered by, whatever page of it is shown."""
        own = {"state": self.state, "mine": "1" if self.mine else ""}
        return {name: value for name, value in own.items() if value}

    def address(self, path: str, **changes: str) -> str:
        """Return ``path`` with these filters in its query, some of them changed."""
        query = urlencode(
            {name: value for name, value in (self.query | {"after": self.after} | changes).items() if value}
        )
        return f"{path}?{query}" if query else path


def _filters(
    state: Annotated[str, Query(max_length=40)] = "",
    mine: Annotated[str, Query(max_length=1)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> CaseFilters:
    return CaseFilters(state, bool(mine), after)


Filtered = Annotated[CaseFilters, Depends(_filters)]


@router.get("")
async def show_cases(visit: Annotated[Visit, sees("case.read")], filters: Filtered) -> Response:
    """Show the queue alone, where filters can be saved."""
    saved = await saved_filters.saved(visit.work, "cases")
    return visit.page("cases.html", here="cases", case=None, saved=saved, **await queue_values(visit, filters))


@router.get("/{case_id}")
async def show_case(
    case_id: UUID,
    visit: Annotated[Visit, sees("case.read", write=True)],
    filters: Filtered,
    opening: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show a case, with its thread where a reason was given and the key is unlocked."""
    return await case_page(visit, case_id, filters, opening)


@router.post("/{case_id}/open")
async def give_reason(
    case_id: UUID,
    visit: Annotated[Visit, acts("case.read")],
    filters: Filtered,
    why: Annotated[str, Form(max_length=40)],
    note: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """Take the reason and show the thread."""
    words = [speak(visit.language)(f"reason.{why}")] if why in REASONS[:-1] else []
    reason = " · ".join([*words, note.strip()] if note.strip() else words)
    opening = await proceedings.begin_reading(visit.work, case_id, reason)
    return visit.go(filters.address(f"/console/cases/{case_id}", opening=str(opening.id)))


async def queue_values(visit: Visit, filters: CaseFilters) -> dict[str, Any]:
    """Return what the queue needs to be drawn."""
    page = await proceedings.queue(
        visit.work, state=filters.state or None, mine=filters.mine, after=read_place(filters.after), limit=PAGE
    )
    counts = await proceedings.counts(visit.work)
    return {
        "cases": page.cases,
        "filters": filters,
        "counts": counts,
        "states": [each for each in CASE_STATES if each in counts or each == filters.state or not is_open(each)],
        "due": await proceedings.first_due(visit.work, [case.id for case in page.cases]),
        "today": visit.work.clock.today(),
        "more": filters.address("/console/cases", after=place_word(*page.next)) if page.next else None,
    }


async def case_page(
    visit: Visit, case_id: UUID, filters: CaseFilters, opening: UUID | None, kept: Kept | None = None
) -> Response:
    """Return the page of a case; ``kept`` is what was typed into a form of it that did not succeed."""
    case = await proceedings.summary(visit.work, case_id)
    opened, closed_for = None, ""
    if opening is not None and visit.staff.key is not None:
        opened, closed_for = await _open(visit, case_id, opening)
    seen = standing(opened, visit.staff) if opened else None
    listed = await proceedings.listed_for_destruction(visit.work, case)
    forms = offered(seen) if seen else _unopened_forms(visit, case, listed)
    return visit.page(
        "cases.html",
        here="cases",
        status=kept.problem.status if kept else HTTPStatus.OK,
        case=case,
        others=in_words(await presence.at_case(visit.work, case_id), visit.language),
        revision=case_revision(case.version),
        opening=opening if opened else None,
        closed_for=closed_for,
        reasons=REASONS,
        next=next_step(case, seen),
        forms=forms,
        listed=listed,
        kept=kept,
        measures=await warnings.of_case(visit.work, case_id) if visit.may("measure.list") else (),
        messages=await warnings.messages_waiting(visit.work, case_id) if visit.may("subject.hear") else (),
        **await queue_values(visit, filters),
        **await _opened_values(visit, opened, seen, forms, kept),
    )


async def _open(visit: Visit, case_id: UUID, opening: UUID) -> tuple[OpenedCase | None, str]:
    """Open the case; or say why it stays closed: the reason has expired, or it is not open to this person."""
    try:
        return await proceedings.open_file(visit.work, case_id, opening_id=opening), ""
    except Denied as error:
        if error.code == "reason_needed":
            return None, "expired"
        if error.code in _CLOSED_TO_READERS:
            return None, error.code
        raise


def _unopened_forms(visit: Visit, case: CaseSummary, listed: UUID | None) -> Sequence[StepForm]:
    """Return what can be done without reading: nobody can read what was put away."""
    if listed is not None:
        return (FORMS["sign_destruction"],)
    return (FORMS["propose_destruction"],) if case.state == "sealed" and visit.may("case.put_away") else ()


async def _opened_values(
    visit: Visit,
    opened: OpenedCase | None,
    seen: Standing | None,
    forms: Sequence[StepForm],
    kept: Kept | None,
) -> Mapping[str, Any]:
    if opened is None or seen is None:
        return {
            "opened": None,
            "members": (),
            "seen": None,
            "names": {},
            "people": {},
            "changed": (),
            "lines": lines,
            "about": None,
            "beside": (),
            "served_letters": frozenset(),
        }
    beginning = opened.thread[0].step if opened.thread else None
    people = {one.person_id for one in opened.members} | {one.author_id for one in opened.thread if one.author_id}
    for each in opened.thread:
        people |= people_in(each.step)
    names = await names_of(visit, people)
    return {
        "opened": opened,
        "members": sorted(opened.members, key=lambda one: (_PARTS.index(one.part), one.since, one.person_id.hex)),
        "seen": seen,
        "names": {str(person): name for person, name in names.items()},
        "people": await _choices_of_people(visit, opened, forms),
        "changed": _changed(opened.thread, kept),
        "lines": lines,
        "about": beginning,
        "beside": beside(seen),
        "served_letters": {each.step.entry_id for each in opened.thread if isinstance(each.step, InquiryServed)},
        "cleanable": CLEANABLE,
        "extensions": EXTENSIONS,
    }


def _changed(thread: Sequence[EntryView], kept: Kept | None) -> Sequence[EntryView]:
    """Return what came since the form was shown, where that is why it was not taken."""
    if kept is None or kept.code != "case_changed":
        return ()
    seen = kept.typed.get("seen", "").strip('"')
    return [each for each in thread if not seen.isdecimal() or each.place > int(seen)]


async def _choices_of_people(
    visit: Visit, opened: OpenedCase, forms: Sequence[StepForm]
) -> Mapping[str, Sequence[tuple[UUID, str]]]:
    """Return whom the forms offer by name: the officers of each body, and who has a part at present."""
    offered_names = {form.name for form in forms}
    found: dict[str, Sequence[tuple[UUID, str]]] = {}
    if "nominate" in offered_names:
        out = {
            one.person_id
            for one in opened.members
            if one.declared == RECUSED or (one.until is None and one.part in {Part.CLERK, Part.SUPERVISOR})
        }
        today = visit.work.clock.today()
        for name in ("officer_org", "officer_disc"):
            held = await registry.people_with_role(visit.work, f"case_{name}", on=today)
            found[name] = [(one.id, one.name) for one in held if one.id not in out]
    if "recuse" in offered_names:
        present = {one.person_id for one in opened.members if one.until is None} - {visit.staff.person_id}
        names = await names_of(visit, present)
        found["person_id"] = sorted(names.items(), key=lambda pair: pair[1])
    return found
