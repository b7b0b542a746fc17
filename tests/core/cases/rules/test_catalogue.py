"""What the published catalogue promises: only what was published when it was done can be charged."""

import re
from datetime import date, timedelta

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from core.cases.rules.catalogue import LOCALE, VERSIONS, catalogue_on, chargeable, parse
from core.cases.rules.gate import Category
from core.errors import Conflict, Invalid, JingshiError, Misconfigured
from core.texts import LANGUAGES

FIRST = VERSIONS[0].published_on
ALL = [f"M{number}" for number in range(1, 9)]
VERSION = 'published_on = {day}\nmark = "D"\nsource = "s"\nmanifestations.M1.source = "S50"\n'
TWO = parse(f"[1]\n{VERSION.format(day='2025-07-01')}\n[2]\n{VERSION.format(day='2026-07-01')}")


def refusal(manifestation: str, on: date, reasons: str = "", approvers: tuple[str, ...] = ()) -> str:
    try:
        chargeable(manifestation, on, reasons=reasons, approvers=approvers)
    except JingshiError as error:
        return error.code
    return ""


def test_the_first_version_has_the_eight_manifestations_each_from_its_phrase() -> None:
    version = VERSIONS[0]
    assert (version.published_on, version.mark) == (date(2025, 7, 1), "D")
    assert list(version.manifestations) == ALL
    phrases = [int(number) for row in version.manifestations.values() for number in re.findall(r"S(\d+)", row.source)]
    assert phrases == list(range(50, 60))


def test_the_gate_accepts_what_the_catalogue_has() -> None:
    assert {each.removeprefix("on_duty:") for each in Category if each.startswith("on_duty:")} == set(ALL)


@given(st.sampled_from(ALL), st.integers(1, 4000))
def test_nothing_done_before_the_first_publication_can_be_charged(manifestation: str, days: int) -> None:
    assert refusal(manifestation, FIRST - timedelta(days), "reasons", ("a", "b")) == "conduct_before_publication"


@given(st.sampled_from(ALL[:7]), st.integers(0, 4000))
def test_from_that_day_on_the_seven_are_charged_without_more(manifestation: str, days: int) -> None:
    assert refusal(manifestation, FIRST + timedelta(days)) == ""


@pytest.mark.parametrize(
    ("reasons", "approvers", "code"),
    [
        ("", ("a", "b"), "reasons_needed"),
        (" \n", ("a", "b"), "reasons_needed"),
        ("because", (), "second_approver_needed"),
        ("because", ("a",), "second_approver_needed"),
        ("because", ("a", "a"), "second_approver_needed"),
        ("because", ("a", "b"), ""),
    ],
)
def test_the_catch_all_needs_reasons_and_two_persons(reasons: str, approvers: tuple[str, ...], code: str) -> None:
    assert refusal("M8", FIRST, reasons, approvers) == code


@pytest.mark.parametrize("name", ["", "M0", "M9", "m1", "family", "positive"])
def test_what_is_not_in_the_catalogue_cannot_be_charged(name: str) -> None:
    with pytest.raises(Invalid, match="unknown_manifestation"):
        chargeable(name, FIRST, reasons="because", approvers=("a", "b"))


@pytest.mark.parametrize(
    ("day", "number"), [("2025-07-01", 1), ("2026-06-30", 1), ("2026-07-01", 2), ("2031-01-01", 2)]
)
def test_conduct_is_judged_by_the_version_of_its_day(day: str, number: int) -> None:
    assert catalogue_on(date.fromisoformat(day), TWO).number == number


def test_there_is_no_version_before_the_first() -> None:
    with pytest.raises(Conflict, match="conduct_before_publication"):
        catalogue_on(date(2025, 6, 30), TWO)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "1 = 1",
        f"[2]\n{VERSION.format(day='2025-07-01')}",
        f"[1]\n{VERSION.format(day='2025-07-01')}\n[2]\n{VERSION.format(day='2025-07-01')}",
        f"[1]\n{VERSION.format(day='2026-07-01')}\n[2]\n{VERSION.format(day='2025-07-01')}",
        f"[1]\n{VERSION.format(day='2025-07-01T00:00:00')}",
        f"[1]\n{VERSION.format(day='2025-07-01')}manifestations.M2.second_approver = true",
        f"[1]\n{VERSION.format(day='2025-07-01')}manifestations.M1.secret = true",
        f"[1]\n{VERSION.format(day='2025-07-01')}manifestations.M1.second_approver = 1",
        f"[1]\n{VERSION.format(day='2025-07-01')}extra = 1",
        f"[1]\n{VERSION.format(day='2025-07-01')}".replace('"D"', '"X"'),
    ],
)
def test_a_catalogue_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(Misconfigured):
        parse(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_manifestation_has_its_words_in_both_languages_and_none_is_left_over(language: str) -> None:
    with (LOCALE / f"{language}.po").open("rb") as file:
        texts = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    names = {version.text_id(name) for version in VERSIONS for name in version.manifestations}
    assert texts.keys() == names | {f"{name}.more" for name in names}
    assert all(texts.values())
