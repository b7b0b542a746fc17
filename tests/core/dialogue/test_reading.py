"""A form that cannot be run is refused when it is read, with every fault and its row."""

from pathlib import Path

import pytest

from core.dialogue import FormError, check, load
from core.dialogue.reading import read_table

LANGUAGES = ("中文 (zh_CN)", "English (en)")
COLUMNS = [
    *("type", "name", "required", "relevant", "constraint", "calculation", "choice_filter", "default", "appearance"),
    *(f"{of}::{language}" for of in ("label", "hint", "constraint_message") for language in LANGUAGES),
    "body::max_length",
]
SETTINGS = {"form_id": "f", "version": "1", "default_language": "English (en)"}
ASKED = {"type": "text", "name": "a", "label::中文 (zh_CN)": "甲", "label::English (en)": "A"}
CHOICES = [
    {"list_name": "yn", "name": "y", "label::中文 (zh_CN)": "是", "label::English (en)": "Yes", "kind": "k"},
    {"list_name": "yn", "name": "n", "label::中文 (zh_CN)": "否", "label::English (en)": "No"},
]
Rows = list[dict[str, str]]


def row(**cells: str) -> dict[str, str]:
    """A labelled row; ``zh`` and ``en`` replace its label, ``max_length`` is a body attribute."""
    names = {"zh": "label::中文 (zh_CN)", "en": "label::English (en)", "max_length": "body::max_length"}
    return {**ASKED, **{names.get(key, key): value for key, value in cells.items()}}


def table(survey: Rows, choices: Rows | None = None, settings: dict[str, str] | None = None) -> str:
    def sheet(name: str, head: list[str], rows: Rows) -> list[str]:
        lines = [head, *([row.get(column, "") for column in head] for row in rows)]
        return [f"| {name} |", *(f"| | {' | '.join(line)} |" for line in lines)]

    chosen = SETTINGS if settings is None else settings
    more = [column for row in survey for column in row if column not in COLUMNS]
    parts = sheet("survey", [*COLUMNS, *dict.fromkeys(more)], survey)
    parts += sheet("choices", list((choices or CHOICES)[0]), choices or CHOICES)
    return "\n".join([*parts, *sheet("settings", list(chosen), [chosen])]) + "\n"


def faults(survey: Rows, choices: Rows | None = None, settings: dict[str, str] | None = None) -> str:
    with pytest.raises(FormError) as told:
        read_table(table(survey, choices, settings), "f.md")
    return "\n".join(told.value.faults)


def test_a_form_knows_its_languages_its_version_and_the_lists_it_needs() -> None:
    form = read_table(table([row(), row(name="b", type="select_one some.list")]), "f.md")
    assert form.languages == ("en", "zh_CN")
    assert form.version.startswith("1+")
    assert form.providers == {"some.list"}
    assert form.title == "f"


def test_the_version_changes_with_any_word_of_the_table() -> None:
    versions = {read_table(table([row(en=label)]), "f.md").version for label in ("A", "B", "A")}
    assert len(versions) == 2


def test_the_conditions_of_groups_hold_for_what_is_in_them() -> None:
    group, end = row(type="begin group", name="g", relevant="${a} = 'x'"), {"type": "end group"}
    inner = row(type="begin_group", name="h", relevant="${a} != 'y' or true()")
    form = read_table(table([row(), group, inner, row(name="b", relevant="1 = 1"), end, end]), "f.md")
    relevant = form.by_name["b"].relevant
    assert relevant is not None
    assert relevant.source == "(${a} = 'x') and (${a} != 'y' or true()) and (1 = 1)"
    assert form.by_name["b"].section == "h"


@pytest.mark.parametrize(
    ("survey", "part"),
    [
        ([row(zh="")], "survey row 2 (a): label has no zh_CN"),
        ([row(**{"hint::English (en)": "x"})], "hint has no zh_CN"),
        ([row(constraint=". = 1")], "constraint_message has no en"),
        ([row(en="Hello ${b}")], "label in en mentions an answer"),
        ([row(), row(name="b", relevant="${c} = 1")], "survey row 3 (b): relevant: ${c} is not a question"),
        ([row(relevant="${b} = 1"), row(name="b")], "${b} is not a question or calculation above this row"),
        ([row(constraint="${a} = 1")], "${a} is not a question or calculation above this row"),
        ([row(type="note"), row(name="b", relevant="${a} = 1")], "${a} is not a question"),
        ([row(relevant="nope(1)")], "relevant: function nope() is not supported"),
        ([row(required="maybe()")], "required: function maybe() is not supported"),
        ([row(type="begin_repeat", name="r")], "type 'begin_repeat' is not supported; ask once for a text"),
        ([row(type="rank yn")], "type 'rank' is not supported; use select_one"),
        ([row(type="geopoint")], "places are not recorded by device"),
        ([row(type="deviceid")], "never collected"),
        ([row(type="select_one_from_file x.csv")], "name a provided list"),
        ([row(type="frobnicate")], "a form may use: audio"),
        ([row(type="select_one yn or_other")], "for 'other' add a choice"),
        ([row(type="select_one")], "names one list"),
        ([row(type="select_one nowhere")], "list 'nowhere' is not in the choices table"),
        ([row(type="text yn")], "nothing follows text"),
        ([row(name="2a")], "begins with a letter"),
        ([row(), row()], "the name is taken"),
        ([row(type="calculate")], "a calculate needs a calculation"),
        ([row(calculation="1")], "only a calculate or a stop has a calculation"),
        ([row(type="note", required="yes"), row(name="b")], "only a question can be required"),
        ([row(type="note", constraint="1"), row(name="b")], "only a question has a constraint"),
        ([row(choice_filter="kind = 'k'")], "only a select has a choice_filter"),
        ([row(type="select_one yn", choice_filter="color = 'k'")], "the choices have no column 'color'"),
        ([row(type="select_one yn", default="z")], "default: 'z' is not a choice"),
        ([row(appearance="stop")], "only a note can be a stop"),
        ([row(type="select_one yn", appearance="list-nolabel")], "matrices are not supported"),
        ([row(type="begin_group", name="g", appearance="table-list"), row()], "a group takes no appearance"),
        ([row(type="begin_group", name="g"), row()], "no end_group: g"),
        ([row(), {"type": "end_group"}], "end_group without a begin_group"),
        ([row(max_length="ten")], "body::max_length is a whole number"),
        ([row(type="note")], "nothing is asked"),
        ([{**row(), "repeat_count": "3"}], "unknown column 'repeat_count'; a form may use: appearance"),
        ([{**row(), "label::Deutsch": "A"}], "unknown column 'label::Deutsch'; give each language a column"),
        ([{**row(), "hint": "A"}], "unknown column 'hint'; give each language a column"),
    ],
)
def test_a_fault_in_the_survey_is_told_with_its_row(survey: Rows, part: str) -> None:
    assert part in faults(survey)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"name": "7"}, "choices row 2 (7): a choice is named by letters"),
        ({"name": "two words"}, "a choice is named by letters"),
        ({"name": "n"}, "choices row 3 (n): list 'yn' has this choice already"),
        ({"list_name": ""}, "list_name is missing"),
        ({"list_name": "a.b"}, "has a dot in its name"),
        ({"label::English (en)": ""}, "choices row 2 (y): label has no en"),
    ],
)
def test_a_fault_in_the_choices_is_told_with_its_row(change: dict[str, str], part: str) -> None:
    assert part in faults([row(type="select_one yn")], [{**CHOICES[0], **change}, CHOICES[1]])


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"form_id": "f"}, "settings: version is missing"),
        ({"version": "1"}, "settings: form_id is missing"),
        ({**SETTINGS, "style": "pages"}, "settings: unknown column 'style'"),
        ({**SETTINGS, "default_language": "Deutsch (de)"}, "has no column of labels"),
    ],
)
def test_a_fault_in_the_settings_is_told(settings: dict[str, str], part: str) -> None:
    assert part in faults([row()], settings=settings)


def test_all_faults_are_told_at_once() -> None:
    told = faults([row(zh=""), row(name="b", type="rank"), row(name="c", relevant="nope()")])
    assert told.count("\n") == 2


def test_what_pyxform_refuses_is_refused() -> None:
    reserved = row(name="meta")
    assert "meta" in faults([row(type="begin_group", name="g"), {"type": "end_group"}, reserved])


def test_a_table_without_a_label_column_or_without_any_table_is_refused() -> None:
    with pytest.raises(FormError, match="no column such as"):
        read_table(
            "| survey |\n| | type | name |\n| | text | a |\n| settings |\n| | form_id | version |\n| | f | 1 |\n", "f"
        )
    for nothing in ("", "just words", "| survey |\n"):
        with pytest.raises(FormError):
            read_table(nothing, "f")


def test_checking_a_file_gives_its_faults_and_nothing_for_a_good_one(tmp_path: Path) -> None:
    good, bad, latin = tmp_path / "good.md", tmp_path / "bad.md", tmp_path / "latin.md"
    good.write_text(table([row()]), encoding="utf-8")
    bad.write_text(table([row(zh="")]), encoding="utf-8")
    latin.write_bytes(b"\xff\xfe")
    assert check(good) == []
    assert check(bad) == ["survey row 2 (a): label has no zh_CN"]
    assert check(latin) == ["cannot be read (UnicodeDecodeError)"]
    assert check(tmp_path / "nowhere.md") == ["cannot be read (FileNotFoundError)"]
    with pytest.raises(FormError, match=r"bad\.md: survey row 2"):
        load(bad)
