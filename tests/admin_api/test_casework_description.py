"""What the description of the interface says of cards, cases, meetings and measures is what the core takes."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

import pytest
from fastapi import FastAPI

from core.cases.cards import Detriment, Outcome, Setting
from core.cases.proceedings import DEFERRED, Conclusion, Source
from core.cases.proceedings.calling import KINDS
from core.cases.rules.conflicts import Recusal, Relation
from core.cases.rules.escalation import Proposed
from core.cases.rules.forms import Finding, Pattern, Recommendation, Severity
from core.cases.rules.gate import Evidence
from core.warnings import Handed, LetterOutcome, TalkOutcome
from core.warnings.rules.forms import Ancillary, Measure
from core.warnings.rules.outcomes import Ground
from core.warnings.rules.remedies import Remedy, Ruling


def schemas(site: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = site.openapi()["components"]["schemas"]
    return found


def operations(site: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    tags = {"cards", "triage", "cases", "assignment", "verification", "decisions", "holding", "meetings", "notices"}
    tags |= {"measures", "remedies", "messages", "terms"}
    for path, methods in site.openapi()["paths"].items():
        for method, operation in methods.items():
            if tags & set(operation["tags"]):
                yield path, method, operation


@pytest.mark.parametrize(
    ("shape", "name", "choices"),
    [
        ("NewCard", "setting", Setting),
        ("NewCard", "evidence", Evidence),
        ("NewCard", "detriment", Detriment),
        ("NewProposal", "outcome", Outcome),
        ("NewDeclaration", "relation", Relation),
        ("Declaration", "answer", Recusal),
        ("NewEvidence", "source", Source),
        ("NewClassification", "severity", Severity),
        ("NewClassification", "pattern", Pattern),
        ("NewConclusion", "how", Conclusion),
        ("CaseDecision", "recommendation", (*Recommendation, DEFERRED)),
        ("NewNotice", "proposed", Proposed),
        ("NewMeasure", "form", Measure),
        ("NewReport", "what", Handed),
        ("NewLetterReading", "outcome", LetterOutcome),
        ("NewFollowUp", "outcome", TalkOutcome),
        ("NewRemedy", "kind", Remedy),
        ("NewRuling", "ruling", Ruling),
    ],
)
def test_the_closed_lists_are_those_of_the_core(site: FastAPI, shape: str, name: str, choices: Iterable[str]) -> None:
    assert set(schemas(site)[shape]["properties"][name]["enum"]) == set(map(str, choices))


@pytest.mark.parametrize(
    ("shape", "name", "choices"),
    [
        ("NewMeasure", "ancillary", Ancillary),
        ("NewAssessment", "grounds", Ground),
    ],
)
def test_closed_lists_of_which_several_are_chosen_are_those_of_the_core(
    site: FastAPI, shape: str, name: str, choices: type[StrEnum]
) -> None:
    found = schemas(site)[shape]["properties"][name]["items"]["enum"]
    assert set(found) == {each.value for each in choices}


def test_a_finding_and_a_meeting_have_the_choices_that_their_verbs_take(site: FastAPI) -> None:
    found = set(schemas(site)["NewFinding"]["properties"]["finding"]["enum"])
    assert found == {each.value for each in Finding} - {"lead_only", "malicious"}
    assert set(schemas(site)["NewMeeting"]["properties"]["kind"]["enum"]) == set(KINDS)


def test_every_step_says_what_it_does_and_asks_for_a_key_and_in_a_case_for_the_version_seen(site: FastAPI) -> None:
    steps = [each for each in operations(site) if each[1] in {"post", "delete"}]
    assert len(steps) > 40
    for path, _, operation in steps:
        assert operation["description"].endswith("."), path
        headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        if path.endswith(("/openings", "/archive", "/search", "/files", "/preview")):
            continue  # a reason given twice is two reasons; a file is known again by its digest
        assert "Idempotency-Key" in headers, path
        about_one = any(part in path for part in ("{case_id}", "{measure_id}", "{remedy_id}", "{told_id}"))
        assert "If-Match" in headers or not about_one or path.endswith("/identities"), path


def test_every_text_that_is_asked_for_has_an_example(site: FastAPI) -> None:
    wanting = [
        f"{shape}.{name}"
        for shape, schema in schemas(site).items()
        if shape in _asked(site)
        for name, kind in schema["properties"].items()
        if kind.get("type") == "string" and not {"examples", "enum", "format", "description"} & kind.keys()
    ]
    assert wanting == []


def _asked(site: FastAPI) -> set[str]:
    bodies = [operation.get("requestBody") for _, _, operation in operations(site)]
    contents = [body["content"] for body in bodies if body]
    references = [each["application/json"]["schema"]["$ref"] for each in contents if "application/json" in each]
    return {reference.rpartition("/")[2] for reference in references} | {"CaseDecision"}
