"""What a report is, before and after it is sealed, and where it goes. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.attachments import StoredFile
from core.sealing import Facts

JSON = Any  # answers as the dialogue engine gives them: text, numbers, lists
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
    answers: Mapping[str, JSON] = field(repr=False)
    summary: Sequence[Answered] = field(repr=False)
    identity: Mapping[str, str] | None = field(default=None, repr=False)
    files: Sequence[StoredFile] = field(default=(), repr=False)
    wants_questions: bool = True


@dataclass(frozen=True, slots=True)
class Content:
    """What an item's envelope holds."""

    language: str
    subject_kind: str
    answers: Mapping[str, JSON] = field(repr=False)
    summary: Sequence[Answered] = field(repr=False)


def encode(report: Report) -> bytes:
    """Return the bytes that are sealed as the item."""
    lines = [[line.name, line.label, line.text] for line in report.summary]
    content = {
        "language": report.language,
        "subject_kind": report.subject_kind,
        "answers": dict(report.answers),
        "summary": lines,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def decode(text: bytes) -> Content:
    """Read what `encode` wrote."""
    content = json.loads(text)
    summary = [Answered(*line) for line in content["summary"]]
    return Content(content["language"], content["subject_kind"], content["answers"], summary)


def signed_facts(  # noqa: PLR0913 - these are the clear facts of an item, named one by one
    *,
    item_id: UUID,
    channel: str,
    body: str,
    received_at: str,
    form: str,
    public_key: bytes,
    envelope_hash: bytes,
    receipt_hash: bytes,
    reporter_keys: bytes,
) -> Facts:
    """Return the facts over which intake signs an item."""
    return {
        "id": item_id,
        "channel": channel,
        "body": body,
        "received_at": received_at,
        "form": form,
        "public_key": public_key,
        "envelope_hash": envelope_hash,
        "receipt_hash": receipt_hash,
        "reporter_keys": reporter_keys,
    }
