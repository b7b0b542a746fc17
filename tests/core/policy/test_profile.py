"""What a policy profile promises: every figure is sourced, and a wrong question about it is an error."""

from datetime import time
from fractions import Fraction
from typing import Final

import pytest

from core.errors import Misconfigured
from core.policy.profile import MARKS, PROFILES, SEED, Profile, load, parse

UNITS: Final = ("days", "working_days", "months", "hours", "minutes", "count", "per_year", "characters", "bytes")


@pytest.mark.parametrize("name", PROFILES)
def test_every_figure_has_a_source_and_a_mark(name: str) -> None:
    for figure in load(name):
        assert figure.source, figure.name
        assert figure.mark in MARKS, figure.name


@pytest.mark.parametrize("name", PROFILES)
def test_every_figure_that_the_source_states_names_its_phrase(name: str) -> None:
    stated = [figure for figure in load(name) if figure.mark == "S"]
    assert stated
    assert all(figure.source.startswith("S") and figure.source[1].isdigit() for figure in stated)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("admonition_term", 6),
        ("suspension_term", 12),
        ("station_heads_meetings", 4),
        ("record_book_reviews", 2),
        ("incompetent_share", Fraction(1, 3)),
        ("years_without_change", 3),
        ("stations", 31),
        ("station_liaisons", 56),
    ],
)
def test_seed_holds_the_figures_that_the_source_states(name: str, value: object) -> None:
    assert SEED.figure(name).value == value
    assert SEED.figure(name).mark == "S"


def test_each_unit_is_asked_for_by_its_name() -> None:
    assert SEED.working_days("letter_reply") == 15
    assert SEED.days("acknowledgement") == 7
    assert SEED.months("former_unit") == 36
    assert SEED.hours("escalation") == 24
    assert SEED.minutes("receipt_tries_window") == 10
    assert SEED.count("valid_ballots") == 10
    assert SEED.per_year("circulars") == 1
    assert SEED.characters("entry_text") == 300
    assert SEED.bytes("attachment_size") == 50 * 1024 * 1024
    assert SEED.share("appraisal_attendance") == Fraction(2, 3)
    assert SEED.time("prompt_at") == time(9)
    assert SEED.flag("count_start_day") is False
    assert SEED.text("system_name") == "预警"
    assert SEED.text("measure_name") == "警示"
    assert SEED.names("suspension_blocks") == ("lead",)


def test_an_unknown_figure_is_an_error_that_names_it() -> None:
    with pytest.raises(Misconfigured, match="seed: there is no figure 'leter_reply'"):
        SEED.days("leter_reply")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != "working_days"])
def test_working_days_are_given_out_as_nothing_else(unit: str) -> None:
    with pytest.raises(Misconfigured, match="letter_reply is in working_days"):
        getattr(SEED, unit)("letter_reply")


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"'\.\./secret' is not one of seed, modern"):
        load("../secret")


def test_modern_differs_only_in_bodies_authority_and_effects() -> None:
    seed, modern = load("seed"), load("modern")
    differing = {figure.group for figure in modern if figure != seed.figure(figure.name)}
    assert differing == {"bodies", "authority", "effects"}
    assert list(modern.figures) == list(seed.figures)


def test_suspension_is_off_in_modern_alone() -> None:
    assert load("seed").flag("suspension_enabled")
    assert not load("modern").flag("suspension_enabled")


def test_modern_keeps_every_block_of_the_seed_and_adds_the_years_grade() -> None:
    seed, modern = load("seed"), load("modern")
    assert set(modern.names("admonition_blocks")) > set(seed.names("admonition_blocks"))
    assert modern.names("admonition_year_blocks") == ("excellent_grade",)


def test_a_profile_cannot_be_changed_once_loaded() -> None:
    with pytest.raises(TypeError):
        SEED.figures["letter_reply"] = SEED.figure("transfer")  # type: ignore[index]


def a_figure(value: str, unit: str) -> str:
    return f'[clocks]\none = {{ value = {value}, unit = "{unit}", mark = "D", source = "a test" }}\n'


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("-1", "days"),
        ("true", "days"),
        ("1.5", "days"),
        ('"15"', "days"),
        ("1", "flag"),
        ("1", "fortnights"),
        ('"4/3"', "share"),
        ('"1/0"', "share"),
        ("0.33", "share"),
        ('"a third"', "share"),
        ("[1, 2]", "names"),
        ('"09:00"', "time"),
        ("7", "text"),
    ],
)
def test_a_value_that_does_not_fit_its_unit_is_refused(value: str, unit: str) -> None:
    with pytest.raises(Misconfigured, match="the value of one is not in"):
        parse("local", a_figure(value, unit))


@pytest.mark.parametrize(
    "text",
    [
        "[clocks",
        "clocks = 3",
        "[clocks]\none = 3",
        '[clocks]\none = { value = 1, unit = "days" }',
        '[clocks]\none = { value = 1, unit = "days", mark = "X", source = "a test" }',
        '[clocks]\none = { value = 1, unit = "days", mark = "D", source = "" }',
        '[clocks]\none = { value = 1, unit = "days", mark = "D", source = "a test", note = "" }',
        a_figure("1", "days") + a_figure("1", "days").replace("clocks", "terms"),
        'extends = "elsewhere"',
        'extends = "seed"\n' + a_figure("1", "days"),
        'extends = "seed"\n' + a_figure("1", "days").replace("one", "letter_reply").replace("clocks", "case_clocks"),
        'extends = "seed"\n' + a_figure("1", "days").replace("one", "transfer"),
    ],
)
def test_a_file_that_is_not_a_profile_is_refused_whole(text: str) -> None:
    with pytest.raises(Misconfigured):
        parse("local", text)


def test_a_local_profile_changes_a_figure_of_the_one_it_extends() -> None:
    change = a_figure("10", "days").replace("clocks", "item_clocks").replace("one", "transfer")
    local: Profile = parse("local", 'extends = "modern"\n' + change)
    assert local.days("transfer") == 10
    assert local.figure("transfer").source == "a test"
    assert not local.flag("suspension_enabled")
