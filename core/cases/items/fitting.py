"""What a clerk enters, held against the inputs of its way: cleaned, complete, past the gate or not."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core import registry
from core.cases.rules.conflicts import SubjectKind, concerned
from core.cases.rules.gate import Verdict, gate
from core.cases.rules.registers import NOT_AN_OFFICIAL, WAYS, Input, Way
from core.dialogue import Choice
from core.errors import Invalid
from core.work import Work

REPORTER: Final = ("reporter_name", "reporter_contact")
"""Inputs that say who reports: they go into an envelope of their own."""

_LINE: Final = 100
_CONTACT: Final = 200
_IN_A_UNIT: Final = frozenset({SubjectKind.SECTION_OFFICIAL, SubjectKind.LEADING_TEAM})
_JOINERS: Final = "\u200c\u200d"  # they show nothing, and some scripts need them
_NO_CHARACTERS: Final = "\ufffe\uffff"
_LEAST_OF_A_NAME: Final = 2
_QUARTER: Final = re.compile(r"\d{4}Q[1-4]", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What the clerk enters: by which `WAYS`, its inputs by name, and the text, whose first line stands in the book."""

    way: str
    language: str
    inputs: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that fits. Of one that the gate refuses the text was not even looked at."""

    way: Way
    language: str
    inputs: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)
    unit: Choice | None
    verdict: Verdict

    @property
    def evidence(self) -> str:
        """How it is known; of what bodies report in writing it is not asked."""
        return self.inputs.get("evidence", self.way.evidence)

    @property
    def subject_kind(self) -> str:
        """Whom it is about, now that the unit is known (R13)."""
        return concerned(self.inputs["subject_kind"], self.unit.columns["kind"] if self.unit else None)


async def fit(work: Work, given: NewEntry) -> Entry:
    """Return the entry that was given, with what the gate says to it (R12). Nothing is stored.

    Raises `Invalid`: ``unknown_way``, or for a ``field`` ``unknown_input``, ``input_missing``, ``unknown_choice``,
    ``date_malformed``, ``date_in_the_future``, ``number_malformed``, ``quarter_malformed``, ``text_missing``,
    ``text_too_long``, and ``reporter_named`` where a text that others read has the name or contact of the reporter.
    """
    way = WAYS.get(given.way)
    if way is None:
        raise Invalid("unknown_way", field="way")
    typed = {name: clean(value, lines=False) for name, value in given.inputs.items()}
    inputs = {name: value for name, value in typed.items() if value}
    if unknown := inputs.keys() - {each.name for each in way.inputs}:
        raise Invalid("unknown_input", field=min(unknown)[:_LINE])
    for each in way.inputs:
        _check(each, inputs.get(each.name, ""), work.clock.today())
    evidence = inputs.get("evidence", way.evidence)
    verdict = gate(inputs["category"], inputs["subject_kind"] != NOT_AN_OFFICIAL, evidence)
    if not verdict.accepted:
        return Entry(way, given.language, inputs, "", None, verdict)
    unit = await _unit(work, inputs)
    text = _text(work, given.text)
    _keep_apart(way, inputs, text)
    return Entry(way, given.language, inputs, text, unit, verdict)


def clean(text: str, *, lines: bool) -> str:
    """Return a text as it is kept: without control characters and marks that hide or turn it; in one line or several.

    A text of several lines keeps them; one that is to stand in one line is spaced singly.
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(each for each in whole if each == "\n" or not _is_hidden(each))
    return kept.strip() if lines else " ".join(kept.split())


def _is_hidden(character: str) -> bool:
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cs"} or character in _NO_CHARACTERS
    return hidden and character not in _JOINERS


def _check(wanted: Input, value: str, today: date) -> None:
    if not value:
        if wanted.required:
            raise Invalid("input_missing", field=wanted.name)
        return
    if wanted.choices and value not in wanted.choices:
        raise Invalid("unknown_choice", field=wanted.name)
    limit = _CONTACT if wanted.name == "reporter_contact" else _LINE
    if len(value) > limit:
        raise Invalid("text_too_long", field=wanted.name, limit=limit, length=len(value))
    if wanted.kind == "number" and not (value.isascii() and value.isdigit()):
        raise Invalid("number_malformed", field=wanted.name)
    if wanted.kind == "quarter" and not _QUARTER.fullmatch(value):
        raise Invalid("quarter_malformed", field=wanted.name)
    if wanted.kind in {"date", "past_date"}:
        _check_date(wanted, value, today)


def _check_date(wanted: Input, value: str, today: date) -> None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Invalid("date_malformed", field=wanted.name) from None
    if wanted.kind == "past_date" and day > today:
        raise Invalid("date_in_the_future", field=wanted.name)


async def _unit(work: Work, inputs: Mapping[str, str]) -> Choice | None:
    code = inputs.get("unit")
    if code is None:
        if inputs["subject_kind"] in _IN_A_UNIT:
            raise Invalid("input_missing", field="unit")
        return None
    unit = (await registry.unit_choices(work)).by_name.get(code)
    if unit is None:
        raise Invalid("unknown_choice", field="unit")
    return unit


def _text(work: Work, given: str) -> str:
    text, limit = clean(given, lines=True), work.policy.characters("facts_text")
    if not text:
        raise Invalid("text_missing", field="text")
    if len(text) > limit:
        raise Invalid("text_too_long", field="text", limit=limit, length=len(text))
    return text


def _keep_apart(way: Way, inputs: Mapping[str, str], text: str) -> None:
    """Raise `Invalid` where who reports stands in what others read; a contact needs a name, and a name a contact."""
    asked = [each.name for each in way.inputs if each.name in REPORTER]
    told = [inputs[name] for name in asked if name in inputs]
    if told and len(told) < len(asked):
        raise Invalid("input_missing", field=next(name for name in asked if name not in inputs))
    read = {"text": text, **{name: value for name, value in inputs.items() if name not in REPORTER}}
    for name, value in read.items():
        if any(len(each) >= _LEAST_OF_A_NAME and each in value for each in told):
            raise Invalid("reporter_named", field=name)
