"""What an entry of a case's thread says, as lines for people: a label, and a text or a word of a closed list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final
from uuid import UUID

from core.cases.proceedings import Step, steps

_HIDDEN: Final = frozenset(
    {
        "item_id",
        "subject_kind",
        "subject_id",
        "unit_id",
        "entry_id",
        "meeting_id",
        "origin",
        "round",
        "year",
        "district",
        "working_days",
        "told",
        "routed_up",
        "attachment_id",
        "media_type",
        "size",
        "measure_id",
        "official_id",
        "remedy_id",
        "rests_on",
        "message_id",
    }
)
_HIDDEN_OF: Final = frozenset({("measure_drafted", "person_id")})
_GROUPS: Final[Mapping[str, str]] = {
    "setting": "setting",
    "category": "category",
    "manifestation": "manifestation",
    "evidence": "evidence",
    "source": "source",
    "finding": "finding",
    "severity": "severity",
    "pattern": "pattern",
    "recommendation": "recommendation",
    "form": "form",
    "answer": "recusal",
    "of": "step",
    "allowed": "form",
    "meeting": "meeting",
    "clock": "deadline",
    "what": "clock",
    "criteria": "criterion",
    "document": "step",
    "capacity": "capacity",
    "ancillary": "ancillary",
    "rank": "rank",
    "grounds": "ground",
    "outcome": "outcome",
    "remedy": "remedy",
    "ruling": "ruling",
    "paper": "paper",
    "part": "part",
}
_GROUPS_OF: Final[Mapping[tuple[str, str], str]] = {
    ("measure_assessed", "allowed"): "outcome",
    ("report_taken", "what"): "handed",
    ("subject_heard", "what"): "subject_message",
}
_HOW: Final[Mapping[str, str]] = {"closed": "finding", "without_form": "conclusion"}
_RENAMED: Final[Mapping[tuple[str, str], str]] = {
    ("evidence_file", "name"): "file_name",
    ("measure_drafted", "months"): "term_months",
}
_PEOPLE: Final = frozenset({"officer_org", "officer_disc", "person_id", "people", "leaves", "joins"})
_COUNTS: Final = ("present", "recused", "votes_for", "votes_against", "abstained")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry. ``group`` says in which closed list the value has its words; ``person`` names somebody."""

    name: str
    value: str = field(repr=False)
    group: str = ""


def shown(kind: type[Step]) -> Sequence[str]:
    """Return the names of the lines that a kind of step can have."""
    names = [each.name for each in fields(kind) if each.name not in _HIDDEN | set(_COUNTS)]  # type: ignore[arg-type]
    return [_RENAMED.get((kind.kind, name), name) for name in names]


def lines(step: Step) -> Sequence[Line]:
    """Return what a step says, in the order in which people read it; ids, and what is empty, are left out."""
    found: list[Line] = []
    for each in fields(step):  # type: ignore[arg-type]  # every kind of step is a dataclass
        value = getattr(step, each.name)
        is_hidden = each.name in _HIDDEN or (step.kind, each.name) in _HIDDEN_OF
        if is_hidden or value in ("", (), None) or each.name in _COUNTS[1:]:
            continue
        if each.name == "present" and isinstance(step, steps.Heard):
            found.append(Line("votes", ""))
            continue
        group = _HOW.get(step.kind, "") if each.name == "how" else _GROUPS.get(each.name, "")
        group = _GROUPS_OF.get((step.kind, each.name), group)
        if isinstance(step, steps.Evidence | steps.EvidenceFile) and each.name == "exculpatory":
            found.append(Line("speaks", "for" if value else "against", "speaks"))
            continue
        values = value if isinstance(value, tuple) else (value,)
        name = _RENAMED.get((step.kind, each.name), each.name)
        found += [_line(name, one, group) for one in values]
    return found


def people_in(step: Step) -> set[UUID]:
    """Return the people whom a step names."""
    named = [getattr(step, name) for name in _PEOPLE if getattr(step, name, "")]
    return {UUID(one) for each in named for one in ((each,) if isinstance(each, str) else each)}


def _line(name: str, value: object, group: str) -> Line:
    if isinstance(value, bool):
        return Line(name, "yes" if value else "no", "answer")
    return Line(name, str(value), "person" if name in _PEOPLE else group)
