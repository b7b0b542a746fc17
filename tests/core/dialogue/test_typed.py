"""A typed answer works wherever a button does, and what people paste is made harmless without being shortened."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dialogue import Choice, Choices, Field, FileRef, Raw
from core.dialogue.form import Kind
from core.dialogue.runs import LONGEST_RUN, stream_safe
from core.dialogue.state import Answer
from core.dialogue.typed import NOTHING_ON_OFFER, Offer, clean, take
from core.dialogue.walk import stands
from core.errors import Invalid, TooLarge

TODAY = date(2026, 9, 30)
LIST = Choices(
    [
        Choice("rice", {"zh_CN": "米饭", "en": "Rice"}),
        Choice("soup", {"zh_CN": "汤，热的", "en": "Soup"}),
        Choice("M1", {"zh_CN": "Ｍ 一", "en": "Soup."}),
    ]
)


def given_to(kind: Kind, raw: Raw, offer: Offer = NOTHING_ON_OFFER, **limits: int) -> Answer | None:
    return take(Field("q", kind, **limits), raw, offer, TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "raw", "answer"),
    [
        ("integer", "７", 7),
        ("integer", " 1,200 ", 1200),
        ("integer", "-3", -3),
        ("integer", "−3", -3),
        ("integer", "3.0", 3),
        ("integer", "", None),
        ("decimal", "０１.50", "1.5"),
        ("decimal", "-0", "0"),
        ("decimal", "100", "100"),
        ("date", "2026-09-30", "2026-09-30"),
        ("date", "2026/9/3", "2026-09-03"),
        ("date", "2026.9.3", "2026-09-03"),
        ("date", "２０２６年９月３０日", "2026-09-30"),
        ("date", "2026 年 9 月 30 号", "2026-09-30"),
        ("date", "20260930", "2026-09-30"),
        ("date", "9月30日", "2026-09-30"),
        ("date", "10月1日", "2025-10-01"),
        ("date", "2月29日", "2024-02-29"),
        ("date", "今天", "2026-09-30"),
        ("date", "昨天", "2026-09-29"),
        ("date", "前天", "2026-09-28"),
        ("date", "Yesterday", "2026-09-29"),
        ("date", " ", None),
        ("text", " a\tb\r\nc ", "a b c"),
        ("text", "\u202e\u200f\x00 ", None),
        ("text", "<script>&amp;", "<script>&amp;"),
        ("text", "e\u0301", "é"),
        ("file", "", None),
        ("file", (), None),
    ],
)
def test_what_people_type_is_understood(kind: Kind, raw: Raw, answer: Answer | None) -> None:
    assert given_to(kind, raw) == answer


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("integer", "seven", "not_an_integer"),
        ("integer", "1.5", "not_an_integer"),
        ("integer", "1" * 16, "not_an_integer"),
        ("integer", "1,20", "not_an_integer"),
        ("decimal", "1e5", "not_a_number"),
        ("decimal", "NaN", "not_a_number"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", "0001-01-01", "not_a_date"),
        ("date", "2月30日", "not_a_date"),
        ("date", "9/30", "not_a_date"),
        ("text", ("a",), "text_expected"),
        ("select_multiple", (FileRef("i", "n", 1, "t"),), "text_expected"),
        ("file", "a text", "file_expected"),
        ("file", ("a",), "file_expected"),
        ("file", (FileRef("i", "n", 0, "t/t"),), "file_empty"),
        ("audio", (FileRef("i", "n", 1, "image/png"),), "wrong_media_type"),
    ],
)
def test_what_is_not_understood_is_told_by_a_code(kind: Kind, raw: Raw, code: str) -> None:
    with pytest.raises(Invalid) as told:
        given_to(kind, raw)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("rice", "rice"),
        ("RICE", "rice"),
        ("１", "rice"),
        ("(2)", "soup"),
        ("2、", "soup"),
        ("米饭。", "rice"),
        ("m一", "M1"),
    ],
)
def test_a_choice_is_named_by_place_name_or_label_in_any_language(typed: str, name: str) -> None:
    assert given_to("select_one", typed, Offer(LIST)) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0", "not_a_choice"), ("4", "not_a_choice"), ("米", "not_a_choice"), ("soup.", "choice_ambiguous")],
)
def test_a_choice_that_is_not_clear_is_not_guessed(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as told:
        given_to("select_one", typed, Offer(LIST))
    assert told.value.code == code


def test_a_choice_that_the_filter_left_out_is_not_found_and_does_not_count_as_a_place() -> None:
    offer = Offer(LIST, frozenset({"soup"}))
    assert given_to("select_one", "1", offer) == "soup"
    for typed in ("rice", "米饭", "2"):
        with pytest.raises(Invalid, match="not_a_choice"):
            given_to("select_one", typed, offer)


def test_in_a_long_list_a_part_of_one_label_is_enough() -> None:
    bureaus = Choices(Choice(f"u{n}x", {"zh_CN": label}) for n, label in enumerate(["教育局", "体育局", "教育研究室"]))
    offer = Offer(bureaus, part_of_label=True)
    assert given_to("select_one", "研究", offer) == "u2x"
    for typed, code in (("教育", "choice_ambiguous"), ("研", "not_a_choice")):
        with pytest.raises(Invalid, match=code):
            given_to("select_one", typed, offer)


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("1、2", ("rice", "soup")),
        ("m1 rice", ("rice", "M1")),
        ("rice, M1", ("rice", "M1")),
        ("2；1", ("rice", "soup")),
        ("汤，热的", ("soup",)),
        ("m1 1", ("rice", "M1")),
        (["soup", "rice", "soup"], ("rice", "soup")),
        ("", None),
        ([], None),
    ],
)
def test_several_choices_come_in_the_order_of_the_list(raw: Raw, names: tuple[str, ...] | None) -> None:
    assert given_to("select_multiple", raw, Offer(LIST)) == names


def test_one_choice_that_is_not_there_spoils_the_whole_answer() -> None:
    for raw in ("rice, rise", ["rice", "rise"], "1 9"):
        with pytest.raises(Invalid, match="not_a_choice"):
            given_to("select_multiple", raw, Offer(LIST))


def test_a_text_that_is_too_long_is_never_cut_and_both_lengths_are_told() -> None:
    with pytest.raises(TooLarge) as told:
        given_to("text", "字" * 10_001)
    assert told.value.params == {"limit": 10_000, "length": 10_001}
    assert given_to("text", "字" * 10_000) == "字" * 10_000


def test_ten_thousand_pasted_lines_are_kept_as_they_are_where_lines_are_asked_for() -> None:
    pasted = "\n".join(f"line {n}" for n in range(10_000))
    field = Field("q", "text", appearance=frozenset({"multiline"}), max_length=200_000)
    assert take(field, pasted.replace("\n", "\r\n"), NOTHING_ON_OFFER, TODAY) == pasted


def test_files_beyond_the_limits_are_told_with_the_limit() -> None:
    files = tuple(FileRef(str(n), "n", 5, "image/png") for n in range(3))
    with pytest.raises(TooLarge, match="too_many_files"):
        given_to("image", files, max_files=2)
    with pytest.raises(TooLarge, match="file_too_large"):
        given_to("image", files, max_files=3, max_bytes=4)
    assert given_to("image", files, max_files=3, max_bytes=5) == files


def test_a_file_name_cannot_turn_its_ending_round() -> None:
    tricky = FileRef("i", "a\u202egpj.\nexe", 1, "t/t")
    assert given_to("file", (tricky,)) == (FileRef("i", "agpj. exe", 1, "t/t"),)


@given(st.text())
def test_cleaning_leaves_nothing_invisible_and_cleaning_again_changes_nothing(pasted: str) -> None:
    kept = clean(pasted)
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in kept)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c") & set(kept)
    kept.encode("utf-8")


@given(st.text(), st.sampled_from(["integer", "decimal", "date", "select_one", "select_multiple", "text"]))
def test_whatever_is_typed_is_an_answer_or_a_named_problem(typed: str, kind: Kind) -> None:
    try:
        answer = given_to(kind, typed, Offer(LIST))
    except Invalid:
        return
    assert answer is None or stands(Field("q", kind), answer, Offer(LIST))


MARKS = "\u0301" * 250_000 + "\u0316" * 250_000


@pytest.mark.parametrize("kind", ["text", "integer", "date", "select_one", "select_multiple"])
def test_a_flood_is_refused_by_its_length_before_anything_is_done_with_it(kind: Kind) -> None:
    with pytest.raises(TooLarge) as refused:
        given_to(kind, MARKS, Offer(LIST))
    assert refused.value.params["length"] == len(MARKS)


@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0316", "\u0f73", "\uff9e\u0301", "a" * 3 + "\u0316" * 90])
def test_no_more_than_thirty_marks_in_a_run_are_normalised(marks: str) -> None:
    run = longest = 0
    for character in stream_safe(marks * 1000):
        run = 0 if character in "a\u034f" else run + 1
        longest = max(longest, run)
    assert longest == LONGEST_RUN


@given(st.text())
def test_text_without_long_runs_of_marks_is_left_as_it_is(text: str) -> None:
    assert stream_safe(text[:LONGEST_RUN]) == text[:LONGEST_RUN]


def test_what_shows_nothing_is_taken_away_and_what_joins_letters_stays() -> None:
    assert clean("a\u200b\u2060\u00ad\ufeff\U000e0041\U000e007fb") == "ab"
    assert clean("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧"
