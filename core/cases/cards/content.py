"""What a card says, before and after it is sealed (S99). Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from core.errors import Invalid

OFFICIAL: Final = "official"
TEAM: Final = "leading_team"


class Setting(StrEnum):
    """Whether it happened in working hours."""

    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"


class Detriment(StrEnum):
    """How likely it is that the reporter comes to harm for it (ISO 37002, 8.3.2)."""

    NONE_SEEN = "none_seen"
    POSSIBLE = "possible"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a card is about: an entry of the register of officials, or the leading team of a unit.

    Name and post are as the register had them on the day of the card.
    """

    kind: str
    id: UUID
    unit_id: UUID
    name: str = field(repr=False)
    post: str = field(repr=False)

    @property
    def reference(self) -> str:
        """What the subject is found by."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class CardContent:
    """What a card says. ``substance`` is the allegation in the clerk's words, without a trace of the reporter.

    ``few_knew`` warns that only a few people can have known: the officer words it with more care (safeguards 5.3).
    """

    subject: Subject
    setting: str
    category: str
    manifestation: str
    evidence: str
    detriment: str
    few_knew: bool
    conduct_on: date | None
    substance: str = field(repr=False)


def encode(content: CardContent) -> bytes:
    """Return the bytes that are sealed as the card."""
    subject = content.subject
    plain = {
        "subject": [subject.kind, str(subject.id), str(subject.unit_id), subject.name, subject.post],
        "setting": content.setting,
        "category": content.category,
        "manifestation": content.manifestation,
        "evidence": content.evidence,
        "detriment": content.detriment,
        "few_knew": content.few_knew,
        "conduct_on": content.conduct_on.isoformat() if content.conduct_on else None,
        "substance": content.substance,
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def decode(sealed: bytes) -> CardContent:
    """Read what `encode` wrote."""
    plain: Mapping[str, Any] = json.loads(sealed)
    kind, subject_id, unit_id, name, post = plain["subject"]
    conduct_on = date.fromisoformat(plain["conduct_on"]) if plain["conduct_on"] else None
    rest = {key: value for key, value in plain.items() if key not in {"subject", "conduct_on"}}
    return CardContent(
        subject=Subject(kind, UUID(subject_id), UUID(unit_id), name, post), conduct_on=conduct_on, **rest
    )


def fit(kind: type[StrEnum], given: str, field_name: str) -> str:
    """Return a choice of a closed list; raise `Invalid` (``unknown_choice``)."""
    try:
        return kind(given).value
    except ValueError:
        raise Invalid("unknown_choice", field=field_name) from None


def fit_text(given: str, field_name: str, limit: int) -> str:
    """Return a text without blanks around it; raise `Invalid` (``text_missing``, ``text_too_long``)."""
    text = given.strip()
    if not text:
        raise Invalid("text_missing", field=field_name)
    if len(text) > limit:
        raise Invalid("text_too_long", field=field_name, limit=limit, length=len(text))
    return text
