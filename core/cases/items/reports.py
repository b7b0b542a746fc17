"""What a report is, before and after it is sealed, and where it goes. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.attachments import StoredFile
from core.cases.rules.conflicts import concerned
from core.dialogue import Choices, Done

JSON = Any  # answers as the dialogue engine gives them: text, numbers, lists
Digests = Mapping[str, str]
INTAKE = "intake:"
IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Answered:
    """One line of the summary that the reporter confirmed, in their words and language."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report as a front end hands it in: the person has confirmed ``summary``.

    ``identity`` holds name and contact if the person gave them; they go into an envelope of their own.
    """

    channel: str
    form: str
    language: str
    subject_kind: str
    category: str
    evidence: str
    answers: Mapping[str, JSON] = field(repr=False)
    summary: Sequence[Answered] = field(repr=False)
    identity: Mapping[str, str] | None = field(repr=False)
    files: Sequence[StoredFile] = field(repr=False)
    wants_questions: bool


IDENTITY_FIELDS = ("reporter_name", "reporter_contact")


def from_dialogue(done: Done, *, channel: str, files: Sequence[StoredFile], units: Choices) -> Report:
    """Return the report that a finished dialogue of the report form makes.

    Name and contact leave the answers and the summary here: nobody who reads the item sees them. ``units`` is the list
    that the form offered; the unit's kind has its say in who decides (R13).
    """
    identity = {name: str(done.answers[name]) for name in IDENTITY_FIELDS if name in done.answers}
    apart = {*IDENTITY_FIELDS, "attachments"}
    lines = [line for line in done.lines if line.name not in apart and line.values]
    return Report(
        channel=channel,
        form=f"{done.form_id}@{done.version}",
        language=done.language,
        subject_kind=subject_of(done.answers, units),
        category=done.calculated["category"],
        evidence=str(done.answers["evidence"]),
        answers={name: answer for name, answer in done.answers.items() if name not in apart},
        summary=[Answered(line.name, line.label, "\n".join(line.values)) for line in lines],
        identity=identity or None,
        files=files,
        wants_questions=done.answers["may_ask"] == "yes",
    )


def subject_of(answers: Mapping[str, JSON], units: Choices) -> str:
    """Return whom the answers of the report form are about, as `routing` takes it."""
    unit = units.by_name.get(str(answers.get("unit", "")))
    return concerned(str(answers["subject_kind"]), unit.columns.get("kind") if unit else None)


@dataclass(frozen=True, slots=True)
class Content:
    """What an item's envelope holds."""

    language: str
    subject_kind: str
    answers: Mapping[str, JSON] = field(repr=False)
    summary: Sequence[Answered] = field(repr=False)
    files: Digests


def encode(report: Report) -> bytes:
    """Return the bytes that are sealed as the item."""
    lines = [[line.name, line.label, line.text] for line in report.summary]
    content = {
        "language": report.language,
        "subject_kind": report.subject_kind,
        "answers": dict(report.answers),
        "summary": lines,
        "files": digests(report.files),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def decode(text: bytes) -> Content:
    """Read what `encode` wrote."""
    content = json.loads(text)
    summary = [Answered(*line) for line in content["summary"]]
    return Content(content["language"], content["subject_kind"], content["answers"], summary, content["files"])


def encode_fact(text: str, files: Sequence[StoredFile]) -> bytes:
    """Return the bytes that are sealed when facts are added."""
    return json.dumps({"text": text, "files": digests(files)}, ensure_ascii=False).encode()


def decode_fact(sealed: bytes) -> tuple[str, Digests]:
    """Read what `encode_fact` wrote."""
    content = json.loads(sealed)
    return content["text"], content["files"]


def digests(files: Sequence[StoredFile]) -> Digests:
    """Return the SHA-256 (hex) of each file by its id: sealed with the words, it vouches for the files."""
    return {str(stored.id): stored.sha256.hex() for stored in files}
