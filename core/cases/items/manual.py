"""Manual intake: what came by telephone, letter, visit or from one of the other channels, entered by a clerk (S101).

It goes the way of any report: past the gate (R12), routed by whom it is about (R13), sealed to the body that decides.
The clerk who typed it opens it afterwards only where that body's key opens it to them. What belongs to the upper level
becomes a sealed packet; no text, no line and no number of it stays.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from core import access, registry
from core.cases.items.fitting import REPORTER, Entry, NewEntry, fit
from core.cases.items.intake import refuse, submit
from core.cases.items.lines import LineContent, add_line
from core.cases.items.reports import Answered, Report
from core.cases.rules.conflicts import routing
from core.sealing import Receipt
from core.texts import translator
from core.work import Work

LOCALE: Final = Path(__file__).parent / "locale"
"""Catalogues with the words of an entry: its inputs, their choices, how it came."""

WHAT: Final = 60
"""Characters of the first line of the text that stand in the book."""

_FORM_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Entered:
    """What a clerk gets for an entry: the receipt for whoever reported it, shown once, and its place in the book.

    Where the upper level decides there is no place in a book.
    """

    receipt: Receipt
    item_id: UUID
    body: str
    register: str | None = None
    year: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """An entry that the gate refused: the category was counted, nothing else is kept (R12)."""

    category: str


async def enter(work: Work, given: NewEntry) -> Entered | TurnedAway:
    """Take in what a clerk entered, and return the receipt and the number, or the category that the gate refused.

    Raises `Denied`; `Invalid` as `fit`; `Conflict` (``no_shared_key``, ``upper_level_unreachable``).
    """
    access.permit(work, "register.enter")
    entry = await fit(work, given)
    if not entry.verdict.accepted:
        await refuse(work, category=entry.verdict.reason, channel=entry.way.name)
        return TurnedAway(entry.verdict.reason)
    made = await submit(work, _report(entry))
    if not routing(entry.subject_kind).stored:
        return Entered(made.receipt, made.item_id, made.body)
    line = await add_line(work, made, entry.way, _line(entry))
    return Entered(made.receipt, made.item_id, made.body, line.register, line.year, line.number)


def _report(entry: Entry) -> Report:
    told = {name: entry.inputs[name] for name in REPORTER if name in entry.inputs}
    inputs = {name: value for name, value in entry.inputs.items() if name not in REPORTER}
    return Report(
        channel=entry.way.name,
        form=f"entry.{entry.way.name}@{_FORM_VERSION}",
        language=entry.language,
        subject_kind=entry.subject_kind,
        category=entry.inputs["category"],
        evidence=entry.evidence,
        answers={
            **inputs,
            "evidence": entry.evidence,
            "facts": entry.text,
        },  # named as in the form that residents fill in
        summary=_summary(entry),
        identity=told or None,
        files=(),
        wants_questions=True,  # whoever is given the receipt sees a question with it, and need not answer
    )


def _summary(entry: Entry) -> list[Answered]:
    """Return the lines that staff read, in the clerk's language."""
    translate = translator(entry.language, (LOCALE, registry.LOCALE))
    lines = [Answered("way", translate("entry.way"), translate(f"channel.{entry.way.name}"))]
    for each in entry.way.inputs:
        value = entry.inputs.get(each.name, "")
        if not value or each.name in REPORTER:
            continue
        if each.name == "unit" and entry.unit:
            value = entry.unit.label[entry.language]
        elif each.choices:
            value = translate(f"entry.{each.name}.{value}")
        lines.append(Answered(each.name, translate(f"entry.{each.name}"), value))
    return [*lines, Answered("facts", translate("entry.text"), entry.text)]


def _line(entry: Entry) -> LineContent:
    return LineContent(
        identity_mode="named" if "reporter_name" in entry.inputs else entry.way.identity_mode,
        subject_kind=entry.subject_kind,
        category=entry.inputs["category"],
        unit=entry.inputs.get("unit", ""),
        subject=entry.inputs.get("subject", ""),
        what=entry.text.partition("\n")[0][:WHAT],
    )
