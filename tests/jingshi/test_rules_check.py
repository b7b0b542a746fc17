"""What ``jingshi rules check`` promises: a line for each case, and an exit code that is never kinder than the lines."""

import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingshi.rules_check import ALL_PASSED, BAD_FILE, LARGEST_FILE, SOME_FAILED, run
from jingshi.rules_table import RULES, answers_for

VECTORS = Path(__file__).parents[1] / "data" / "vectors.json"
DUE = {"served": "2026-03-02", "due": "2026-03-23"}
GATE = {"category": "family", "subject_registered": True, "evidence": "told", "expected": "refuse:family"}
PASSED = {"R6_reply": [DUE]}


def check(path: Path, groups: object) -> tuple[int, list[str]]:
    path.write_text(json.dumps(groups), encoding="utf-8")
    return checked(path)


def checked(path: Path) -> tuple[int, list[str]]:
    out = StringIO()
    return run(path, out), out.getvalue().splitlines()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


def test_every_vector_passes() -> None:
    code, lines = checked(VECTORS)
    cases = sum(len(rows) for rows in json.loads(VECTORS.read_text(encoding="utf-8")).values())
    assert code == ALL_PASSED
    assert lines[-1] == f"{cases} passed, 0 failed, 0 not run"


def test_every_rule_has_vectors() -> None:
    keys = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert {id(answers_for(key)) for key in keys} >= {id(answers) for answers in RULES.values()}


def test_cases_that_all_pass_exit_with_0(path: Path) -> None:
    assert check(path, PASSED) == (ALL_PASSED, ["passed  R6_reply 1", "1 passed, 0 failed, 0 not run"])


def test_a_wrong_answer_is_shown_with_what_was_expected_and_got(path: Path) -> None:
    code, lines = check(path, {"R6_reply": [DUE, {**DUE, "due": "2026-03-24"}]})
    assert code == SOME_FAILED
    assert lines[1] == 'failed  R6_reply 2: due: expected "2026-03-24", got "2026-03-23"'
    assert lines[2] == "1 passed, 1 failed, 0 not run"


def test_every_column_of_a_case_is_compared(path: Path) -> None:
    case = {"received": "2026-02-10", "ack_7d_no_roll": "2026-02-18", "acceptance_15d": "2026-02-26"}
    _, lines = check(path, {"R7_deadlines": [case]})
    assert "ack_7d_no_roll: expected" in lines[0]
    assert "acceptance_15d: expected" in lines[0]


@pytest.mark.parametrize("key", ["R99_x", "R61_reply", "reply", "", "r6_reply", "\x1b[31mR6"])
def test_a_key_that_names_no_rule_is_a_failure(path: Path, key: str) -> None:
    code, lines = check(path, {key: [DUE]})
    assert code == SOME_FAILED
    assert lines[0].endswith("there is no such rule, 1 cases not run")
    assert "\x1b" not in lines[0]


@pytest.mark.parametrize(
    ("key", "case", "said"),
    [
        ("R12_gate", {**GATE, "category": "weather"}, "error unknown_category (field category)"),
        ("R12_gate", {**GATE, "evidence": None}, "error not_a_text (field evidence)"),
        ("R12_gate", {**GATE, "subject_registered": 1}, "error not_true_or_false (field subject_registered)"),
        ("R12_gate", {"expected": "refuse:family"}, "error field_missing (field category)"),
        ("R12_gate", {key: GATE[key] for key in GATE if key != "expected"}, "expects nothing: give expected"),
        ("R12_gate", "family", "not an object of fields"),
        ("R6_reply", {**DUE, "served": "2026-02-30"}, "error bad_date (field served)"),
        ("R6_reply", {**DUE, "served": 20260302}, "error not_a_text (field served)"),
        ("R6_reply", {**DUE, "working_days": -15}, "error too_few_days (field working_days)"),
        ("R6_reply", {**DUE, "working_days": True}, "error not_a_whole_number (field working_days)"),
        ("R6_reply", {**DUE, "served": "2026-12-20"}, "error calendar_data_missing (year 2027)"),
        ("R5_quarter", {"utc": "2026-03-31T16:00:00", "quarter": "2026Q2"}, "error naive_instant"),
        ("R5_quarter", {"utc": "soon", "quarter": "2026Q2"}, "error bad_instant (field utc)"),
        ("R5_quarter", {"utc": "2026-03-31T16:00:00Z"}, "expects nothing: give quarter or half"),
        ("R13_recusal", {"relation": "former_unit", "expected": "recuse"}, "error months_missing"),
        ("R13_recusal", {"relation": "cousin", "expected": "recuse"}, "error unknown_relation"),
        ("R13_routing", {"subject_kind": "resident", "stored": True}, "error unknown_subject_kind"),
        ("R13_routing", {"subject_kind": "not_sure", "stored": 1}, "stored: expected 1, got true"),
        (
            "R13_four_eyes",
            {"drafter": "a", "verifiers": "bc", "approver": "d", "expected": "ok"},
            "not_a_list_of_texts",
        ),
    ],
)
def test_a_malformed_case_fails_with_its_reason(path: Path, key: str, case: object, said: str) -> None:
    code, lines = check(path, {key: [case]})
    assert code == SOME_FAILED
    assert said in lines[0]


@pytest.mark.parametrize(
    ("key", "case"),
    [
        ("R5_offset", {"utc": "2026-04-01T00:00:00+08:00", "quarter": "2026Q2", "half": "2026H1"}),
        ("R6", {"served": "2026-12-20", "due": "calendar_data_missing"}),
        ("R6_days", {"served": "2026-03-02", "working_days": 1, "due": "2026-03-03"}),
        ("R7_over_new_year", {"received": "2026-12-20", "acceptance_15d": "error", "ack_7d_no_roll": "2026-12-27"}),
        ("R7b_missing", {"served": "2026-12-31", "missing_year": 2027}),
        ("R13_recusal", {"relation": "former_unit", "months_since_leaving": None, "expected": "error"}),
        ("R13_recusal", {"relation": "former_unit", "months_since_leaving": -1, "expected": "error"}),
        ("R13_four_eyes", {"drafter": "a", "verifiers": ["b"], "approver": "c", "expected": "reject"}),
    ],
)
def test_an_unusual_case_that_holds_passes(path: Path, key: str, case: object) -> None:
    assert check(path, {key: [case]})[0] == ALL_PASSED


def test_a_calendar_that_is_there_is_not_reported_missing(path: Path) -> None:
    case = {"served": "2026-03-02", "working_days": 15, "missing_year": 2026, "expected": "calendar_data_missing"}
    assert check(path, {"R7b_missing": [case]})[0] == SOME_FAILED


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "not an object of rules"),
        (b"{}", "there is no case in it"),
        (b'{"R6_reply": []}', "there is no case in it"),
        (b'{"R6_reply": {}}', "is not a list of cases"),
        (b"\xff\xfe{", "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b" " * (LARGEST_FILE + 1), "larger than"),
        (b'{"R6": [' + b"9" * 5000 + b"]}", "digits"),
    ],
)
def test_a_bad_file_is_one_clear_line_and_exits_with_2(path: Path, raw: bytes, said: str) -> None:
    path.write_bytes(raw)
    code, lines = checked(path)
    assert code == BAD_FILE
    assert len(lines) == 1
    assert said in lines[0]
    assert lines[0].startswith(str(path))


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_a_path_that_is_no_file_is_one_clear_line_and_exits_with_2(tmp_path: Path, name: str) -> None:
    code, lines = checked(tmp_path / name)
    assert (code, len(lines)) == (BAD_FILE, 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(
    [
        "served", "due", "utc", "quarter", "received", "acceptance_15d", "category", "evidence", "subject_registered",
        "expected", "relation", "months_since_leaving", "subject_kind", "drafter", "verifiers", "approver",
    ],
)  # fmt: skip


@given(st.sampled_from(sorted(RULES)), st.lists(st.dictionaries(fields, json_values) | json_values, min_size=1))
def test_no_case_whatever_breaks_the_check(tmp_path_factory: pytest.TempPathFactory, key: str, cases: object) -> None:
    code, lines = check(tmp_path_factory.mktemp("cases") / "cases.json", {key: cases})
    assert code in (ALL_PASSED, SOME_FAILED)
    assert all(line.startswith(("passed", "failed")) for line in lines[:-1])
