"""A list of units is read as a department writes it, in any order, and every fault of a row is named."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.registry import LOCALE, Note, Outcome, Unit, UnitKind
from core.registry.spreadsheets import Formula, Line
from core.registry.unit_listing import HEADINGS, UnitEntry, read_units
from core.registry.unit_planning import circling, plan_units
from core.texts import LANGUAGES, translator

CHINESE = tuple(words[0] for words in HEADINGS.values())
GOOD = ("finance", "区直部门", "", "区财政局", "Finance Bureau")
OFFICE = Unit(uuid4(), None, "leading_group_office", UnitKind.LEADING_GROUP_OFFICE, "领导小组办公室", "Office", 0)
FINANCE = Unit(uuid4(), None, "finance", UnitKind.DISTRICT_DEPARTMENT, "区财政局", "Finance Bureau", 1)


def read(*rows: tuple[object, ...]) -> list[UnitEntry]:
    lines = [Line(number, row) for number, row in enumerate([CHINESE, *rows], 1)]  # type: ignore[arg-type]  # cells of a test
    return read_units(lines)


def codes(*rows: tuple[object, ...], units: tuple[Unit, ...] = (), officials: tuple[UUID, ...] = ()) -> list[list[str]]:
    return [[note.code for note in step.notes] for step in plan_units(read(*rows), units, officials)]


def test_a_good_row_says_what_it_says() -> None:
    assert read(GOOD) == [UnitEntry(2, "finance", UnitKind.DISTRICT_DEPARTMENT, "", "区财政局", "Finance Bureau")]


@pytest.mark.parametrize("kind", UnitKind)
def test_a_kind_is_written_in_either_language_or_as_its_identifier(kind: UnitKind) -> None:
    words = [str(kind), *(translator(each, (LOCALE,))(f"registry.unit_kind.{kind}") for each in LANGUAGES)]
    assert {entry.kind for entry in read(*(("a", word, "", "某", "") for word in words))} == {kind}


@pytest.mark.parametrize(
    ("place", "written", "code"),
    [
        *((place, Formula.FORMULA, "formula") for place in range(5)),
        *((place, "", "cell_missing") for place in (0, 1, 3)),
        (0, "101", "code_malformed"),
        (0, "财政局", "code_malformed"),
        (1, "财政所", "unknown_kind"),
        (3, "某\u202e局", "cell_unfit"),
        (3, "局" * 201, "cell_unfit"),
    ],
)
def test_a_faulty_cell_is_named_by_its_heading(place: int, written: object, code: str) -> None:
    (entry,) = read((*GOOD[:place], written, *GOOD[place + 1 :]))
    assert entry.notes == (Note(code, {"heading": CHINESE[place]}),)


def test_missing_headings_are_told() -> None:
    with pytest.raises(Invalid) as refused:
        read_units([Line(1, CHINESE[1:]), Line(2, GOOD[1:])])
    assert (refused.value.code, refused.value.params) == ("missing_heading", {"headings": "编号/code"})


TOWN, ROAD = ("town", "街道", "", "某街道", ""), ("road", "residents_committee", "town", "某居委会", "")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((ROAD, TOWN), [[], []]),
        ((("road", "街道", "nowhere", "某", ""),), [["unknown_parent"]]),
        ((TOWN, TOWN), [[], ["duplicate_code"]]),
        ((("a", "街道", "a", "某", ""),), [["circle_of_units"]]),
        ((("a", "街道", "b", "某", ""), ("b", "街道", "a", "某", ""), TOWN), [["circle_of_units"]] * 2 + [[]]),
        ((("a", "街道", "b", "某", ""), ("b", "街道", "b", "某", "")), [[], ["circle_of_units"]]),
        ((("town", "县委", "", "某", ""), ROAD), [["unknown_kind"], []]),
        (
            (("a", "leading_group_office", "", "某", ""), ("b", "leading_group_office", "", "某", "")),
            [[], ["second_body"]],
        ),
    ],
)
def test_a_tree_comes_in_any_order_and_its_faults_are_told_row_by_row(
    rows: tuple[tuple[object, ...], ...], said: list[list[str]]
) -> None:
    assert codes(*rows) == said


@pytest.mark.parametrize(
    ("row", "outcome", "said"),
    [
        (GOOD, Outcome.UNCHANGED, []),
        ((*GOOD[:4], ""), Outcome.UNCHANGED, []),
        ((*GOOD[:3], "区财政局（新）", ""), Outcome.UPDATED, ["renamed"]),
        ((*GOOD[:4], "Treasury"), Outcome.UPDATED, ["renamed_in_english"]),
        (("finance", "街道", "leading_group_office", *GOOD[3:]), Outcome.UPDATED, ["kind_changed", "moved"]),
        (("finance", "leading_group_office", *GOOD[2:]), Outcome.ERROR, ["second_body"]),
        (("leading_group_office", "leading_group_office", "", "区监督办", ""), Outcome.UPDATED, ["renamed"]),
        (("leading_group_office", "街道", "", "办", ""), Outcome.ERROR, ["body_stays"]),
        (("leading_group_office", "leading_group_office", "finance", "办", ""), Outcome.ERROR, ["body_stays"]),
    ],
)
def test_a_known_unit_is_compared_and_a_body_keeps_its_kind_and_place(
    row: tuple[object, ...], outcome: Outcome, said: list[str]
) -> None:
    (step,) = plan_units(read(row), (OFFICE, FINANCE), ())
    assert (step.outcome, [note.code for note in step.notes]) == (outcome, said)


def test_a_unit_with_officials_does_not_become_one_that_has_none() -> None:
    row = ("finance", "residents_committee", "", "区财政局", "")
    assert codes(row, units=(FINANCE,), officials=(FINANCE.id,)) == [["officials_in_unit"]]
    assert codes(row, units=(FINANCE,)) == [["kind_changed"]]


def test_a_circle_through_the_register_is_seen() -> None:
    below = Unit(uuid4(), FINANCE.id, "below", UnitKind.DISTRICT_DEPARTMENT, "某", None, 2)
    assert codes((*GOOD[:2], "below", *GOOD[3:]), units=(FINANCE, below)) == [["circle_of_units"]]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["", *"abcdefgh"])))
def test_exactly_those_are_in_a_circle_who_come_back_to_themselves_on_the_way_up(
    above: dict[str, str],
) -> None:
    found = circling(above)
    for code in above:
        way = [code]
        while way[-1] in above and len(way) <= len(above):
            way.append(above[way[-1]])
        assert (code in way[1:]) == (code in found)
