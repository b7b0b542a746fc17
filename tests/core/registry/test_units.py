"""Units: a tree with lasting codes, the deciding bodies in it, and the choices made from it."""

from uuid import UUID

import pytest

from core import audit, registry
from core.app import App
from core.errors import Conflict, Invalid, NotFound, TooLarge
from core.registry import UnitKind
from core.work import System
from tests.core.registry.builders import a_unit

CLI = System("tests")


async def test_the_tree_has_every_unit_once_with_neighbours_in_order(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        top = await a_unit(work, "district", UnitKind.DISTRICT_COMMITTEE)
        for code, position in (("b", 2), ("c", 1), ("a", 2)):
            await registry.add_unit(work, code=code, kind="township", name=code, parent_id=top.id, position=position)
        tree = await registry.unit_tree(work)
    assert [(branch.unit.code, [child.unit.code for child in branch.children]) for branch in tree] == [
        ("district", ["c", "a", "b"])
    ]


async def test_a_unit_belongs_to_the_nearest_deciding_body_above_it_or_to_none(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        top = await a_unit(work, "top", UnitKind.DISTRICT_COMMITTEE)
        commission = await a_unit(work, "commission", UnitKind.DISCIPLINE_COMMISSION, under=top)
        room = await a_unit(work, "room", under=commission)
        desk_of_room = await a_unit(work, "desk", under=room)
        office = await a_unit(work, "office", UnitKind.LEADING_GROUP_OFFICE, under=commission)
        below_office = await a_unit(work, "below", under=office)
        found = {
            unit.code: await registry.body_of(work, unit.id)
            for unit in (top, commission, room, desk_of_room, office, below_office)
        }
    assert found == {
        "top": None,
        "commission": "discipline_commission",
        "room": "discipline_commission",
        "desk": "discipline_commission",
        "office": "leading_group_office",
        "below": "leading_group_office",
    }


@pytest.mark.parametrize(
    ("given", "error", "code"),
    [
        ({"kind": "ministry"}, Invalid, "unknown_unit_kind"),
        ({"code": "1"}, Invalid, "unit_code_malformed"),
        ({"code": "a b"}, Invalid, "unit_code_malformed"),
        ({"code": "taken"}, Conflict, "unit_code_taken"),
        ({"name": "  "}, Invalid, "text_missing"),
        ({"name": "字" * 201}, TooLarge, "text_too_long"),
        ({"name": "财政\u202e局"}, Invalid, "text_unprintable"),
        ({"name_en": "Finance\nBureau"}, Invalid, "text_unprintable"),
    ],
)
async def test_a_unit_that_does_not_fit_is_refused_by_name(
    desk: App, given: dict[str, str], error: type[Exception], code: str
) -> None:
    async with desk.work(CLI, "cli") as work:
        await a_unit(work, "taken")
        with pytest.raises(error) as refused:
            await registry.add_unit(work, **{"code": "new", "kind": "court", "name": "法院", **given})  # type: ignore[arg-type]
    assert getattr(refused.value, "code", "") == code


async def test_a_unit_is_found_by_code_and_by_id_and_keeps_its_code_when_renamed(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        made = await a_unit(work, "finance", name="财政局")
        await registry.rename_unit(work, made.id, name="财政和国资局", name_en="Finance Bureau")
    async with desk.work(CLI, "cli", write=False) as work:
        found = await registry.unit_by_code(work, "finance")
        assert found == await registry.unit(work, made.id)
        assert (found.label("zh_CN"), found.label("en")) == ("财政和国资局", "Finance Bureau")
        with pytest.raises(NotFound):
            await registry.unit_by_code(work, "nowhere")


async def test_people_choose_among_units_with_a_leading_team_townships_first(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        await a_unit(work, "finance", name="财政局")
        await a_unit(work, "commission", UnitKind.DISCIPLINE_COMMISSION)
        await a_unit(work, "street", UnitKind.SUBDISTRICT)
        await a_unit(work, "village", UnitKind.TOWNSHIP)
        await a_unit(work, "office", UnitKind.LEADING_GROUP_OFFICE)
        await a_unit(work, "station", UnitKind.LIAISON_STATION)
        choices = await registry.unit_choices(work)
        again = await registry.unit_choices(work)
        await registry.rename_unit(work, (await registry.unit_by_code(work, "finance")).id, name="财政与税务局")
        renamed = await registry.unit_choices(work)
    assert [choice.name for choice in choices.all] == ["village", "street", "commission", "finance"]
    assert [choice.columns["group"] for choice in choices.all] == [
        "township",
        "subdistrict",
        "department",
        "department",
    ]
    assert choices.by_name["finance"].label == {"zh_CN": "财政局", "en": "财政局"}
    assert again is choices
    assert renamed.by_name["finance"].label["zh_CN"] == "财政与税务局"


async def test_every_change_of_a_unit_is_in_the_audit_trail(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        made = await a_unit(work, "finance")
        await registry.rename_unit(work, made.id, name="财政局")
    async with desk.work(CLI, "cli", write=False) as work:
        trail = [entry.action for entry in await audit.entries(work, subject_id=str(made.id))]
    assert sorted(trail) == ["cli:unit:added", "cli:unit:renamed"]


async def test_what_is_not_in_the_registry_is_not_found(desk: App) -> None:
    async with desk.work(CLI, "cli", write=False) as work:
        for ask, code in (
            (registry.unit, "unit_unknown"),
            (registry.person, "person_unknown"),
            (registry.official, "official_unknown"),
        ):
            with pytest.raises(NotFound, match=code):
                await ask(work, UUID(int=1))


async def test_units_are_found_by_kind_and_by_what_they_lie_under(desk: App) -> None:
    async with desk.work(CLI, "cli") as work:
        top = await a_unit(work, "top", UnitKind.DISTRICT_COMMITTEE)
        court = await a_unit(work, "court", UnitKind.COURT, under=top)
        await a_unit(work, "village", UnitKind.TOWNSHIP)
        assert await registry.units(work, kinds=[UnitKind.COURT]) == (court,)
        assert await registry.units(work, parent_id=top.id) == (court,)
