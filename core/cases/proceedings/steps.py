"""What the steps of a case say, before and after they are sealed. Pure; every field is text, number or flag."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Final

STEPS: Final[dict[str, "type[Step]"]] = {}
"""Every kind of step by its name, filled as the kinds are defined."""


class Step:
    """One entry of a case's thread; ``kind`` names it in the database.

    A package above adds kinds of its own by deriving from it; an ``abstract`` one only gathers what several share.
    """

    kind: ClassVar[str]

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        if not abstract:
            STEPS[cls.kind] = cls


@dataclass(frozen=True, repr=False)
class Opened(Step):
    """The case begins, with what the first card says (T7)."""

    kind = "opened"
    item_id: str
    subject_kind: str
    subject_id: str
    unit_id: str
    name: str
    post: str
    setting: str
    category: str
    manifestation: str
    evidence: str
    conduct_on: str
    substance: str

    @property
    def conduct_day(self) -> date | None:
        """The day of the conduct, if the card knows it."""
        return date.fromisoformat(self.conduct_on) if self.conduct_on else None


@dataclass(frozen=True, repr=False)
class Merged(Step):
    """Another item joins; with the ``origin`` of one that is here it counts once (T7)."""

    kind = "merged"
    item_id: str
    origin: int
    evidence: str
    substance: str
    reason: str


@dataclass(frozen=True, repr=False)
class Nominated(Step):
    """The supervisor named the two officers, one of each body (S102)."""

    kind = "nominated"
    officer_org: str
    officer_disc: str


@dataclass(frozen=True, repr=False)
class Declared(Step):
    """An officer declared their relation to the subject; only the answer is kept (R13)."""

    kind = "declared"
    answer: str


@dataclass(frozen=True, repr=False)
class Assigned(Step):
    """Verification begins (T8)."""

    kind = "assigned"


@dataclass(frozen=True, repr=False)
class Recused(Step):
    """Somebody stepped aside, or an objection to them was upheld."""

    kind = "recused"
    person_id: str
    reason: str


@dataclass(frozen=True, repr=False)
class Plan(Step):
    """How the officers mean to verify."""

    kind = "plan"
    text: str


@dataclass(frozen=True, repr=False)
class Evidence(Step):
    """A piece of evidence: what it is, how it is known, and whether it speaks for the person."""

    kind = "evidence"
    text: str
    source: str
    exculpatory: bool


@dataclass(frozen=True, repr=False)
class EvidenceFile(Step):
    """A file that proves something: ``sha256`` (hex) was taken when it came, and vouches for it ever after."""

    kind = "evidence_file"
    attachment_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    exculpatory: bool


@dataclass(frozen=True, repr=False)
class Interview(Step):
    """A talk with somebody, named by their role only."""

    kind = "interview"
    with_whom: str
    held_on: str
    text: str


@dataclass(frozen=True, repr=False)
class Note(Step):
    """A note in the file."""

    kind = "note"
    text: str


@dataclass(frozen=True, repr=False)
class Inquiry(Step):
    """A letter of inquiry: the allegation in substance, without a trace of the reporter (S110; T9)."""

    kind = "inquiry"
    substance: str
    round: int


@dataclass(frozen=True, repr=False)
class Issued(Step):
    """A document went out under a number: what it needs to be made again, always the same.

    Without ``reply_by`` the work calendar lacks the year, and the period is told in working days.
    """

    kind = "issued"
    document: str
    entry_id: str
    year: int
    number: int
    issued_on: str
    issuer: str
    district: str
    working_days: int
    reply_by: str


@dataclass(frozen=True, repr=False)
class Signed(Step):
    """A second person signed an entry."""

    kind = "signed"
    entry_id: str
    of: str


@dataclass(frozen=True, repr=False)
class Declined(Step):
    """What one person drafted was not signed, or was taken back: it counts for nothing."""

    kind = "declined"
    entry_id: str
    reason: str


@dataclass(frozen=True, repr=False)
class Reply(Step):
    """The person's explanation, received on a day (T10)."""

    kind = "reply"
    text: str
    received_on: str


@dataclass(frozen=True, repr=False)
class Overdue(Step):
    """The reply period is over. Silence is not an admission (T10)."""

    kind = "overdue"


@dataclass(frozen=True, repr=False)
class Finding(Step):
    """What was found, how each point of the explanation was answered, and what speaks for the person (T11)."""

    kind = "finding"
    finding: str
    facts: str
    explanation: str
    exculpatory: str


@dataclass(frozen=True, repr=False)
class Closed(Step):
    """The case ends without a finding against the person (T20); clarification may be offered."""

    kind = "closed"
    how: str
    reason: str
    clarification: bool


@dataclass(frozen=True, repr=False)
class Malicious(Step):
    """A malicious false report, by an approval document of prefecture level or above (T25)."""

    kind = "malicious"
    reason: str
    approval_document: str


@dataclass(frozen=True, repr=False)
class Referral(Step):
    """It amounts to a sanction: proposed to the discipline commission (T12, T28)."""

    kind = "referral"
    reason: str


@dataclass(frozen=True, repr=False)
class Destruction(Step):
    """The clerk puts the sealed case on the destruction list; the archivist signs it (T24, T27)."""

    kind = "destruction"
    reason: str


@dataclass(frozen=True, repr=False)
class Classified(Step):
    """Category, severity and pattern, and the forms that the rules allow then (T13; R10)."""

    kind = "classified"
    manifestation: str
    severity: str
    pattern: str
    discipline: bool
    face_to_face: bool
    reasons: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Analysed(Step):
    """The office's analysis note (T14)."""

    kind = "analysed"
    text: str


@dataclass(frozen=True, repr=False)
class Heard(Step):
    """What a meeting made of the case: who voted how in number, and what it recommends (T15, T16)."""

    kind = "heard"
    meeting_id: str
    meeting: str
    present: int
    recused: int
    votes_for: int
    votes_against: int
    abstained: int
    recommendation: str
    form: str
    reasons: str


@dataclass(frozen=True, repr=False)
class Deferred(Step):
    """A meeting put the case off; it waits for another one."""

    kind = "deferred"
    meeting_id: str
    meeting: str
    reasons: str


@dataclass(frozen=True, repr=False)
class Submitted(Step):
    """The office brings the case before the leading group, to be ended without a form or taken up again (T21, T22)."""

    kind = "submitted"
    reason: str


@dataclass(frozen=True, repr=False)
class Confirmed(Step):
    """The leading group confirms the finding (T16)."""

    kind = "confirmed"
    text: str


@dataclass(frozen=True, repr=False)
class WithoutForm(Step):
    """The case ends with minor advice, a recommendation on the post, or as a tendency for the circular (T22; S104)."""

    kind = "without_form"
    how: str
    reasons: str


@dataclass(frozen=True, repr=False)
class Feedback(Step):
    """What the reporters were told, in the same words to each (Directive (EU) 2019/1937, art. 9(1)(f))."""

    kind = "feedback"
    text: str


@dataclass(frozen=True, repr=False)
class Held(Step):
    """Verification rests until a review (T23)."""

    kind = "held"
    reason: str


@dataclass(frozen=True, repr=False)
class Resumed(Step):
    """Verification goes on (T23)."""

    kind = "resumed"
    reason: str


@dataclass(frozen=True, repr=False)
class Clock(Step):
    """A clock was paused, resumed or extended, and why."""

    kind = "clock"
    clock: str
    what: str
    reason: str


@dataclass(frozen=True, repr=False)
class SealedAway(Step):
    """The closed case is put away (T24, T27); ``list_number`` is its place in the destruction list."""

    kind = "sealed"
    reason: str


@dataclass(frozen=True, repr=False)
class Escalated(Step):
    """The district committee was told (T18; S105): by which criteria, in which notice, and how many of it."""

    kind = "escalated"
    criteria: tuple[str, ...]
    number: str
    told: int
    routed_up: bool


@dataclass(frozen=True, repr=False)
class Reopened(Step):
    """The leading group takes it up again on new evidence (T21)."""

    kind = "reopened"
    new_evidence: str


def encode(step: Step) -> bytes:
    """Return the bytes that are sealed as an entry."""
    return json.dumps(asdict(step), ensure_ascii=False, separators=(",", ":")).encode()  # type: ignore[call-overload]


def decode(kind: str, sealed: bytes) -> Step:
    """Read what `encode` wrote."""
    plain: dict[str, Any] = json.loads(sealed)
    return STEPS[kind](**{name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()})
