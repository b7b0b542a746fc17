"""The information card of an item: written beside what it is about, and corrected by additions (S99; T3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from admin_api.console.attempts import Kept, attempt, empty_where_missing, typed
from admin_api.console.gate import Visit, go, posts, sees, visit_of
from admin_api.console.here import in_words
from admin_api.console.item import opened_item
from admin_api.gate import Caller, GuardedRoute
from core.app import cases, presence, registry
from core.cases import OpenedItem, cards
from core.cases.rules.gate import NEXUS, ON_DUTY, Category, Evidence
from core.errors import Invalid, NotFound
from core.registry import WITH_OFFICIALS
from core.work import Work

router = APIRouter(prefix="/console/items/{item_id}/card", route_class=GuardedRoute)

MANIFESTATIONS: Final = tuple(f"M{number}" for number in range(1, 9))
ON_DUTY_CATEGORIES: Final = tuple(each.value for each in Category if each.startswith(ON_DUTY))
OFF_DUTY_CATEGORIES: Final = tuple(each.value for each in NEXUS if NEXUS[each] in MANIFESTATIONS)
EVIDENCE: Final = tuple(each.value for each in Evidence if each is not Evidence.COVERT_RECORDING)
_SHOWN: Final = 30  # officials that a search lists; a longer name finds fewer
OpeningId = Annotated[UUID, Query(alias="opening")]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, or a leading team, that the card may be about."""

    value: str
    name: str
    post: str
    unit: str


@router.get("")
async def show_form(
    item_id: UUID, visit: Annotated[Visit, sees("item.card", write=True)], opening: OpeningId
) -> Response:
    """Show the form, filled in as far as the report itself answered it, beside the report."""
    return await _page(visit, item_id, opening)


@router.post("")
async def write_card(
    request: Request, item_id: UUID, caller: Annotated[Caller, posts("item.card")], opening: OpeningId
) -> Response:
    """Write the card, or look for whom it is about; what was typed stays."""
    given = await typed(request)
    kept = None
    if "find" not in given:

        async def act(work: Work) -> None:
            await cases.cards.card(work, item_id, _new_card(given))

        kept = await attempt(request, caller, "card", given, act)
        if kept is None:
            return go(caller.app, f"/console/items/{item_id}?opening={opening}", "said.carded")
    async with caller.begin() as work:
        return await _page(await visit_of(request, caller, work), item_id, opening, given, kept)


def _new_card(given: Mapping[str, str]) -> cards.NewCard:
    kind, _, subject_id = given.get("subject", "").partition(":")
    try:
        subject = UUID(subject_id)
        conduct_on = date.fromisoformat(given["conduct_on"]) if given.get("conduct_on") else None
    except ValueError as error:
        raise Invalid("date_malformed" if subject_id else "subject_missing", field="subject") from error
    return cards.NewCard(
        subject_kind=kind,
        subject_id=subject,
        setting=given.get("setting", ""),
        category=given.get("category", ""),
        evidence=given.get("evidence", ""),
        detriment=given.get("detriment", ""),
        substance=given.get("substance", ""),
        manifestation=given.get("manifestation", ""),
        few_knew="few_knew" in given,
        conduct_on=conduct_on,
    )


async def _page(
    visit: Visit,
    item_id: UUID,
    opening: UUID,
    given: Mapping[str, str] | None = None,
    kept: Kept | None = None,
) -> Response:
    opened = await opened_item(visit, item_id, opening)
    if given is None:
        given = await _as_reported(visit.work, opened) if opened else {}
    form = empty_where_missing(given)
    return visit.page(
        "card_form.html",
        here="inbox",
        status=kept.problem.status if kept else 200,
        item=await cases.summary(visit.work, item_id),
        others=in_words(await presence.at_item(visit.work, item_id), visit.language),
        opened=opened,
        opening=opening,
        form=form,
        problem=kept.problem if kept else None,
        found=await _find(visit, form),
        units=await registry.units(visit.work, kinds=WITH_OFFICIALS),
        choices=_choices(),
    )


def _choices() -> Mapping[str, Any]:
    return {
        "setting": tuple(cards.Setting),
        "on_duty": ON_DUTY_CATEGORIES,
        "off_duty": OFF_DUTY_CATEGORIES,
        "manifestation": MANIFESTATIONS,
        "evidence": EVIDENCE,
        "detriment": tuple(cards.Detriment),
    }


async def _as_reported(work: Work, opened: OpenedItem) -> dict[str, str]:
    """Return what the reporter's own answers say of the card; the clerk looks at each and decides."""
    said = opened.content.answers
    category = _category(said)
    off_duty = category in OFF_DUTY_CATEGORIES or said.get("context") == cards.Setting.OFF_DUTY
    form = {
        "setting": cards.Setting.OFF_DUTY if off_duty else cards.Setting.ON_DUTY,
        "category": category,
        "evidence": str(said.get("evidence", "")),
    }
    try:
        form["unit"] = str((await registry.unit_by_code(work, str(said.get("unit", "")))).id)
    except NotFound:
        form["unit"] = ""
    return form


def _category(said: Mapping[str, Any]) -> str:
    """Return the category: as a clerk entered it, or put together from two answers of the residents' form."""
    if "category" in said:
        return str(said["category"])
    if said.get("context") == cards.Setting.OFF_DUTY:
        return str(said.get("nexus", ""))
    return f"{ON_DUTY}{said.get('topic', '')}"


async def _find(visit: Visit, form: Mapping[str, str]) -> Sequence[Found]:
    """Return whom the search finds: by name, in a unit, or both; and whoever is chosen already."""
    unit, name = _unit_id(form.get("unit", "")), form.get("find_name", "").strip()
    if unit is None and not name:
        return []
    work, language = visit.work, visit.language
    labels = {each.id: each.label(language) for each in await registry.units(work, kinds=WITH_OFFICIALS)}
    found = []
    if unit in labels and not name:
        found.append(Found(f"leading_team:{unit}", labels[unit], "", labels[unit]))
    people = await registry.officials(work, unit_id=unit, on=work.clock.today(), name=name, limit=_SHOWN)
    found += [Found(f"official:{one.id}", one.person.name, one.post, labels.get(one.unit_id, "")) for one in people]
    return found


def _unit_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
