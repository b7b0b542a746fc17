"""R10, which forms a finding allows, and what a meeting may recommend. Pure.

The rules narrow the choice and never make it: a meeting decides among what is left, and may end a case without a form.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from core.errors import Invalid, Misconfigured
from core.policy.profile import load


class Finding(StrEnum):
    """What verification came to; `LEAD_ONLY` before there is a finding, when only a question may be put."""

    LEAD_ONLY = "lead_only"
    NOT_ESTABLISHED = "not_established"
    UNFOUNDED = "unfounded"
    MALICIOUS = "malicious"
    PARTLY = "partly"
    SUBSTANTIATED = "substantiated"


class Severity(StrEnum):
    """How weighty the matter is (S112, S113)."""

    ORDINARY = "ordinary"
    IMPORTANT = "important"


class Pattern(StrEnum):
    """How far it reaches (S69)."""

    INCIPIENT = "incipient"
    TENDENCY = "tendency"
    WIDESPREAD = "widespread"


class SubjectForm(StrEnum):
    """Whether the finding is about a person or a leading team; some forms are for persons only."""

    OFFICIAL = "official"
    TEAM = "team"


class Form(StrEnum):
    """What may follow a finding; `REFER_DISCIPLINE` stands alone, for no warning is issued beside it (S108)."""

    LETTER_INQUIRY = "letter_inquiry"
    LETTER = "letter"
    TALK_REMINDER = "talk_reminder"
    TALK_IMPORTANT = "talk_important"
    ADMONITION = "admonition"
    SUSPENSION = "suspension"
    REFER_DISCIPLINE = "refer_discipline"


class Recommendation(StrEnum):
    """What a meeting may recommend (S104)."""

    TALK = "talk"
    ADMONITION = "admonition"
    POST_ADJUSTMENT = "post_adjustment"
    DISCIPLINE = "discipline"
    LETTER = "letter"
    SUSPENSION = "suspension"
    MINOR_ADVICE = "minor_advice"
    CIRCULAR = "circular"
    OTHER = "other"


RECOMMENDED_FORMS: Final[Mapping[Recommendation, frozenset[Form]]] = MappingProxyType(
    {
        Recommendation.TALK: frozenset({Form.TALK_REMINDER, Form.TALK_IMPORTANT}),
        Recommendation.ADMONITION: frozenset({Form.ADMONITION}),
        Recommendation.POST_ADJUSTMENT: frozenset(),
        Recommendation.DISCIPLINE: frozenset({Form.REFER_DISCIPLINE}),
        Recommendation.LETTER: frozenset({Form.LETTER}),
        Recommendation.SUSPENSION: frozenset({Form.SUSPENSION}),
        Recommendation.MINOR_ADVICE: frozenset(),
        Recommendation.CIRCULAR: frozenset(),
        Recommendation.OTHER: frozenset(),
    }
)
"""The forms that each recommendation stands for; one without any ends the case without a form (T22)."""

_AGAINST: Final = frozenset({Finding.PARTLY, Finding.SUBSTANTIATED})

Choice = TypeVar("Choice", Finding, SubjectForm, Severity)


def allowed_forms(
    finding: str,
    discipline: bool,  # noqa: FBT001 - an answer of the form
    subject: str,
    severity: str,
    face_to_face: bool,  # noqa: FBT001 - the same
    profile: str,
) -> tuple[Form, ...]:
    """Return the forms that R10 allows; every combination has exactly one answer, which may be none.

    Args:
        finding: a `Finding`.
        discipline: whether it amounts to a sanction (S108).
        subject: a `SubjectForm`.
        severity: a `Severity`.
        face_to_face: whether a talk is suitable (S110).
        profile: ``seed`` or ``modern``; it says whether there is a suspension.

    Raises:
        Invalid: ``unknown_finding``, ``unknown_subject``, ``unknown_severity`` or ``unknown_profile``.
    """
    found = _choice(Finding, finding, "finding")
    about = _choice(SubjectForm, subject, "subject")
    weight = _choice(Severity, severity, "severity")
    suspends = _suspends(profile)
    if found is Finding.LEAD_ONLY and about is SubjectForm.OFFICIAL and not discipline:
        return (Form.LETTER_INQUIRY,)
    if found not in _AGAINST:
        return ()
    if discipline:
        return (Form.REFER_DISCIPLINE,)
    if weight is Severity.ORDINARY:
        return (Form.TALK_REMINDER,) if face_to_face else (Form.LETTER,)
    spoken = Form.TALK_IMPORTANT if face_to_face else Form.LETTER
    heavier = (Form.ADMONITION, Form.SUSPENSION) if found is Finding.SUBSTANTIATED and suspends else (Form.ADMONITION,)
    return (spoken,) if about is SubjectForm.TEAM else (spoken, *heavier)


def _suspends(profile: str) -> bool:
    try:
        return load(profile).flag("suspension_enabled")
    except Misconfigured:
        raise Invalid("unknown_profile", field="profile") from None


def _choice(kind: type[Choice], text: str, field: str) -> Choice:
    try:
        return kind(text)
    except ValueError:
        raise Invalid(f"unknown_{field}", field=field) from None
