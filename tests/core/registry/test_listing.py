"""A row is read as a civil servant would write it, and every fault of it is named at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.registry import Note, Rank
from core.registry.listing import HEADINGS, Entry, Unread, read_list
from core.registry.spreadsheets import Cell, Formula, Line, read_lines
from tests.core.registry.builders import HEADINGS as CHINESE
from tests.core.registry.builders import a_csv, a_row

TODAY = date(2026, 9, 30)
PLACE = {column: place for place, column in enumerate(HEADINGS)}


def read(**cells: Cell) -> Entry | Unread:
    good: tuple[Cell, ...] = ("公冶听雨", "区财政局", "局长", "正科", "是", "2024-03-01")
    row = tuple(cells.get(column, good[place]) for column, place in PLACE.items())
    return read_list([Line(1, CHINESE), Line(2, row)], today=TODAY)[0]


def test_a_good_row_says_what_it_says() -> None:
    assert read() == Entry(
        2, "公冶听雨", "区财政局", "局长", Rank.FULL_SECTION, is_principal=True, since=date(2024, 3, 1)
    )


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        ("name", "公 冶", "公冶"),
        ("name", "公\u3000冶", "公冶"),
        ("name", "Anne  Marie O'Neill Jr.", "Anne Marie O'Neill Jr."),
        ("name", "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("rank", "正科级", Rank.FULL_SECTION),
        ("rank", "副科", Rank.DEPUTY_SECTION),
        ("rank", "Deputy_Section", Rank.DEPUTY_SECTION),
        ("principal", "True", True),
        ("principal", "否", False),
        ("principal", "0", False),
        ("since", date(2024, 2, 29), date(2024, 2, 29)),
        ("since", "2024/3/1", date(2024, 3, 1)),
        ("since", "2024.03.01", date(2024, 3, 1)),
        ("since", "2024年3月1日", date(2024, 3, 1)),
        ("since", "2024 年 3 月 1 日", date(2024, 3, 1)),
    ],
)
def test_usual_ways_of_writing_are_understood(column: str, written: Cell, meant: object) -> None:
    entry = read(**{column: written})
    assert isinstance(entry, Entry)
    assert getattr(entry, {"principal": "is_principal"}.get(column, column)) == meant


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        *((column, Formula.FORMULA, "formula") for column in HEADINGS),
        *((column, "", "cell_missing") for column in HEADINGS),
        ("name", "13800000000", "cell_unfit"),
        ("name", "#N/A", "cell_unfit"),
        ("name", "<b>公冶</b>", "cell_unfit"),
        ("name", date(2024, 3, 1), "cell_unfit"),
        ("post", "局\u202e长", "cell_unfit"),
        ("post", "长" * 101, "cell_unfit"),
        ("unit", date(2024, 3, 1), "cell_unfit"),
        ("rank", "正处", "unknown_rank"),
        ("rank", date(2024, 3, 1), "unknown_rank"),
        ("principal", "也许", "not_yes_or_no"),
        ("principal", date(2024, 3, 1), "not_yes_or_no"),
        ("since", "2024.03", "not_a_date"),
        ("since", "2024-02-30", "not_a_date"),
        ("since", "2024-03/01", "not_a_date"),
        ("since", "45352", "not_a_date"),
        ("since", "1949-10-01", "date_implausible"),
        ("since", date(2027, 9, 30), "date_implausible"),
    ],
)
def test_a_faulty_cell_is_named_by_its_heading(column: str, written: Cell, code: str) -> None:
    assert read(**{column: written}) == Unread(2, (Note(code, {"heading": CHINESE[PLACE[column]]}),))


def test_all_faults_of_a_row_are_told_at_once() -> None:
    row = read(name="", rank="处", since="昨天")
    assert isinstance(row, Unread)
    assert [note.code for note in row.notes] == ["cell_missing", "unknown_rank", "not_a_date"]


def test_a_row_shorter_than_the_headings_lacks_what_it_lacks() -> None:
    row = read_list([Line(1, CHINESE), Line(2, ("公冶听雨",))], today=TODAY)[0]
    assert isinstance(row, Unread)
    assert {note.code for note in row.notes} == {"cell_missing"}


def test_headings_may_be_english_in_any_order_with_others_between() -> None:
    headings = ("Since", "phone", "NAME", "单 位", "post", "rank", "principal")
    row = ("2024-03-01", "", "公冶听雨", "区财政局", "局长", "正科", "是")
    entry = read_list([Line(1, headings), Line(2, row)], today=TODAY)[0]
    assert entry == read()


@pytest.mark.parametrize(
    ("headings", "code", "told"),
    [
        (CHINESE[1:], "missing_heading", "姓名/name"),
        (("名单",), "missing_heading", ", ".join("/".join(words) for words in HEADINGS.values())),
        ((*CHINESE, "Name"), "repeated_heading", "姓名/name"),
    ],
)
def test_missing_and_repeated_headings_are_told(headings: tuple[str, ...], code: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_list([Line(1, headings), Line(2, a_row_of_text())], today=TODAY)
    assert (refused.value.code, refused.value.params) == (code, {"headings": told})


def a_row_of_text() -> tuple[Cell, ...]:
    return tuple(str(cell) for cell in a_row())


def test_headings_without_a_row_are_an_empty_file() -> None:
    with pytest.raises(Invalid, match="empty_file"):
        read_list(read_lines("a.csv", a_csv()), today=TODAY)


@given(day=st.dates(min_value=date(1950, 1, 1), max_value=date(2027, 9, 28)), form=st.sampled_from(["-", "/", "."]))
def test_every_day_in_bounds_reads_the_same_as_text_and_as_a_date(day: date, form: str) -> None:
    written = form.join(str(part) for part in (day.year, day.month, day.day))
    assert read(since=written) == read(since=day)


@given(cell=st.text(max_size=30))
def test_no_text_breaks_the_reading(cell: str) -> None:
    for column in HEADINGS:
        assert read(**{column: cell}).row == 2
