"""``jingshi rules check FILE``: run a file of cases against the rules and say of each whether it holds."""

import json
from collections import Counter
from pathlib import Path
from typing import Final, TextIO

from core.errors import Invalid, JingshiError
from jingshi.rules_table import Answers, Case, answers_for

ALL_PASSED: Final = 0
SOME_FAILED: Final = 1
BAD_FILE: Final = 2

LARGEST_FILE: Final = 16 * 1024 * 1024
"""Bytes."""

_LONGEST_SHOWN: Final = 80


def run(path: Path, out: TextIO) -> int:
    """Print each case of the file at ``path`` as passed or failed, and a total.

    The file is a JSON object; each key begins with the name of a rule (``R7_calendar_deadlines``) and holds a list
    of cases. A case is an object with the rule's fields and the answers expected of it; an answer that is expected
    to be a refusal is written ``error`` or as the code of the error.

    Returns:
        0 when all cases passed; 1 when one failed or names no rule; 2 when the file cannot be read as such, with one
        line that says why.
    """
    try:
        groups = _read(path)
    except (OSError, ValueError, RecursionError) as error:
        out.write(f"{path}: {_why(error)}\n")
        return BAD_FILE
    counts: Counter[str] = Counter()
    for key, cases in groups.items():
        counts.update(_check(key, cases, out))
    out.write(f"{counts['passed']} passed, {counts['failed']} failed, {counts['not run']} not run\n")
    return SOME_FAILED if counts["failed"] else ALL_PASSED


def _read(path: Path) -> dict[str, list[object]]:
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise ValueError(f"larger than {LARGEST_FILE} bytes")
    groups = json.loads(raw.decode("utf-8-sig"))
    if not isinstance(groups, dict):
        raise ValueError("not an object of rules, each with a list of cases")  # noqa: TRY004 - all are a bad file
    for key, cases in groups.items():
        if not isinstance(cases, list):
            raise ValueError(f"{_shown(key)} is not a list of cases")  # noqa: TRY004 - the same
    if not any(groups.values()):
        raise ValueError("there is no case in it")
    return groups


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "cannot be read"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return f"not JSON ({error})" if isinstance(error, json.JSONDecodeError) else str(error)


def _check(key: str, cases: list[object], out: TextIO) -> Counter[str]:
    """Print the cases under one key; return how many passed, failed and were not run."""
    name = key if key.isascii() and key.isprintable() else _shown(key)
    try:
        answers = answers_for(key)
    except Invalid:
        out.write(f"failed  {name}: there is no such rule, {len(cases)} cases not run\n")
        return Counter({"failed": 1, "not run": len(cases)})
    counts: Counter[str] = Counter()
    for number, case in enumerate(cases, start=1):
        faults = _faults(case, answers)
        counts["failed" if faults else "passed"] += 1
        out.write(f"failed  {name} {number}: {'; '.join(faults)}\n" if faults else f"passed  {name} {number}\n")
    return counts


def _faults(given: object, answers: Answers) -> list[str]:
    """Return what is wrong with the rule's answers to a case, or with the case; nothing when it holds."""
    if not isinstance(given, dict):
        return ["not an object of fields"]
    case = Case(given)
    asked = [name for name in answers if name in case]
    if not asked:
        return [f"expects nothing: give {' or '.join(answers)}"]
    return [fault for name in asked if (fault := _fault(name, case, answers))]


def _fault(name: str, case: Case, answers: Answers) -> str | None:
    expected = case[name]
    try:
        got = answers[name](case)
    except JingshiError as error:
        if expected in ("error", error.code):
            return None
        return f"{name}: expected {_shown(expected)}, got {_said(error)}"
    if json.dumps(expected) == json.dumps(got):  # as text, for 1 is not true in a file
        return None
    return f"{name}: expected {_shown(expected)}, got {_shown(got)}"


def _said(error: JingshiError) -> str:
    where = ", ".join(f"{name} {value}" for name, value in error.params.items())
    return f"error {error.code} ({where})" if where else f"error {error.code}"


def _shown(value: object) -> str:
    """Return a value in ASCII, so that no terminal is surprised, and not endless."""
    text = json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
